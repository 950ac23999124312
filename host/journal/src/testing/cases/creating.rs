//! Runs are made.

use crate::testing::make::*;
use crate::{Append, Batch, Create, End, Entry, Outcome, Parent, Progress, State, Store, StoreError, Write};

pub async fn a_run_is_made_once(store: &dyn Store) {
    assert_eq!(one(store, T, create(new(1))).await, Outcome::Created { fence: 0, state: State::Queued });
    assert_eq!(one(store, T, create(new(1))).await, Outcome::Existing(id(1)));
    let run = run(store, 1).await;
    assert_eq!((run.row.state, run.row.wake_at, run.row.owner), (State::Queued, Some(T), None));
    assert_eq!((run.input.as_str(), run.answer, run.end), (r#"{"total": 120}"#, None, None));
    assert_eq!(store.run(&id(2)).await, Ok(None));
}

pub async fn an_idempotency_key_stands_for_one_run(store: &dyn Store) {
    let with = |number, flow: &str, key: &str| {
        let mut made = new(number);
        (made.flow, made.idempotency) = (flow.to_owned(), Some(key.to_owned()));
        create(made)
    };
    one(store, T, with(1, "orders", "k")).await;
    assert_eq!(one(store, T, with(2, "orders", "k")).await, Outcome::Existing(id(1)));
    assert!(matches!(one(store, T, with(3, "orders", "other")).await, Outcome::Created { .. }));
    assert!(matches!(one(store, T, with(4, "refunds", "k")).await, Outcome::Created { .. }));
    assert_eq!(store.run(&id(2)).await, Ok(None));
}

pub async fn an_instance_key_is_free_again_when_its_run_has_ended(store: &dyn Store) {
    let with = |number| {
        let mut made = new(number);
        made.idempotency = Some(format!("{}a-7", crate::INSTANCE));
        create(made)
    };
    lease(store, "w", T + 1_000).await;
    one(store, T, with(1)).await;
    assert_eq!(one(store, T, with(2)).await, Outcome::Existing(id(1)));
    assert_eq!(claim(store, T, "w").await, [id(1)]);
    one(store, T, append(&run(store, 1).await, crate::Progress { next: finished(), ..crate::Progress::default() })).await;
    assert!(matches!(one(store, T, with(3)).await, Outcome::Created { .. }));
    assert_eq!(one(store, T, with(4)).await, Outcome::Existing(id(3)));
    // One that is cancelled before it begins has ended too.
    one(store, T, Write::Cancel(id(3))).await;
    assert!(matches!(one(store, T, with(5)).await, Outcome::Created { .. }));
}

pub async fn a_step_calls_one_run(store: &dyn Store) {
    let child = |number, step| {
        let mut made = new(number);
        made.parent = Some(Parent { run: id(1), step, waits: true });
        create(made)
    };
    one(store, T, create(new(1))).await;
    one(store, T, child(2, 7)).await;
    assert_eq!(one(store, T, child(3, 7)).await, Outcome::Existing(id(2)));
    assert!(matches!(one(store, T, child(3, 8)).await, Outcome::Created { .. }));
}

pub async fn a_debounced_run_is_replaced_until_it_begins(store: &dyn Store) {
    let bounce = |number, start_at, input: &str| {
        let mut made = new(number);
        (made.debounce, made.start_at, made.input) = (Some("k".to_owned()), start_at, input.to_owned());
        create(made)
    };
    one(store, T, bounce(1, T + 100, "1")).await;
    assert_eq!(one(store, T + 50, bounce(2, T + 150, "2")).await, Outcome::Debounced(id(1)));
    let first = run(store, 1).await;
    assert_eq!((first.input.as_str(), first.row.wake_at, first.row.updated), ("2", Some(T + 150), T + 50));
    lease(store, "w", T + 1_000).await;
    assert_eq!(claim(store, T + 149, "w").await, []);
    assert_eq!(claim(store, T + 150, "w").await, [id(1)]);
    assert_eq!(one(store, T + 160, bounce(3, T + 200, "3")).await, Outcome::Created { fence: 0, state: State::Queued });
    assert_eq!(run(store, 1).await.input, "2");
}

pub async fn a_run_that_follows_another_is_made_when_that_has_ended(store: &dyn Store) {
    let after = |number| create(crate::Create { after: Some(id(1)), ..new(number) });
    assert!(matches!(attempt(store, T, after(2)).await, Err(StoreError::NoRun { .. })));
    lease(store, "w", T + 1_000).await;
    one(store, T, create(new(1))).await;
    assert_eq!(claim(store, T, "w").await, [id(1)]);
    // A cancel that has yet to be heard ends nothing.
    let batch = Batch::new(T, [Write::Cancel(id(1)), after(2)]);
    assert_eq!(store.commit(batch).await, Ok(vec![Outcome::Cancelled { ended: false }, Outcome::Left]));
    assert_eq!(store.run(&id(2)).await, Ok(None));
    let end = append(&run(store, 1).await, Progress { next: finished(), ..Progress::default() });
    let outcomes = store.commit(Batch::new(T, [end, after(3)])).await.expect("it is written");
    assert_eq!(outcomes[1], Outcome::Created { fence: 0, state: State::Queued });
}

/// What whoever began it brought along.
pub async fn a_run_keeps_who_began_it_and_in_which_trace(store: &dyn Store) {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned();
    let of = |number, who: &str, trace: Option<&String>| Create {
        starter: Some(who.to_owned()),
        trace: trace.cloned(),
        debounce: Some("d".to_owned()),
        start_at: T + 5,
        ..new(number)
    };
    one(store, T, create(of(1, "ada", Some(&trace)))).await;
    let kept = async || {
        let row = run(store, 1).await.row;
        (row.starter.unwrap_or_default(), row.trace)
    };
    assert_eq!(kept().await, ("ada".to_owned(), Some(trace.clone())));
    // Whoever replaces what has not begun has begun it.
    one(store, T + 1, create(of(2, "bob", None))).await;
    assert_eq!(kept().await, ("bob".to_owned(), None));
    one(store, T + 2, create(of(3, "cy", Some(&trace)))).await;
    assert_eq!(kept().await, ("cy".to_owned(), Some(trace)));
}

pub async fn a_short_run_is_one_write(store: &dyn Store) {
    let entries = vec![started(&id(1)), Entry::Ended { at: T + 1, end: End::Finished("1".to_owned()) }];
    let progress = Progress { entries: entries.clone(), next: finished(), ..Progress::default() };
    assert_eq!(one(store, T + 1, create(begun(1, progress))).await, Outcome::Created { fence: 1, state: State::Finished });
    let run = run(store, 1).await;
    assert_eq!((run.row.owner, run.row.fence, run.row.next_seq), (None, 1, 2));
    assert_eq!(run.end, Some(End::Finished(r#""done""#.to_owned())));
    assert_eq!(store.entries(&id(1), 0, 10).await, Ok(entries));
    assert_eq!(store.next_due(&[]).await, Ok(None));
}

pub async fn a_refused_batch_leaves_nothing(store: &dyn Store) {
    one(store, T, create(new(1))).await;
    let nobody = Append { run: id(1), fence: 7, seq: 0, progress: Progress::default() };
    let writes = [
        create(new(2)),
        Write::Cancel(id(1)),
        Write::Lease { worker: "w".to_owned(), until: T + 5 },
        Write::Append(Box::new(nobody)),
    ];
    assert_eq!(store.commit(Batch::new(T, writes)).await, Err(StoreError::Fenced { run: id(1) }));
    assert_eq!(store.run(&id(2)).await, Ok(None));
    assert!(!run(store, 1).await.row.cancel);
    assert_eq!(store.workers().await, Ok(Vec::new()));
    let counts = store.counts(&project(), None).await.expect("the store can be read");
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(State::Queued, 1)]);
}
