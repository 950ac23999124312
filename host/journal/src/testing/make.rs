//! Short names for what cases are made of.

use crate::{Append, Batch, Create, End, Entry, Event, Happened, Next, Outcome, Pin, Progress, Project, Run, RunId};
use crate::{Start, Store, StoreError, Write};

/// When cases play.
pub const T: u64 = 1_700_000_000_000;

pub fn id(number: u128) -> RunId {
    RunId::new(T, number)
}

pub fn project() -> Project {
    Project::new("acme", "shop")
}

/// A run of the flow `orders` that is to start at once.
pub fn new(number: u128) -> Create {
    Create {
        start_at: T,
        ..Create::new(id(number), project(), "orders", Pin { version: 1, digest: "sha256:one".to_owned() }, r#"{"total": 120}"#)
    }
}

/// The same, of worker `w`, which has begun it.
pub fn begun(number: u128, progress: Progress) -> Create {
    Create { begin: Some(("w".to_owned(), progress)), ..new(number) }
}

pub fn create(create: Create) -> Write {
    Write::Create(Box::new(create))
}

pub fn append(run: &Run, progress: Progress) -> Write {
    append_at(run, run.row.next_seq, progress)
}

pub fn append_at(run: &Run, seq: u64, progress: Progress) -> Write {
    Write::Append(Box::new(Append { run: run.row.id.clone(), fence: run.row.fence, seq, progress }))
}

pub fn told(at: u64, what: Happened) -> Entry {
    Entry::Told(Event { at, what })
}

pub fn started(run: &RunId) -> Entry {
    let start = Start { input: r#"{"total": 120}"#.to_owned(), run: run.to_string(), seed: u64::MAX, vars: "{}".to_owned() };
    told(T, Happened::Start(start))
}

pub fn finished() -> Next {
    Next::Ended(End::Finished(r#""done""#.to_owned()))
}

pub async fn one(store: &dyn Store, at: u64, write: Write) -> Outcome {
    attempt(store, at, write).await.expect("the write is right")
}

pub async fn attempt(store: &dyn Store, at: u64, write: Write) -> Result<Outcome, StoreError> {
    store.commit(Batch::new(at, [write])).await.map(|mut outcomes| outcomes.remove(0))
}

pub async fn run(store: &dyn Store, number: u128) -> Run {
    store.run(&id(number)).await.expect("the store can be read").expect("there is this run")
}

pub async fn lease(store: &dyn Store, worker: &str, until: u64) {
    one(store, T, Write::Lease { worker: worker.to_owned(), until }).await;
}

/// The ids that a worker gets.
pub async fn claim(store: &dyn Store, at: u64, worker: &str) -> Vec<RunId> {
    match one(store, at, Write::ClaimDue { worker: worker.to_owned(), limit: 100, except: Vec::new() }).await {
        Outcome::Claimed(runs) => runs.into_iter().map(|run| run.row.id).collect(),
        other => panic!("a claim does not give {other:?}"),
    }
}
