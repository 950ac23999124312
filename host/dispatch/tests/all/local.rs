//! Dispatch in one process.

use crate::conformance;
use bytes::Bytes;
use loomwork_dispatch::{Dispatch, Followed, LiveEvent, Local, Since, Topic, Work};
use std::time::Duration;

#[tokio::test]
async fn local_keeps_the_contract() {
    conformance::all(&Local::new(conformance::LEASE)).await;
}

#[tokio::test]
async fn who_waits_learns_of_work_that_was_put_off_by_another() {
    let local = Local::new(Duration::from_secs(600));
    local.offer(&[Work::new("r", "1")]).await.expect("offered");
    let lease = local.take().await.expect("a lease");
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            tokio::spawn({
                let local = local.clone();
                async move { local.take().await }
            })
        })
        .collect();
    tokio::task::yield_now().await;
    lease.again(Duration::from_millis(50)).await.expect("put off");
    // Whoever of them gives up, another takes it.
    waiting[0].abort();
    waiting[1].abort();
    let last = waiting.into_iter().next_back().expect("three");
    let lease = conformance::soon("work", last).await.expect("no panic").expect("a lease");
    assert_eq!(lease.given(), 2);
}

#[tokio::test]
async fn who_is_too_far_behind_is_told() {
    let local = Local::new(Duration::from_secs(1));
    let event = |n: u32| LiveEvent { project: "p".to_owned(), run: "r".to_owned(), key: n.to_string(), body: Bytes::new() };
    let mut follow = local.follow(&Topic::Project("p".to_owned()), Since::After(0)).await.expect("followed");
    let events: Vec<LiveEvent> = (0..20_000).map(event).collect();
    assert_eq!(local.publish(&events).await.expect("published"), 20_000);
    assert_eq!(follow.next().await, Some(Followed::Gap));
    let Some(Followed::Event { sequence, .. }) = follow.next().await else { panic!("an event") };
    assert_eq!(sequence, 20_000 - 16_384 + 1);
}
