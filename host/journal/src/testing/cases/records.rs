//! Records and blobs.

use crate::testing::make::*;
use crate::{Batch, Expect, Kind, Outcome, Progress, Project, Put, Record, RecordPage, Store, StoreError, Write};

fn put(name: &str, value: Option<&str>) -> Put {
    let value = value.map(|value| value.to_owned().into());
    Put { project: project(), kind: Kind::Variable, name: name.to_owned(), value, expect: Expect::Any, blobs: Vec::new() }
}

pub async fn a_record_is_changed_only_as_expected(store: &dyn Store) {
    let is = |present: Option<&str>, value| {
        Write::Put(Put { expect: Expect::Is(present.map(|it| it.to_owned().into())), ..put("a", value) })
    };
    let conflict = Err(StoreError::Conflict { name: "a".to_owned() });
    assert_eq!(attempt(store, T, is(Some("1"), Some("2"))).await, conflict);
    assert_eq!(one(store, T, is(None, Some("1"))).await, Outcome::Put { existed: false });
    assert_eq!(attempt(store, T, is(None, Some("2"))).await, conflict);
    assert_eq!(one(store, T + 1, is(Some("1"), Some(""))).await, Outcome::Put { existed: true });
    let record = Record { name: "a".to_owned(), value: "".into(), updated: T + 1 };
    assert_eq!(store.record(&project(), Kind::Variable, "a").await, Ok(Some(record)));
    assert_eq!(store.record(&project(), Kind::Secret, "a").await, Ok(None));
    assert_eq!(store.record(&Project::local(), Kind::Variable, "a").await, Ok(None));
    assert_eq!(one(store, T, is(Some(""), None)).await, Outcome::Put { existed: true });
    assert_eq!(one(store, T, Write::Put(put("a", None))).await, Outcome::Put { existed: false });
    assert_eq!(store.record(&project(), Kind::Variable, "a").await, Ok(None));
    let both = Batch::new(T, [Write::Put(put("b", Some("1"))), is(Some("no"), None)]);
    assert_eq!(store.commit(both).await, conflict.map(|outcome| vec![outcome]));
    assert_eq!(store.record(&project(), Kind::Variable, "b").await, Ok(None));
}

pub async fn numbers_are_added_up(store: &dyn Store) {
    let add = |name: &str, by| Write::Add { project: project(), kind: Kind::Value, name: name.to_owned(), by };
    assert_eq!(one(store, T, add("n", 5)).await, Outcome::Sum(5));
    assert_eq!(one(store, T, add("n", -7)).await, Outcome::Sum(-2));
    one(store, T, add("max", i64::MAX)).await;
    assert_eq!(attempt(store, T, add("max", 1)).await, Err(StoreError::NotANumber { name: "max".to_owned() }));
    one(store, T, Write::Put(Put { kind: Kind::Value, ..put("text", Some("x")) })).await;
    assert_eq!(attempt(store, T, add("text", 1)).await, Err(StoreError::NotANumber { name: "text".to_owned() }));
    let value = store.record(&project(), Kind::Value, "n").await.expect("the store can be read").map(|it| it.value);
    assert_eq!(value, Some("-2".into()));
}

pub async fn records_are_listed_by_prefix(store: &dyn Store) {
    let names = ["a", "a/", "a/1", "a/B", "a/b", "a/é", "a0", "b"];
    for name in names {
        one(store, T, Write::Put(put(name, Some("1")))).await;
    }
    let page = |prefix: &str, after: Option<&str>, limit| RecordPage {
        prefix: prefix.to_owned(),
        after: after.map(str::to_owned),
        limit,
    };
    let list = async |page: RecordPage| {
        let records = store.records(&project(), Kind::Variable, &page).await.expect("the store can be read");
        records.into_iter().map(|record| record.name).collect::<Vec<_>>()
    };
    assert_eq!(list(page("", None, 100)).await, names);
    assert_eq!(list(page("a/", None, 100)).await, names[1..6]);
    assert_eq!(list(page("a/", Some("a/1"), 2)).await, names[3..5]);
    assert_eq!(list(page("a/", Some("a"), 1)).await, names[1..2]);
    assert_eq!(list(page("a/", Some("b"), 10)).await, [""; 0]);
    assert_eq!(store.projects(Kind::Variable).await, Ok(vec![project()]));
    assert_eq!(store.projects(Kind::Secret).await, Ok(Vec::new()));
}

pub async fn blobs_are_held_by_runs_and_records(store: &dyn Store) {
    let held = async || store.blobs(None, 100).await.expect("the store can be read");
    let digests = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut made = begun(1, Progress { blobs: digests(&["c", "b"]), ..Progress::default() });
    made.blobs = digests(&["d"]);
    one(store, T, create(made)).await;
    one(store, T, Write::Put(Put { blobs: digests(&["a", "c"]), ..put("x", Some("1")) })).await;
    assert_eq!(held().await, ["a", "b", "c", "d"]);
    assert_eq!(store.blobs(Some("a"), 2).await, Ok(digests(&["b", "c"])));
    one(store, T, Write::Put(Put { blobs: digests(&["e"]), ..put("x", Some("2")) })).await;
    assert_eq!(held().await, ["b", "c", "d", "e"]);
    one(store, T, append(&run(store, 1).await, Progress { next: finished(), ..Progress::default() })).await;
    assert_eq!(held().await, ["b", "c", "d", "e"]);
    one(store, T, Write::Put(put("x", None))).await;
    let prune = crate::Prune { project: project(), flow: None, before: T + 1, keep: None, limit: 10 };
    assert_eq!(one(store, T + 1, Write::Prune(prune)).await, Outcome::Pruned(1));
    assert_eq!(held().await, [""; 0]);
}
