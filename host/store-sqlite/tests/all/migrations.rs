//! A database of each earlier version is brought to this one when it is opened, with what is in it.

use crate::{T, short};
use loomwork_journal::testing::differential;
use loomwork_journal::{Entry, Event, Happened, RunId, Store, encode};
use loomwork_store_sqlite::SqliteStore;
use rusqlite::{Connection, params};

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

/// The journals of the first version, in which each run's chunks lay together.
#[tokio::test]
async fn the_journals_of_the_first_version_are_kept() {
    const CHUNKS: u32 = 100;
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("first.db");
    let db = Connection::open(&path).expect("SQLite works");
    db.pragma_update(None, "application_id", 0x6c6f_6f6d).expect("SQLite works");
    db.execute_batch(&steps()[0]).expect("the step is right");
    db.pragma_update(None, "user_version", 1).expect("SQLite works");
    db.execute_batch(
        "INSERT INTO projects VALUES (1, 'local', 'local'); INSERT INTO flows VALUES (1, 1, 'orders'); INSERT INTO pins VALUES (1, 1, 'sha256:one');",
    )
    .expect("they are right");
    let runs: Vec<RunId> = (0..3).map(|number| RunId::new(T, number)).collect();
    let entry = |step: u32| Entry::Told(Event { at: T, what: Happened::Fired(step) });
    for (number, run) in (1_i64..).zip(&runs) {
        let sql = "INSERT INTO runs (number, id, project, flow, pin, state, created, updated, owner, fence, lost, next_seq, messages, taken, \
            slot, cancel) VALUES (?1, ?2, 1, 1, 1, 1, ?3, ?3, 'w', 1, 0, ?4, 0, 0, 0, 0)";
        // The second has not written anything yet.
        let chunks = if number == 2 { 0 } else { CHUNKS };
        db.execute(sql, params![number, run.as_str(), T as i64, 2 * chunks]).expect("a run");
        db.execute("INSERT INTO payloads (run, input) VALUES (?1, 'null')", [number]).expect("its input");
        for chunk in 0..chunks {
            let place = number << 24 | i64::from(2 * chunk);
            let text = encode(&[entry(2 * chunk), entry(2 * chunk + 1)]);
            db.execute("INSERT INTO journal VALUES (?1, ?2)", params![place, text]).expect("a chunk");
        }
    }
    drop(db);
    let store = SqliteStore::open(&path).await.expect("it is brought on");
    let all: Vec<Entry> = (0..2 * CHUNKS).map(entry).collect();
    for (run, expected) in runs.iter().zip([&all[..], &[], &all[..]]) {
        assert_eq!(store.entries(run, 0, usize::MAX).await.expect("it can be read"), expected);
        let middle = expected.get(33..50).unwrap_or_default();
        assert_eq!(store.entries(run, 33, 17).await.expect("it can be read"), middle);
    }
    store.commit(short(1 << 40)).await.expect("it goes on");
}
