//! What this store promises beyond its statements.

mod backup;
mod chunks;
mod conformance;
mod files;
mod full;
mod migrations;
mod writing;

use loomwork_journal::{Batch, Create, End, Entry, Event, Happened, Next, Pin, Progress, Project, RunId, Write};

pub const T: u64 = 1_700_000_000_000;

/// A short run, written whole.
pub fn short(number: u64) -> Batch {
    let entries = vec![Entry::Told(Event { at: T, what: Happened::Returned(1, format!("{{\"number\": {number}}}")) })];
    let progress = Progress { entries, next: Next::Ended(End::Finished("true".to_owned())), ..Progress::default() };
    Batch::new(T, [Write::Create(Box::new(create(number, Some(progress))))])
}

pub fn create(number: u64, progress: Option<Progress>) -> Create {
    Create {
        id: RunId::new(T, u128::from(number)),
        project: Project::local(),
        flow: "orders".to_owned(),
        pin: Pin { version: 1, digest: "sha256:one".to_owned() },
        input: r#"{"total": 120}"#.to_owned(),
        start_at: T,
        trigger: None,
        parent: None,
        concurrency: None,
        idempotency: None,
        debounce: None,
        after: None,
        starter: None,
        trace: None,
        origin: None,
        blobs: Vec::new(),
        begin: progress.map(|progress| ("w".to_owned(), progress)),
    }
}
