//! Workers have runs, and lose them.

use crate::testing::make::*;
use crate::{Change, Create, Expect, Kind, LEFT, Next, Outcome, Pin, Progress, Put, Store, StoreError, Worker, Write};

fn later(number: u128, start_at: u64) -> Write {
    create(Create { start_at, ..new(number) })
}

fn released(until: Option<u64>) -> Progress {
    Progress { next: Next::Released { until }, ..Progress::default() }
}

pub async fn due_runs_come_in_order(store: &dyn Store) {
    lease(store, "w", T + 1_000).await;
    for (number, start_at) in [(1, T + 30), (2, T + 10), (3, T + 10), (4, T + 99)] {
        one(store, T, later(number, start_at)).await;
    }
    assert_eq!(store.next_due(&[]).await, Ok(Some(T + 10)));
    assert_eq!(claim(store, T + 9, "w").await, []);
    assert_eq!(claim(store, T + 30, "w").await, [id(2), id(3), id(1)]);
    assert_eq!(store.next_due(&[]).await, Ok(Some(T + 99)));
    let one_by_name = one(store, T + 30, Write::Claim { worker: "w".to_owned(), run: id(4) }).await;
    assert!(matches!(&one_by_name, Outcome::Claimed(runs) if runs.len() == 1 && runs[0].row.fence == 1));
    let again = one(store, T + 30, Write::Claim { worker: "w".to_owned(), run: id(4) }).await;
    assert_eq!(again, Outcome::Claimed(Vec::new()));
}

pub async fn runs_of_a_lost_worker_are_claimed(store: &dyn Store) {
    lease(store, "a", T + 10).await;
    lease(store, "b", T + 1_000).await;
    for number in 1..=3 {
        one(store, T, create(new(number))).await;
    }
    assert_eq!(claim(store, T, "a").await.len(), 3);
    assert_eq!(claim(store, T + 9, "b").await, []);
    assert_eq!(claim(store, T + 10, "b").await, [id(1), id(2), id(3)]);
    assert_eq!(run(store, 2).await.row.lost, 1);
    one(store, T + 11, Write::Retire { worker: "b".to_owned() }).await;
    assert_eq!(store.workers().await, Ok(vec![Worker { name: "a".to_owned(), until: T + 10 }]));
    lease(store, "c", T + 1_000).await;
    assert_eq!(claim(store, T + 11, "c").await.len(), 3);
    assert_eq!(run(store, 2).await.row.lost, 2);
}

pub async fn a_worker_without_lease_claims_nothing(store: &dyn Store) {
    one(store, T, create(new(1))).await;
    let refused = Err(StoreError::NoLease { worker: "w".to_owned() });
    assert_eq!(attempt(store, T, Write::ClaimDue { worker: "w".to_owned(), limit: 1, except: Vec::new() }).await, refused);
    lease(store, "w", T + 5).await;
    assert_eq!(attempt(store, T + 5, Write::Claim { worker: "w".to_owned(), run: id(1) }).await, refused);
    assert_eq!(claim(store, T + 4, "w").await, [id(1)]);
}

/// A worker that cannot run a version does not stand in the way of those that can.
pub async fn runs_of_some_versions_are_left_to_others(store: &dyn Store) {
    lease(store, "w", T + 1_000_000).await;
    let other = |number| Create { pin: Pin { version: 2, digest: "sha256:\"two\"".to_owned() }, ..new(number) };
    for made in [other(1), new(2), other(3)] {
        one(store, T, create(made)).await;
    }
    let except = vec!["sha256:\"two\"".to_owned(), "sha256:three".to_owned()];
    let claim = async |at: u64, limit: usize| {
        let claimed = one(store, at, Write::ClaimDue { worker: "w".to_owned(), limit, except: except.clone() }).await;
        let Outcome::Claimed(runs) = claimed else { panic!("a claim does not give {claimed:?}") };
        runs.into_iter().map(|run| run.row.id).collect::<Vec<_>>()
    };
    assert_eq!((store.next_due(&except).await, store.next_due(&[]).await), (Ok(Some(T)), Ok(Some(T))));
    assert_eq!(claim(T, 1).await, [id(2)], "the first is not ours");
    assert_eq!((store.next_due(&except).await, store.next_due(&[]).await), (Ok(None), Ok(Some(T))));
    // One that has begun and is asked to stop: whoever has its version has a minute to come.
    let begun = one(store, T, Write::Claim { worker: "w".to_owned(), run: id(1) }).await;
    assert!(matches!(&begun, Outcome::Claimed(runs) if runs.len() == 1));
    one(store, T, append(&run(store, 1).await, released(Some(T + 5)))).await;
    one(store, T, Write::Cancel(id(1))).await;
    assert_eq!(claim(T + LEFT - 1, 9).await, []);
    assert_eq!(claim(T + LEFT, 9).await, [id(1)]);
    assert_eq!(run(store, 3).await.row.owner, None);
}

pub async fn a_message_makes_a_released_run_due(store: &dyn Store) {
    lease(store, "w", T + 1_000).await;
    one(store, T, create(begun(1, released(None)))).await;
    assert_eq!(store.next_due(&[]).await, Ok(None));
    one(store, T + 5, Write::Cancel(id(1))).await;
    assert_eq!(store.next_due(&[]).await, Ok(Some(T + 5)));
    assert_eq!(claim(store, T + 5, "w").await, [id(1)]);
    // What it has not taken makes it due again, whatever it says.
    one(store, T + 6, append(&run(store, 1).await, released(Some(T + 500)))).await;
    assert_eq!(store.next_due(&[]).await, Ok(Some(T + 6)));
    assert_eq!(claim(store, T + 6, "w").await, [id(1)]);
    one(store, T + 7, append(&run(store, 1).await, Progress { taken: Some(1), ..released(Some(T + 500)) })).await;
    assert_eq!(store.next_due(&[]).await, Ok(Some(T + 500)));
    assert_eq!(store.inbox(&id(1)).await, Ok(Vec::new()));
}

pub async fn changes_are_told(store: &dyn Store) {
    let mut changes = store.changes();
    lease(store, "w", T + 1_000).await;
    one(store, T, later(1, T + 3)).await;
    assert_eq!(changes.next().await, Some(Change::Due { run: id(1), at: T + 3 }));
    assert_eq!(claim(store, T + 3, "w").await, [id(1)]);
    one(store, T + 4, Write::Cancel(id(1))).await;
    assert_eq!(changes.next().await, Some(Change::Message { run: id(1), owner: "w".to_owned() }));
    let answer = Progress { answer: Some("1".to_owned()), next: finished(), ..Progress::default() };
    one(store, T + 5, append(&run(store, 1).await, answer)).await;
    assert_eq!(changes.next().await, Some(Change::Answered { run: id(1) }));
    assert_eq!(changes.next().await, Some(Change::Ended { run: id(1), state: crate::State::Finished }));
    for kind in Kind::ALL {
        let name = "orders".to_owned();
        let (value, expect) = (Some("1".into()), Expect::Any);
        one(store, T + 6, Write::Put(Put { project: project(), kind, name: name.clone(), value, expect, blobs: Vec::new() }))
            .await;
        if kind.is_kept_in_mind() {
            assert_eq!(changes.next().await, Some(Change::Record { project: project(), kind, name }));
        }
    }
}
