//! The file: whose it is, and what is refused.

use crate::{T, short};
use loomwork_journal::{Filter, Outcome, Project, Store, StoreError};
use loomwork_store_sqlite::SqliteStore;
use rusqlite::Connection;
use std::io::{Seek, SeekFrom, Write as _};

async fn count(store: &SqliteStore) -> usize {
    store.runs(&Filter::of(Project::local())).await.expect("the store can be read").len()
}

#[tokio::test]
async fn what_was_written_is_there_when_it_is_opened_again() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("runs.db");
    let store = SqliteStore::open(&path).await.expect("the store opens");
    store.commit(short(1)).await.expect("it is written");
    drop(store);
    let store = SqliteStore::open(&path).await.expect("the store opens again");
    assert_eq!(count(&store).await, 1);
    let again = store.commit(short(1)).await.expect("it is written");
    assert!(matches!(again[..], [Outcome::Existing(_)]));
    store.commit(short(2)).await.expect("numbers go on");
    assert_eq!(count(&store).await, 2);
}

#[tokio::test]
async fn a_second_server_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("runs.db");
    let store = SqliteStore::open(&path).await.expect("the store opens");
    let refused = SqliteStore::open(&path).await.expect_err("there is one already");
    let expected = format!("another server (process {}) uses {}", std::process::id(), path.display());
    assert_eq!(refused, StoreError::Refused(expected));
    drop(store);
    SqliteStore::open(&path).await.expect("now it is free");
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("other.db");
    Connection::open(&path).and_then(|db| db.execute_batch("CREATE TABLE mine (x)")).expect("SQLite works");
    let refused = SqliteStore::open(&path).await.expect_err("it is not ours");
    assert!(matches!(&refused, StoreError::Refused(why) if why.contains("another program")), "{refused}");
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "no database at all, but long enough to look like one ".repeat(40)).expect("it can be written");
    let refused = SqliteStore::open(&text).await.expect_err("it is not one");
    assert!(matches!(refused, StoreError::Damaged(_)), "{refused}");
}

#[tokio::test]
async fn a_later_version_is_refused() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("runs.db");
    drop(SqliteStore::open(&path).await.expect("the store opens"));
    Connection::open(&path).and_then(|db| db.pragma_update(None, "user_version", 1_000)).expect("SQLite works");
    let refused = SqliteStore::open(&path).await.expect_err("it is of the future");
    assert!(matches!(&refused, StoreError::Refused(why) if why.contains("has version 1000")), "{refused}");
}

#[tokio::test]
async fn a_damaged_file_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("runs.db");
    let store = SqliteStore::open(&path).await.expect("the store opens");
    for number in 0..200 {
        store.commit(short(number)).await.expect("it is written");
    }
    drop(store);
    let length = std::fs::metadata(&path).expect("it is there").len();
    assert!(length > 100_000, "closing has moved the log into the file");
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).expect("it can be written");
    file.seek(SeekFrom::Start(length / 2 / 4_096 * 4_096)).expect("it is long enough");
    file.write_all(&[0xa5; 8_192]).expect("it can be written");
    drop(file);
    let refused = SqliteStore::open(&path).await.expect_err("it is damaged");
    assert!(matches!(&refused, StoreError::Damaged(why) if why.contains("runs.db") || why.contains("malformed")), "{refused}");
}

/// A log that ends in the middle of a write is cut there: what was acknowledged before is whole.
#[tokio::test]
async fn a_torn_write_is_forgotten() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let (path, copy) = (folder.path().join("runs.db"), folder.path().join("copy.db"));
    let store = SqliteStore::open(&path).await.expect("the store opens");
    for number in 0..20 {
        store.commit(short(number)).await.expect("it is written");
    }
    let wal = |path: &std::path::Path| std::path::PathBuf::from(format!("{}-wal", path.display()));
    let log = std::fs::read(wal(&path)).expect("there is a log");
    std::fs::copy(&path, &copy).expect("it can be copied");
    std::fs::write(wal(&copy), &log[..log.len() - 1_000]).expect("it can be written");
    let torn = SqliteStore::open(&copy).await.expect("it opens");
    assert_eq!(count(&torn).await, 19);
    torn.commit(short(T)).await.expect("it goes on");
    assert_eq!(count(&torn).await, 20);
}
