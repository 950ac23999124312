//! The durable stores do what those in memory do.

use bytes::Bytes;
use loomwork_caps::kv::{KeyRange, KvError, KvStore, MemoryKv, Space, StoredKv};
use loomwork_journal::MemoryStore;
use std::sync::Arc;

fn space(project: &str, store: &str) -> Space {
    Space { project: project.into(), store: store.into() }
}

/// Messages are each one's own.
fn kind<T>(answer: Result<T, KvError>) -> Result<T, std::mem::Discriminant<KvError>> {
    answer.map_err(|error| std::mem::discriminant(&error))
}

#[tokio::test]
async fn every_operation_has_the_same_answer() {
    let (memory, stored) = (MemoryKv::default(), StoredKv::new(Arc::new(MemoryStore::new()), "acme"));
    let mut state = 7_u64;
    let mut below = move |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let keys = ["a", "a/b", "a/c", "b", "é"];
    let values = ["1", "-7", "x", "9223372036854775807"];
    for round in 0..2_000 {
        let space = space(["p", "q"][below(2) as usize], ["s", "s.t"][below(2) as usize]);
        let key = keys[below(5) as usize];
        let value = || Bytes::from(values[round % 4]);
        match below(6) {
            0 => assert_eq!(kind(memory.set(&space, key, value()).await), kind(stored.set(&space, key, value()).await)),
            1 => assert_eq!(kind(memory.delete(&space, key).await), kind(stored.delete(&space, key).await)),
            2 => {
                let by = below(9) as i64 - 4;
                assert_eq!(kind(memory.increment(&space, key, by).await), kind(stored.increment(&space, key, by).await));
            }
            3 => {
                let expected = [None, Some(values[below(4) as usize].as_bytes())][below(2) as usize];
                let left = kind(memory.swap(&space, key, expected, value()).await);
                assert_eq!(left, kind(stored.swap(&space, key, expected, value()).await));
            }
            4 => {
                let prefix = ["", "a", "a/", "c"][below(4) as usize].to_owned();
                let after = [None, Some(key.to_owned())][below(2) as usize].clone();
                let range = KeyRange { prefix, after, limit: below(4) as usize + 1 };
                assert_eq!(kind(memory.keys(&space, &range).await), kind(stored.keys(&space, &range).await), "{range:?}");
            }
            _ => assert_eq!(kind(memory.get(&space, key).await), kind(stored.get(&space, key).await)),
        }
    }
}

#[tokio::test]
async fn what_cannot_be_a_name_is_refused() {
    let stored = StoredKv::new(Arc::new(MemoryStore::new()), "acme");
    assert!(matches!(stored.set(&space("p", "s"), "a\0", Bytes::new()).await, Err(KvError::Invalid(_))));
    assert_eq!(stored.get(&space("p", "s"), "a\0").await, Ok(None));
}
