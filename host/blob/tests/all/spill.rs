//! A store with blobs is a store.

use crate::now;
use loomwork_blob::{Blobs, Spilled};
use loomwork_journal::testing::{CASES, differential};
use loomwork_journal::{
    Batch, Create, End, Entry, Event, Happened, MemoryStore, Next, Pin, Progress, Project, RunId, Signal, Store, StoreError,
    Write,
};
use loomwork_types::Fault;
use std::sync::Arc;

fn store() -> Spilled {
    Spilled::new(Arc::new(MemoryStore::new()), Blobs::memory())
}

#[tokio::test]
async fn every_case_holds() {
    for (_, case) in CASES {
        case(&store()).await;
    }
    differential(&store(), 3, 300).await;
}

fn create(input: String, entries: Vec<Entry>, next: Next) -> Create {
    Create {
        begin: Some(("w".to_owned(), Progress { entries, next, ..Progress::default() })),
        ..Create::new(RunId::new(now(), 1), Project::local(), "f", Pin { version: 1, digest: "d".to_owned() }, input)
    }
}

#[tokio::test]
async fn large_payloads_are_kept_apart_and_come_back() {
    let store = store();
    let large = |letter: &str| format!("\"{}\"", letter.repeat(100_000));
    let told = |what| Entry::Told(Event { at: 1, what });
    let entries = vec![
        told(Happened::Returned(1, large("a"))),
        told(Happened::Threw(2, Fault::new("x", "y").data(large("b")))),
        told(Happened::Heard(3, "\"small\"".to_owned())),
    ];
    let end = End::Finished(large("c"));
    let made = create(large("d"), entries.clone(), Next::Ended(end.clone()));
    let id = made.id.clone();
    store.commit(Batch::new(now(), [Write::Create(Box::new(made))])).await.expect("it is written");
    let run = store.run(&id).await.expect("it can be read").expect("it is there");
    assert_eq!((run.input, run.end), (large("d"), Some(end)));
    assert_eq!(store.entries(&id, 0, 10).await, Ok(entries));
    assert_eq!(store.blobs(None, 10).await.map(|digests| digests.len()), Ok(4));
    let below = store.below().run(&id).await.expect("it can be read").expect("it is there");
    assert!(below.input.len() < 100, "{}", below.input);
}

/// A guest may answer with any text, also with one that looks like our own.
#[tokio::test]
async fn nobody_can_smuggle_in_a_digest() {
    let store = store();
    let secret = format!("\"{}\"", "s".repeat(100_000));
    let digest = loomwork_blob::Digest::of(secret.as_bytes());
    let mut owner = create(secret, Vec::new(), Next::Running);
    owner.id = RunId::new(now(), 2);
    let texts = [format!("@{digest}"), "@".to_owned(), "@@".to_owned(), "@x".to_owned()];
    let entries: Vec<Entry> =
        texts.iter().map(|text| Entry::Told(Event { at: 1, what: Happened::Returned(1, text.clone()) })).collect();
    let thief = create(format!("@{digest}"), entries.clone(), Next::Running);
    let id = thief.id.clone();
    let writes = [Write::Create(Box::new(owner)), Write::Create(Box::new(thief))];
    store.commit(Batch::new(now(), writes)).await.expect("it is written");
    assert_eq!(store.entries(&id, 0, 10).await, Ok(entries));
    assert_eq!(store.run(&id).await.expect("it can be read").expect("it is there").input, format!("@{digest}"));
}

#[tokio::test]
async fn a_large_signal_is_refused() {
    let signal = Signal {
        project: Project::local(),
        name: "n".to_owned(),
        key: None,
        run: None,
        payload: "1".repeat(70_000),
        until: u64::MAX,
    };
    let refused = store().commit(Batch::new(now(), [Write::Signal(signal)])).await;
    assert_eq!(refused, Err(StoreError::TooLarge { what: "a signal", limit: 64 << 10 }));
}
