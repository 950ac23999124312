//! One thread writes for all.

use crate::{T, create, short};
use loomwork_journal::{Batch, Filter, Project, Store, StoreError, Write};
use loomwork_store_sqlite::SqliteStore;
use std::sync::Arc;

#[tokio::test]
async fn batches_that_wait_share_a_commit() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let store = Arc::new(SqliteStore::open(folder.path().join("runs.db")).await.expect("the store opens"));
    let writers: Vec<_> = (0..400)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.commit(short(number)).await })
        })
        .collect();
    for writer in writers {
        writer.await.expect("it does not panic").expect("it is written");
    }
    let statistics = store.statistics();
    assert_eq!((statistics.batches, statistics.writes, statistics.refused), (400, 400, 0));
    assert!(statistics.commits < 200, "{statistics:?}");
    assert_eq!(store.counts(&Project::local(), None).await.expect("it can be read").into_values().sum::<u64>(), 400);
}

#[tokio::test]
async fn one_write_is_one_commit() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let store = SqliteStore::open(folder.path().join("runs.db")).await.expect("the store opens");
    for number in 0..10 {
        store.commit(short(number)).await.expect("it is written");
    }
    assert_eq!(store.statistics().commits, 10);
}

/// A refused batch between others takes nothing of theirs along, and nothing of it stays.
#[tokio::test]
async fn a_refusal_is_for_one_batch_alone() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let store = Arc::new(SqliteStore::open(folder.path().join("runs.db")).await.expect("the store opens"));
    let unknown = loomwork_journal::RunId::new(T, 1 << 40);
    let writers: Vec<_> = (0..300)
        .map(|number| {
            let (store, unknown) = (store.clone(), unknown.clone());
            let writes = vec![Write::Create(Box::new(create(number, None))), Write::Cancel(unknown)];
            let batch = if number % 3 == 0 { Batch::new(T, writes) } else { short(number) };
            tokio::spawn(async move { (number, store.commit(batch).await) })
        })
        .collect();
    for writer in writers {
        let (number, answer) = writer.await.expect("it does not panic");
        let refused = matches!(answer, Err(StoreError::NoRun { .. }));
        assert_eq!(refused, number % 3 == 0, "{number}: {answer:?}");
    }
    let rows = store.runs(&Filter { limit: 1_000, ..Filter::of(Project::local()) }).await.expect("it can be read");
    assert_eq!(rows.len(), 200);
    assert_eq!(store.counts(&Project::local(), None).await.expect("it can be read").into_values().sum::<u64>(), 200);
}

/// Dropping the caller's future loses nothing that was accepted, and closing waits for it.
#[tokio::test]
async fn closing_writes_what_was_accepted() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("runs.db");
    let store = SqliteStore::open(&path).await.expect("the store opens");
    for number in 0..50 {
        let commit = store.commit(short(number));
        let _ = tokio::time::timeout(std::time::Duration::ZERO, commit).await;
    }
    drop(store);
    let store = SqliteStore::open(&path).await.expect("the store opens again");
    let counts = store.counts(&Project::local(), None).await.expect("it can be read");
    assert_eq!(counts.into_values().sum::<u64>(), 50);
}
