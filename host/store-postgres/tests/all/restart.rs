//! The server goes away and comes back.

use crate::{fresh, short};
use loomwork_journal::{Change, Filter, Project, RunId, Store, StoreError};
use loomwork_store_postgres::{PostgresStore, Settings};
use loomwork_testbed::PostgresServer;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_crash_of_the_server_under_load() {
    let Some(mut server) = PostgresServer::start_or_say_why() else { return };
    let (store, _) = fresh(&server).await;
    let store = Arc::new(store);
    let mut changes = store.changes();
    let (stop, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (store, stop, next) = (store.clone(), stop.clone(), next.clone());
            tokio::spawn(async move {
                let (mut acknowledged, mut failed) = (Vec::new(), 0);
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    match store.commit(short(number)).await {
                        Ok(_) => acknowledged.push(number),
                        Err(StoreError::Unavailable(_)) => {
                            failed += 1;
                            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
                (acknowledged, failed)
            })
        })
        .collect();
    while next.load(Ordering::Relaxed) < 200 {
        tokio::task::yield_now().await;
    }
    server.kill().expect("it can be killed");
    server.resume().expect("it comes back");
    let before = next.load(Ordering::Relaxed);
    // Who waits for changes is told to look at everything.
    while changes.next().await != Some(Change::Missed) {}
    while next.load(Ordering::Relaxed) < before + 200 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let (mut acknowledged, mut failures) = (Vec::new(), 0);
    for writer in writers {
        let (written, failed) = writer.await.expect("it does not panic");
        acknowledged.extend(written);
        failures += failed;
    }
    assert!(failures > 0, "the crash was noticed");
    let mut there = BTreeSet::new();
    let mut after = None;
    loop {
        let page = store.runs(&Filter { after, limit: 1_000, ..Filter::of(Project::local()) }).await.expect("it can be read");
        let Some(last) = page.last() else { break };
        after = Some(last.number);
        there.extend(page.into_iter().map(|row| row.id));
    }
    for number in acknowledged {
        assert!(there.contains(&RunId::new(crate::T, number.into())), "run {number} was acknowledged and is gone");
    }
}

#[tokio::test]
async fn what_cannot_be_reached_is_said() {
    let nobody = Settings::new("postgres://loom@127.0.0.1:1/none");
    let error = PostgresStore::connect(&nobody).await.expect_err("nobody listens there");
    assert!(matches!(&error, StoreError::Unavailable(why) if why.contains("no connection to Postgres")), "{error}");
    let wrong = Settings::new("not an address");
    assert!(matches!(PostgresStore::connect(&wrong).await, Err(StoreError::Refused(_))));
    let mut wrong = Settings::new("postgres://loom@127.0.0.1:1/none");
    wrong.schema = "x; DROP TABLE runs".to_owned();
    assert!(matches!(PostgresStore::connect(&wrong).await, Err(StoreError::Refused(_))));
}

#[tokio::test]
async fn it_is_opened_again_and_a_later_version_is_refused() {
    let Some(server) = PostgresServer::any_or_say_why() else { return };
    let (store, settings) = fresh(&server).await;
    store.commit(short(1)).await.expect("it is written");
    drop(store);
    let store = PostgresStore::connect(&settings).await.expect("the store can be reached");
    assert_eq!(store.runs(&Filter::of(Project::local())).await.expect("it can be read").len(), 1);
    let (client, connection) = tokio_postgres::connect(&settings.url, tokio_postgres::NoTls).await.expect("it can be reached");
    tokio::spawn(connection);
    let later = format!("UPDATE {}.schema_version SET version = 1000", settings.schema);
    client.batch_execute(&later).await.expect("it can be changed");
    let refused = PostgresStore::connect(&settings).await.expect_err("it is of the future");
    assert!(matches!(&refused, StoreError::Refused(why) if why.contains("has version 1000")), "{refused}");
}
