//! Stores: rights, sizes, pages, and many callers at once.

use crate::support::scope;
use loomwork_caps::kv::{Kv, KvError, KvStore, MemoryKv, MemoryKvLimits};
use loomwork_catalog::Effect;
use std::sync::Arc;

const GRANTS: &str = r#"{"kv": {"stores": ["cart", "log"]}}"#;

fn kv(store: &Arc<MemoryKv>, effect: Effect) -> Kv {
    Kv::new(store.clone() as Arc<dyn KvStore>, scope(GRANTS, effect))
}

fn fresh() -> Kv {
    kv(&Arc::default(), Effect::Write)
}

#[tokio::test]
async fn what_is_set_can_be_got_and_deleted() {
    let kv = fresh();
    assert_eq!(kv.get("cart", "a").await, Ok(None));
    kv.set("cart", "a", b"1".to_vec()).await.expect("granted");
    kv.set("cart", "a", b"\0\xff".to_vec()).await.expect("granted");
    assert_eq!(kv.get("cart", "a").await.expect("granted").as_deref(), Some(&b"\0\xff"[..]));
    assert_eq!(kv.get("log", "a").await, Ok(None), "stores are separate");
    assert_eq!((kv.delete("cart", "a").await, kv.delete("cart", "a").await), (Ok(true), Ok(false)));
    assert_eq!(kv.delete("log", "a").await, Ok(false));
}

#[tokio::test]
async fn projects_are_separate() {
    let store: Arc<MemoryKv> = Arc::default();
    kv(&store, Effect::Write).set("cart", "a", b"1".to_vec()).await.expect("granted");
    let mut other = scope(GRANTS, Effect::Write);
    other.project = "other".into();
    assert_eq!(Kv::new(store, other).get("cart", "a").await, Ok(None));
}

#[tokio::test]
async fn stores_must_be_granted_and_named_well() {
    let kv = fresh();
    assert!(matches!(kv.get("orders", "a").await, Err(KvError::Denied(_))));
    for name in ["", "*", "a/b", "ä", &"x".repeat(65)] {
        assert!(matches!(kv.get(name, "a").await, Err(KvError::Invalid(_))), "{name}");
    }
    let none = Kv::new(Arc::new(MemoryKv::default()), scope("{}", Effect::Write));
    assert!(matches!(none.get("cart", "a").await, Err(KvError::Denied(_))));
}

#[tokio::test]
async fn a_function_that_reads_does_not_write() {
    let store = Arc::default();
    let reading = kv(&store, Effect::Read);
    assert_eq!(reading.get("cart", "a").await, Ok(None));
    assert_eq!(reading.keys("cart", String::new(), None, 10).await, Ok(vec![]));
    assert!(matches!(reading.set("cart", "a", vec![]).await, Err(KvError::Denied(_))));
    assert!(matches!(reading.delete("cart", "a").await, Err(KvError::Denied(_))));
    assert!(matches!(reading.swap("cart", "a", None, vec![]).await, Err(KvError::Denied(_))));
    assert!(matches!(reading.increment("cart", "a", 1).await, Err(KvError::Denied(_))));
    assert!(matches!(kv(&store, Effect::Pure).get("cart", "a").await, Err(KvError::Denied(_))));
}

#[tokio::test]
async fn keys_and_values_have_a_size() {
    let kv = fresh();
    assert!(matches!(kv.get("cart", "").await, Err(KvError::Invalid(_))));
    kv.set("cart", &"k".repeat(1024), vec![0; 1 << 20]).await.expect("just within");
    assert!(matches!(kv.set("cart", &"k".repeat(1025), vec![]).await, Err(KvError::TooLarge(_))));
    assert!(matches!(kv.set("cart", "k", vec![0; (1 << 20) + 1]).await, Err(KvError::TooLarge(_))));
    assert!(matches!(kv.swap("cart", "k", None, vec![0; (1 << 20) + 1]).await, Err(KvError::TooLarge(_))));
    for limit in [0, 1001, u32::MAX] {
        assert!(matches!(kv.keys("cart", String::new(), None, limit).await, Err(KvError::Invalid(_))));
    }
    assert!(matches!(kv.keys("cart", "k".repeat(1025), None, 1).await, Err(KvError::TooLarge(_))));
}

#[tokio::test]
async fn a_project_has_an_end() {
    let store = Arc::new(MemoryKv::new(MemoryKvLimits { keys_per_store: 3, bytes_per_project: 2000 }));
    let kv = kv(&store, Effect::Write);
    for key in ["a", "b", "c"] {
        kv.set("cart", key, b"x".to_vec()).await.expect("within");
    }
    assert!(matches!(kv.set("cart", "d", vec![]).await, Err(KvError::TooLarge(_))));
    assert!(matches!(kv.increment("cart", "d", 1).await, Err(KvError::TooLarge(_))));
    kv.set("cart", "a", b"y".to_vec()).await.expect("no new key");
    assert!(matches!(kv.set("log", "big", vec![0; 1900]).await, Err(KvError::TooLarge(_))));
    assert_eq!(kv.get("log", "big").await, Ok(None));
    kv.delete("cart", "a").await.expect("granted");
    kv.delete("cart", "b").await.expect("granted");
    for _ in 0..50 {
        kv.set("log", "big", vec![0; 1700]).await.expect("room was made, and writing over takes none");
    }
}

#[tokio::test]
async fn keys_come_in_pages() {
    let kv = fresh();
    for key in ["b", "a:2", "a:1", "a:3", "ä", "a"] {
        kv.set("cart", key, vec![]).await.expect("granted");
    }
    let keys = async |prefix: &str, after: Option<&str>, limit| {
        kv.keys("cart", prefix.to_owned(), after.map(str::to_owned), limit).await.expect("granted")
    };
    assert_eq!(keys("", None, 1000).await, ["a", "a:1", "a:2", "a:3", "b", "ä"]);
    assert_eq!(keys("a:", None, 2).await, ["a:1", "a:2"]);
    assert_eq!(keys("a:", Some("a:2"), 2).await, ["a:3"]);
    assert_eq!(keys("a:", Some("a"), 1).await, ["a:1"], "a page may begin before its prefix");
    assert!(keys("a:", Some("z"), 2).await.is_empty() && keys("zz", None, 2).await.is_empty());
    assert!(kv.keys("log", String::new(), None, 5).await.expect("granted").is_empty());
}

#[tokio::test]
async fn swap_sets_only_what_was_expected() {
    let kv = fresh();
    assert_eq!(kv.swap("cart", "a", Some(vec![]), b"x".to_vec()).await, Ok(false));
    assert_eq!(kv.swap("cart", "a", None, b"1".to_vec()).await, Ok(true));
    assert_eq!(kv.swap("cart", "a", None, b"2".to_vec()).await, Ok(false));
    assert_eq!(kv.swap("cart", "a", Some(b"1".to_vec()), b"2".to_vec()).await, Ok(true));
    assert_eq!(kv.get("cart", "a").await.expect("granted").as_deref(), Some(&b"2"[..]));
}

#[tokio::test]
async fn increment_counts_and_says_when_it_cannot() {
    let kv = fresh();
    assert_eq!(kv.increment("cart", "n", 5).await, Ok(5));
    assert_eq!(kv.increment("cart", "n", -7).await, Ok(-2));
    assert_eq!(kv.get("cart", "n").await.expect("granted").as_deref(), Some(&b"-2"[..]));
    kv.set("cart", "n", i64::MAX.to_string().into_bytes()).await.expect("granted");
    assert!(matches!(kv.increment("cart", "n", 1).await, Err(KvError::Invalid(_))));
    for text in ["", "1.5", "x", "9223372036854775808", "\u{0}"] {
        kv.set("cart", "n", text.into()).await.expect("granted");
        assert!(matches!(kv.increment("cart", "n", 1).await, Err(KvError::Invalid(_))), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_callers_lose_nothing() {
    let store: Arc<MemoryKv> = Arc::default();
    let tasks = (0..16).map(|_| {
        let kv = kv(&store, Effect::Write);
        tokio::spawn(async move {
            for _ in 0..200 {
                kv.increment("cart", "n", 1).await.expect("granted");
                loop {
                    let present = kv.get("cart", "s").await.expect("granted");
                    let next = present.as_ref().map_or(0, |bytes| bytes.len()) + 1;
                    if kv.swap("cart", "s", present.map(Vec::from), vec![b'x'; next]).await.expect("granted") {
                        break;
                    }
                }
            }
        })
    });
    futures::future::join_all(tasks).await.into_iter().for_each(|done| done.expect("no panic"));
    let kv = kv(&store, Effect::Read);
    assert_eq!(kv.get("cart", "n").await.expect("granted").as_deref(), Some(&b"3200"[..]));
    assert_eq!(kv.get("cart", "s").await.expect("granted").map(|s| s.len()), Some(3200));
}
