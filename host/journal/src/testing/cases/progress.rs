//! Runs go on and end.

use crate::testing::make::*;
use crate::{End, Entry, Happened, Message, Next, Outcome, Parent, Progress, Snapshot, State, Store, StoreError, Write};
use loomwork_types::Fault;

fn entries(entries: Vec<Entry>) -> Progress {
    Progress { entries, ..Progress::default() }
}

pub async fn entries_come_back_as_they_were(store: &dyn Store) {
    let fault = Fault::new("http.status", "answered 500 \n twice").data(r#"{"status": 500}"#);
    let first = vec![started(&id(1)), Entry::Called { at: T, step: 1, node: 4, attempt: 1 }];
    let second = vec![
        told(T + 1, Happened::Returned(1, "{\n  \"a\": \"é\u{0}\"\n}".to_owned())),
        told(T + 2, Happened::Threw(2, fault)),
        told(T + 2, Happened::Fired(3)),
        told(T + 3, Happened::Heard(4, "null".to_owned())),
    ];
    one(store, T, create(begun(1, entries(first.clone())))).await;
    one(store, T, append(&run(store, 1).await, entries(second.clone()))).await;
    let all: Vec<Entry> = first.into_iter().chain(second).collect();
    for from in 0..=all.len() {
        for limit in 1..=all.len() {
            let expected: Vec<Entry> = all.iter().skip(from).take(limit).cloned().collect();
            assert_eq!(store.entries(&id(1), from as u64, limit).await, Ok(expected), "from {from}, at most {limit}");
        }
    }
    assert_eq!(run(store, 1).await.row.next_seq, 6);
    assert_eq!(store.entries(&id(2), 0, 10).await, Ok(Vec::new()));
}

pub async fn who_is_fenced_cannot_write(store: &dyn Store) {
    lease(store, "old", T + 10).await;
    one(store, T, create(new(1))).await;
    assert_eq!(claim(store, T, "old").await, [id(1)]);
    let old = run(store, 1).await;
    lease(store, "new", T + 100).await;
    assert_eq!(claim(store, T + 10, "new").await, [id(1)]);
    let fenced = Err(StoreError::Fenced { run: id(1) });
    assert_eq!(attempt(store, T + 11, append(&old, entries(vec![started(&id(1))]))).await, fenced);
    let new = run(store, 1).await;
    assert_eq!((new.row.fence, new.row.lost), (2, 1));
    one(store, T + 12, append(&new, entries(vec![started(&id(1))]))).await;
    assert_eq!(run(store, 1).await.row.lost, 0);
    let released = Progress { next: Next::Released { until: None }, ..Progress::default() };
    one(store, T + 13, append(&run(store, 1).await, released)).await;
    assert_eq!(attempt(store, T + 14, append_at(&new, 1, Progress::default())).await, fenced);
}

pub async fn a_gap_is_refused(store: &dyn Store) {
    one(store, T, create(begun(1, entries(vec![started(&id(1))])))).await;
    let run = run(store, 1).await;
    for seq in [0, 2] {
        let attempt = attempt(store, T, append_at(&run, seq, Progress::default())).await;
        assert_eq!(attempt, Err(StoreError::Gap { run: id(1), expected: 1 }));
    }
    let unknown = attempt(store, T, Write::Cancel(id(9))).await;
    assert_eq!(unknown, Err(StoreError::NoRun { run: id(9) }));
}

pub async fn a_snapshot_replaces_the_one_before(store: &dyn Store) {
    let with = |state: &'static [u8]| Progress { snapshot: Some(state.into()), ..entries(vec![started(&id(1))]) };
    one(store, T, create(begun(1, with(b"one")))).await;
    assert_eq!(store.snapshot(&id(1)).await, Ok(Some(Snapshot { seq: 1, state: (&b"one"[..]).into() })));
    one(store, T, append(&run(store, 1).await, with(b"two"))).await;
    assert_eq!(store.snapshot(&id(1)).await, Ok(Some(Snapshot { seq: 2, state: (&b"two"[..]).into() })));
    one(store, T, append(&run(store, 1).await, Progress { next: finished(), ..Progress::default() })).await;
    assert_eq!(store.snapshot(&id(1)).await, Ok(None));
}

pub async fn the_first_answer_counts(store: &dyn Store) {
    let answer = |text: &str| Progress { answer: Some(text.to_owned()), ..Progress::default() };
    one(store, T, create(begun(1, Progress::default()))).await;
    one(store, T, append(&run(store, 1).await, answer("1"))).await;
    one(store, T, append(&run(store, 1).await, answer("2"))).await;
    assert_eq!(run(store, 1).await.answer.as_deref(), Some("1"));
}

pub async fn a_parent_hears_how_its_child_ended(store: &dyn Store) {
    let child = |number, step, waits, end| {
        let mut made = begun(number, Progress { next: Next::Ended(end), ..Progress::default() });
        made.parent = Some(Parent { run: id(1), step, waits });
        create(made)
    };
    one(store, T, create(begun(1, Progress { next: Next::Waiting { until: None }, ..Progress::default() }))).await;
    let fault = Fault::new("x", "y");
    one(store, T + 1, child(2, 1, true, End::Finished("5".to_owned()))).await;
    one(store, T + 2, child(3, 2, false, End::Finished("6".to_owned()))).await;
    one(store, T + 3, child(4, 3, true, End::Failed(fault.clone()))).await;
    let expected = vec![
        Message { number: 1, at: T + 1, what: Happened::Returned(1, "5".to_owned()) },
        Message { number: 2, at: T + 3, what: Happened::Threw(3, fault) },
    ];
    assert_eq!(store.inbox(&id(1)).await, Ok(expected.clone()));
    let took = Progress { taken: Some(1), next: Next::Waiting { until: None }, ..Progress::default() };
    one(store, T + 4, append(&run(store, 1).await, took)).await;
    assert_eq!(store.inbox(&id(1)).await, Ok(expected[1..].to_vec()));
}

pub async fn a_run_that_has_not_begun_is_cancelled_at_once(store: &dyn Store) {
    one(store, T, create(new(1))).await;
    assert_eq!(one(store, T + 1, Write::Cancel(id(1))).await, Outcome::Cancelled { ended: true });
    let run = run(store, 1).await;
    assert_eq!((run.row.state, run.row.fault.as_deref()), (State::Cancelled, Some("run.cancelled")));
    assert!(matches!(run.end, Some(End::Cancelled(_))));
    assert_eq!(store.next_due(&[]).await, Ok(None));
}

pub async fn a_running_one_is_told_to_stop_once(store: &dyn Store) {
    one(store, T, create(begun(1, Progress::default()))).await;
    for at in [T + 1, T + 2] {
        assert_eq!(one(store, at, Write::Cancel(id(1))).await, Outcome::Cancelled { ended: false });
    }
    assert_eq!(store.inbox(&id(1)).await, Ok(vec![Message { number: 1, at: T + 1, what: Happened::Stop }]));
    assert!(run(store, 1).await.row.cancel);
}

pub async fn an_ended_run_takes_nothing(store: &dyn Store) {
    one(store, T, create(begun(1, Progress { next: finished(), ..Progress::default() }))).await;
    let ended = Err(StoreError::Ended { run: id(1) });
    lease(store, "w", T + 100).await;
    assert_eq!(attempt(store, T, Write::Cancel(id(1))).await, ended);
    assert_eq!(attempt(store, T, Write::Claim { worker: "w".to_owned(), run: id(1) }).await, ended);
    let late = append(&run(store, 1).await, Progress::default());
    assert_eq!(attempt(store, T, late).await, Err(StoreError::Fenced { run: id(1) }));
}
