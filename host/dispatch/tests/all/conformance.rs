//! The contract, for any carrier whose lease is [`LEASE`].

use bytes::Bytes;
use futures::future::join_all;
use loomwork_dispatch::{About, Dispatch, DispatchError, Follow, Followed, Lease, LiveEvent, News, Since, Topic, Work};
use std::collections::HashSet;
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

pub const LEASE: Duration = Duration::from_secs(1);
/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(30);

pub async fn soon<T>(what: &str, work: impl Future<Output = T>) -> T {
    timeout(LONG, work).await.unwrap_or_else(|_| panic!("{what} did not happen"))
}

async fn take(dispatch: &dyn Dispatch) -> Lease {
    soon("work", dispatch.take()).await.expect("a lease")
}

async fn backlog_is(dispatch: &dyn Dispatch, expected: u64) {
    let reached = async {
        while dispatch.backlog().await.expect("a backlog") != expected {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    soon(&format!("a backlog of {expected}"), reached).await;
}

pub async fn all(dispatch: &dyn Dispatch) {
    work_is_given_once_and_done(dispatch).await;
    work_comes_again(dispatch).await;
    takers_share_work(dispatch).await;
    news_reach_whom_they_are_about(dispatch).await;
    live_events_are_followed(dispatch).await;
    names_that_are_none_are_refused(dispatch).await;
}

async fn work_is_given_once_and_done(dispatch: &dyn Dispatch) {
    let work = [Work::new("once", "1"), Work::new("once", "1"), Work::new("once", "2")];
    dispatch.offer(&work).await.expect("offered");
    dispatch.offer(&work[..1]).await.expect("offered again");
    backlog_is(dispatch, 2).await;
    for key in ["1", "2"] {
        let lease = take(dispatch).await;
        assert_eq!((lease.work(), lease.given()), (&Work::new("once", key), 1));
        lease.done().await.expect("done");
    }
    backlog_is(dispatch, 0).await;
    dispatch.offer(&work).await.expect("offered when done");
    backlog_is(dispatch, 0).await;
    dispatch.offer(&[]).await.expect("nothing is offered");
}

async fn work_comes_again(dispatch: &dyn Dispatch) {
    dispatch.offer(&[Work::new("again", "1")]).await.expect("offered");
    drop(take(dispatch).await);
    let lease = take(dispatch).await;
    assert_eq!((lease.work().run.as_str(), lease.given()), ("again", 2));
    lease.again(Duration::from_millis(100)).await.expect("put off");

    let lease = take(dispatch).await;
    assert_eq!(lease.given(), 3);
    // Kept for longer than a lease, nobody else gets it.
    for _ in 0..6 {
        tokio::time::sleep(LEASE / 4).await;
        lease.keep().await.expect("kept");
    }
    assert!(timeout(LEASE / 4, dispatch.take()).await.is_err(), "held work was given out");
    lease.done().await.expect("done");
    backlog_is(dispatch, 0).await;
}

async fn takers_share_work(dispatch: &dyn Dispatch) {
    let work: Vec<Work> = (0..200).map(|n| Work::new(format!("share-{n}"), "1")).collect();
    dispatch.offer(&work).await.expect("offered");
    let taker = || async {
        let mut taken = Vec::new();
        while let Ok(lease) = timeout(LEASE * 2, dispatch.take()).await {
            let lease = lease.expect("a lease");
            taken.push(lease.work().clone());
            lease.done().await.expect("done");
        }
        taken
    };
    let taken: Vec<Work> = join_all((0..4).map(|_| taker())).await.into_iter().flatten().collect();
    assert_eq!(taken.len(), work.len());
    assert_eq!(taken.into_iter().collect::<HashSet<_>>(), work.into_iter().collect());
}

async fn news_reach_whom_they_are_about(dispatch: &dyn Dispatch) {
    let mut run = dispatch.listen(&About::Run("a.b >*".to_owned())).await.expect("a listener");
    let mut worker = dispatch.listen(&About::Worker("w1".to_owned())).await.expect("a listener");
    let mut watchers = dispatch.listen(&About::Watchers).await.expect("a listener");
    let ended = |run: &str| News::Ended { run: run.to_owned() };
    let wake = |worker: &str| News::Wake { worker: worker.to_owned(), run: "a.b >*".to_owned() };
    let answered = News::Answered { run: "a.b >*".to_owned() };
    for news in [ended("a"), wake("w2"), ended("a.b"), answered.clone(), wake("w1"), News::Watched, ended("a.b >*")] {
        dispatch.tell(&news).await.expect("told");
    }
    assert_eq!(soon("news", run.next()).await, Some(answered));
    assert_eq!(soon("news", run.next()).await, Some(ended("a.b >*")));
    assert_eq!(soon("news", worker.next()).await, Some(wake("w1")));
    assert_eq!(soon("news", watchers.next()).await, Some(News::Watched));
}

fn event(project: &str, run: &str, key: &str) -> LiveEvent {
    LiveEvent { project: project.to_owned(), run: run.to_owned(), key: key.to_owned(), body: Bytes::from(format!("{run}/{key}")) }
}

async fn bodies(follow: &mut Follow, count: usize) -> Vec<(u64, String)> {
    let mut bodies = Vec::new();
    while bodies.len() < count {
        match soon("an event", follow.next()).await.expect("the stream goes on") {
            Followed::Event { sequence, body, .. } => bodies.push((sequence, String::from_utf8(body.to_vec()).expect("text"))),
            Followed::Gap => panic!("nothing was dropped"),
        }
    }
    bodies
}

async fn live_events_are_followed(dispatch: &dyn Dispatch) {
    let run = |run: &str| Topic::Run { project: "p.1".to_owned(), run: run.to_owned() };
    let mut now = dispatch.follow(&run("r1"), Since::Now).await.expect("followed");
    let (stream, begins_at) = (now.stream().to_owned(), now.at());
    let first = dispatch.publish(&[event("p.1", "r1", "1")]).await.expect("published");
    let events = [event("p.1", "r2", "1"), event("p.1", "r1", "2"), event("p.2", "r1", "1x"), event("p.1", "r1", "2")];
    dispatch.publish(&events).await.expect("published");
    let last = dispatch.publish(&[event("p.1", "r1", "3")]).await.expect("published");
    assert_eq!(last, first + 4, "an event with the same key counts once");

    let of_r1 = vec![(first, "r1/1".to_owned()), (first + 2, "r1/2".to_owned()), (last, "r1/3".to_owned())];
    assert_eq!(bodies(&mut now, 3).await, of_r1);
    assert_eq!(begins_at + 1, first);
    let mut later = dispatch.follow(&run("r1"), Since::After(first)).await.expect("followed");
    assert_eq!((later.stream(), later.at()), (&*stream, first));
    assert_eq!(bodies(&mut later, 2).await, of_r1[1..]);
    let mut project = dispatch.follow(&Topic::Project("p.1".to_owned()), Since::After(first - 1)).await.expect("followed");
    let all: Vec<String> = bodies(&mut project, 4).await.into_iter().map(|(_, body)| body).collect();
    assert_eq!(all, ["r1/1", "r2/1", "r1/2", "r1/3"]);

    let mut ahead = dispatch.follow(&run("r1"), Since::After(last + 1000)).await.expect("followed");
    assert_eq!(soon("a gap", ahead.next()).await, Some(Followed::Gap), "a number from another stream");
}

async fn names_that_are_none_are_refused(dispatch: &dyn Dispatch) {
    for name in ["", "a\nb", &"x".repeat(257)] {
        let is_refused = |result: Result<(), DispatchError>| assert_eq!(result.expect_err(name).code(), "dispatch.bad_name");
        is_refused(dispatch.offer(&[Work::new(name, "1")]).await);
        is_refused(dispatch.offer(&[Work::new("run", name)]).await);
        is_refused(dispatch.tell(&News::Ended { run: name.to_owned() }).await);
        is_refused(dispatch.listen(&About::Worker(name.to_owned())).await.map(drop));
        is_refused(dispatch.publish(&[event(name, "run", "1")]).await.map(drop));
        is_refused(dispatch.follow(&Topic::Project(name.to_owned()), Since::Now).await.map(drop));
    }
    let large = LiveEvent { body: Bytes::from(vec![0; 300 << 10]), ..event("p", "r", "large") };
    assert_eq!(dispatch.publish(&[large]).await.expect_err("large").code(), "dispatch.too_large");
}
