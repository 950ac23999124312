//! A database of each earlier version is brought to this one when it is opened, with what is in it.

use crate::short;
use loomwork_journal::Store;
use loomwork_journal::testing::differential;
use loomwork_store_sqlite::SqliteStore;
use rusqlite::Connection;

/// The steps, in order of their names.
fn steps() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("it is there").map(|file| file.expect("it can be read").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).expect("it can be read")).collect()
}

#[tokio::test]
async fn every_earlier_version_is_brought_to_this_one() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let steps = steps();
    for version in 0..=steps.len() {
        let path = folder.path().join(version.to_string());
        let db = Connection::open(&path).expect("SQLite works");
        db.pragma_update(None, "application_id", 0x6c6f_6f6d).expect("SQLite works");
        db.execute_batch(&steps[..version].concat()).expect("the step is right");
        db.pragma_update(None, "user_version", version as u32).expect("SQLite works");
        drop(db);
        let store = SqliteStore::open(&path).await.expect("it is brought on");
        differential(&store, version as u64, 60).await;
        drop(store);
        let store = SqliteStore::open(&path).await.expect("it opens as it is");
        store.commit(short(1 << 40)).await.expect("it goes on");
        drop(store);
        let db = Connection::open(&path).expect("SQLite works");
        let now: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0)).expect("SQLite works");
        assert_eq!(now as usize, steps.len(), "all steps are counted");
    }
}
