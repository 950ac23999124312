//! Several servers on one database.

use crate::{T, create, fresh, new, short};
use loomwork_journal::{Batch, Change, Concurrency, Create, Filter, Outcome, Project, Store, Write};
use loomwork_store_postgres::PostgresStore;
use loomwork_testbed::PostgresServer;
use std::collections::BTreeSet;
use std::sync::Arc;

async fn two(server: &PostgresServer) -> [Arc<PostgresStore>; 2] {
    let (one, settings) = fresh(server).await;
    let other = PostgresStore::connect(&settings).await.expect("the store can be reached");
    [Arc::new(one), Arc::new(other)]
}

/// Does the batches at the same time, spread over both stores.
async fn at_once(stores: &[Arc<PostgresStore>; 2], batches: Vec<Batch>) -> Vec<Vec<Outcome>> {
    let tasks: Vec<_> = batches
        .into_iter()
        .enumerate()
        .map(|(number, batch)| {
            let store = stores[number % 2].clone();
            tokio::spawn(async move { store.commit(batch).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.expect("it does not panic").expect("it is written"));
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_thing_happens_once_for_all() {
    let Some(server) = PostgresServer::any_or_say_why() else { return };
    let stores = two(&server).await;

    // One idempotency key is one run.
    let same = |number| create(Create { idempotency: Some("k".to_owned()), ..new(number) });
    let outcomes = at_once(&stores, (1..=40).map(same).collect()).await;
    let created = outcomes.iter().filter(|outcome| matches!(outcome[0], Outcome::Created { .. })).count();
    assert_eq!(created, 1);

    // A concurrency key is never above its limit, and all of its runs come to go.
    let keyed = |number| create(Create { concurrency: Some(Concurrency { key: "k".to_owned(), limit: 3 }), ..new(number) });
    at_once(&stores, (100..130).map(keyed).collect()).await;
    let slots = async || {
        let rows = stores[0].runs(&Filter { limit: 1_000, ..Filter::of(Project::local()) }).await.expect("it can be read");
        rows.iter().filter(|row| row.slot).count()
    };
    assert_eq!(slots().await, 3);
    let cancel = |number: u64| Batch::new(T, [Write::Cancel(loomwork_journal::RunId::new(T, number.into()))]);
    at_once(&stores, (100..115).map(cancel).collect()).await;
    assert_eq!(slots().await, 3);

    // No run is claimed by two.
    for (store, worker) in stores.iter().zip(["a", "b"]) {
        let lease = Write::Lease { worker: worker.to_owned(), until: T + 1_000 };
        store.commit(Batch::new(T, [lease])).await.expect("it is written");
    }
    at_once(&stores, (200..260).map(|number| create(new(number))).collect()).await;
    let claims =
        (0..20).map(|number| Write::ClaimDue { worker: ["a", "b"][number % 2].to_owned(), limit: 7, except: Vec::new() });
    let outcomes = at_once(&stores, claims.map(|claim| Batch::new(T, [claim])).collect()).await;
    let (mut claimed, mut seen) = (0, BTreeSet::new());
    for outcome in &outcomes {
        if let Outcome::Claimed(runs) = &outcome[0] {
            claimed += runs.len();
            seen.extend(runs.iter().map(|run| run.row.id.clone()));
            assert!(runs.iter().all(|run| run.row.fence == 1));
        }
    }
    // What was just being taken by the other is left for the next time.
    let rest = Write::ClaimDue { worker: "a".to_owned(), limit: 100, except: Vec::new() };
    if let Ok([Outcome::Claimed(runs)]) = stores[0].commit(Batch::new(T, [rest])).await.as_deref() {
        claimed += runs.len();
        seen.extend(runs.iter().map(|run| run.row.id.clone()));
    }
    assert_eq!(claimed, seen.len());
    assert!(claimed >= 60, "{claimed}");
}

#[tokio::test]
async fn others_are_told_what_happens() {
    let Some(server) = PostgresServer::any_or_say_why() else { return };
    let stores = two(&server).await;
    let mut changes = stores[1].changes();
    stores[0].commit(create(new(1))).await.expect("it is written");
    stores[0].commit(short(2)).await.expect("it is written");
    let id = |number| loomwork_journal::RunId::new(T, number);
    assert_eq!(changes.next().await, Some(Change::Due { run: id(1), at: T }));
    assert_eq!(changes.next().await, Some(Change::Ended { run: id(2), state: loomwork_journal::State::Finished }));
    // Each is told once, also where it happened.
    let mut own = stores[0].changes();
    stores[0].commit(short(3)).await.expect("it is written");
    stores[1].commit(short(4)).await.expect("it is written");
    assert_eq!(own.next().await, Some(Change::Ended { run: id(3), state: loomwork_journal::State::Finished }));
    assert_eq!(own.next().await, Some(Change::Ended { run: id(4), state: loomwork_journal::State::Finished }));
}
