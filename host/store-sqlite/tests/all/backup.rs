//! A copy while it is in use.

use crate::short;
use loomwork_journal::{Filter, Order, Project, Store, StoreError};
use loomwork_store_sqlite::SqliteStore;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_whole_and_opens() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let store = Arc::new(SqliteStore::open(folder.path().join("runs.db")).await.expect("the store opens"));
    let (written, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let writer = {
        let (store, written, stop) = (store.clone(), written.clone(), stop.clone());
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let number = written.load(Ordering::Relaxed);
                store.commit(short(number)).await.expect("it is written");
                written.store(number + 1, Ordering::Relaxed);
            }
        })
    };
    while written.load(Ordering::Relaxed) < 100 {
        tokio::task::yield_now().await;
    }
    let (before, to) = (written.load(Ordering::Relaxed), folder.path().join("backup.db"));
    store.back_up(&to).await.expect("it is copied");
    let again = store.back_up(&to).await;
    assert!(matches!(again, Err(StoreError::Refused(_))), "{again:?}");
    stop.store(true, Ordering::Relaxed);
    writer.await.expect("it does not panic");

    let copy = SqliteStore::open(&to).await.expect("the copy opens");
    let counted: u64 = copy.counts(&Project::local(), None).await.expect("it can be read").into_values().sum();
    assert!(counted >= before, "{counted} of at least {before}");
    let oldest = Filter { order: Order::OldestFirst, limit: 1_000, ..Filter::of(Project::local()) };
    let rows = copy.runs(&oldest).await.expect("it can be read");
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row.id, loomwork_journal::RunId::new(crate::T, number as u128));
        assert_eq!(copy.entries(&row.id, 0, 10).await.expect("it can be read").len(), 1);
    }
    copy.commit(short(1 << 30)).await.expect("it goes on");
}
