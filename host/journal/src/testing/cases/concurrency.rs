//! Concurrency keys.

use crate::testing::make::*;
use crate::{Concurrency, Create, Listen, Next, Outcome, Progress, Signal, State, Store, Write};

fn keyed(number: u128, key: &str, limit: u32) -> Create {
    Create { concurrency: Some(Concurrency { key: key.to_owned(), limit }), ..new(number) }
}

async fn end(store: &dyn Store, at: u64, number: u128) {
    one(store, at, append(&run(store, number).await, Progress { next: finished(), ..Progress::default() })).await;
}

pub async fn runs_wait_for_a_place_in_order(store: &dyn Store) {
    lease(store, "w", T + 1_000).await;
    for number in 1..=5 {
        one(store, T, create(keyed(number, "k", 2))).await;
    }
    assert_eq!(claim(store, T, "w").await, [id(1), id(2)]);
    let waits = run(store, 3).await.row;
    assert_eq!((waits.state, waits.wake_at, waits.slot), (State::Queued, None, false));
    assert_eq!(one(store, T, Write::Claim { worker: "w".to_owned(), run: id(3) }).await, Outcome::Claimed(Vec::new()));
    // A run that waits for a signal keeps its place.
    let released = Progress { next: Next::Released { until: None }, ..Progress::default() };
    one(store, T + 1, append(&run(store, 1).await, released)).await;
    assert_eq!(claim(store, T + 1, "w").await, []);
    end(store, T + 2, 2).await;
    assert_eq!(claim(store, T + 2, "w").await, [id(3)]);
    // One that was cancelled while it waited is passed over.
    assert_eq!(one(store, T + 3, Write::Cancel(id(4))).await, Outcome::Cancelled { ended: true });
    end(store, T + 4, 3).await;
    assert_eq!(claim(store, T + 4, "w").await, [id(5)]);
}

pub async fn a_later_run_takes_its_place_when_it_starts(store: &dyn Store) {
    lease(store, "w", T + 1_000).await;
    one(store, T, create(Create { start_at: T + 50, ..keyed(1, "k", 1) })).await;
    let begin = Some(("w".to_owned(), Progress::default()));
    let begun = Create { begin: begin.clone(), ..keyed(2, "k", 1) };
    assert_eq!(one(store, T, create(begun)).await, Outcome::Created { fence: 1, state: State::Running });
    // No place: what it was to begin with is dropped, and it waits.
    let late = Create { begin, ..keyed(3, "k", 1) };
    assert_eq!(one(store, T + 1, create(late)).await, Outcome::Created { fence: 0, state: State::Queued });
    assert_eq!(claim(store, T + 50, "w").await, []);
    end(store, T + 60, 2).await;
    assert_eq!(claim(store, T + 60, "w").await, [id(1)]);
    end(store, T + 61, 1).await;
    assert_eq!(claim(store, T + 61, "w").await, [id(3)]);
}

pub async fn what_was_put_aside_waits_for_a_place_with_all_it_has(store: &dyn Store) {
    lease(store, "w", T + 1_000).await;
    one(store, T, create(keyed(1, "k", 1))).await;
    assert_eq!(claim(store, T, "w").await, [id(1)]);
    let aside = Progress {
        entries: vec![started(&id(2))],
        listens: vec![Listen { step: 7, name: "go".to_owned(), key: "null".to_owned(), question: None }],
        next: Next::Released { until: Some(T) },
        ..Progress::default()
    };
    let begun = |number| Create { begin: Some(("w".to_owned(), aside.clone())), ..keyed(number, "k", 1) };
    assert_eq!(one(store, T, create(begun(2))).await, Outcome::Created { fence: 0, state: State::Queued });
    assert_eq!(claim(store, T, "w").await, []);
    let signal =
        Signal { project: project(), name: "go".to_owned(), key: None, run: Some(id(2)), payload: "1".to_owned(), until: T };
    assert_eq!(one(store, T, Write::Signal(signal)).await, Outcome::Delivered(1));
    assert_eq!(claim(store, T, "w").await, [], "a message is no place");
    one(store, T, create(begun(3))).await;
    one(store, T, Write::Cancel(id(3))).await;
    assert_eq!(store.listening(&id(3)).await, Ok(Vec::new()), "it has ended");
    end(store, T + 1, 1).await;
    assert_eq!(claim(store, T + 1, "w").await, [id(2)]);
    let row = run(store, 2).await.row;
    assert_eq!((row.state, row.fence, row.next_seq, row.messages), (State::Running, 1, 1, 1));
    assert_eq!(store.entries(&id(2), 0, 10).await, Ok(vec![started(&id(2))]));
}

pub async fn keys_are_apart(store: &dyn Store) {
    lease(store, "w", T + 1_000).await;
    one(store, T, create(keyed(1, "a", 1))).await;
    one(store, T, create(keyed(2, "b", 1))).await;
    let elsewhere = Create { project: crate::Project::new("acme", "other"), ..keyed(3, "a", 1) };
    one(store, T, create(elsewhere)).await;
    // One that has ended when it is written takes no place.
    let ended = Some(("w".to_owned(), Progress { next: finished(), ..Progress::default() }));
    let short = one(store, T, create(Create { begin: ended, ..keyed(4, "a", 1) })).await;
    assert_eq!(short, Outcome::Created { fence: 1, state: State::Finished });
    assert_eq!(claim(store, T, "w").await, [id(1), id(2), id(3)]);
}
