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
    let pin = Pin { version: 1, digest: "sha256:one".to_owned() };
    Create {
        start_at: T,
        begin: progress.map(|progress| ("w".to_owned(), progress)),
        ..Create::new(RunId::new(T, u128::from(number)), Project::local(), "orders", pin, r#"{"total": 120}"#)
    }
}
