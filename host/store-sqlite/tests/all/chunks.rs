//! A run's journal is read whole and in parts, however many chunks it has and whatever was written between them.

use crate::{T, create};
use loomwork_journal::{Append, Batch, Entry, Event, Happened, Next, Progress, RunId, Store, Write};
use loomwork_store_sqlite::SqliteStore;

const CHUNKS: u64 = 300;

/// One or several at a time.
fn entries(from: u64) -> Vec<Entry> {
    let count = 1 + from % 3;
    (from..from + count).map(|step| Entry::Told(Event { at: T, what: Happened::Fired(step as u32) })).collect()
}

fn id(number: u64) -> RunId {
    RunId::new(T, u128::from(number))
}

/// Writes two runs by turns; gives how many entries each has.
async fn write(store: &SqliteStore) -> u64 {
    let begin = |number| {
        let progress = Progress { entries: entries(0), next: Next::Running, ..Progress::default() };
        Write::Create(Box::new(create(number, Some(progress))))
    };
    store.commit(Batch::new(T, [begin(1), begin(2)])).await.expect("they begin");
    let mut seq = entries(0).len() as u64;
    for _ in 1..CHUNKS {
        let progress = Progress { entries: entries(seq), next: Next::Running, ..Progress::default() };
        let append = |number| Write::Append(Box::new(Append { run: id(number), fence: 1, seq, progress: progress.clone() }));
        store.commit(Batch::new(T, [append(1), append(2)])).await.expect("they go on");
        seq += progress.entries.len() as u64;
    }
    seq
}

async fn steps(store: &SqliteStore, from: u64, limit: usize) -> Vec<u64> {
    let entries = store.entries(&id(2), from, limit).await.expect("it can be read");
    let step = |entry: &Entry| match entry {
        Entry::Told(Event { what: Happened::Fired(step), .. }) => u64::from(*step),
        other => panic!("nobody wrote {other:?}"),
    };
    entries.iter().map(step).collect()
}

#[tokio::test]
async fn every_part_of_a_journal_is_found() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let path = folder.path().join("runs.db");
    let store = SqliteStore::open(&path).await.expect("the store opens");
    let mut end = write(&store).await;
    // What is remembered of the run's chunks is found again.
    drop(store);
    let store = SqliteStore::open(&path).await.expect("the store opens again");
    let progress = Progress { entries: entries(end), next: Next::Running, ..Progress::default() };
    end += progress.entries.len() as u64;
    let append = Append { run: id(2), fence: 1, seq: end - progress.entries.len() as u64, progress };
    store.commit(Batch::new(T, [Write::Append(Box::new(append))])).await.expect("it goes on");
    for from in (0..end).step_by(7).chain([end - 1, end, end + 5]) {
        for limit in [1, 2, 50, usize::MAX] {
            let expected: Vec<u64> = (from..end.min(from.saturating_add(limit as u64))).collect();
            assert_eq!(steps(&store, from, limit).await, expected, "{limit} from {from}");
        }
    }
    assert_eq!(steps(&store, 3, 0).await, Vec::<u64>::new());
}
