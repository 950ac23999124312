//! Dispatch on a real server, which is killed and comes back.

use crate::conformance::{self, soon};
use bytes::Bytes;
use futures::TryStreamExt;
use loomwork_dispatch::{About, Dispatch, Followed, LiveEvent, Nats, NatsConfig, News, Since, Topic, Work};
use loomwork_testbed::{AnyNats, NatsServer};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::timeout;

async fn connect(server: &NatsServer) -> Nats {
    connect_as(server.url(), "loom").await
}

async fn connect_as(url: String, prefix: &str) -> Nats {
    let (prefix, patience) = (prefix.to_owned(), Duration::from_secs(30));
    let config = NatsConfig { prefix, lease: conformance::LEASE, patience, ..NatsConfig::new(url) };
    Nats::connect(config).await.expect("connected")
}

/// A part of a server that may be others' too, of a test of its own: it takes away what it has made.
async fn apart<F: Future<Output = ()>>(name: &str, test: impl FnOnce(String, String) -> F) {
    let Some(server) = AnyNats::or_say_why() else { return };
    let prefix = format!("loomtest-{name}-{}", std::process::id());
    test(server.url(), prefix.clone()).await;
    let client = async_nats::connect(server.url()).await.expect("it answers");
    let streams = async_nats::jetstream::new(client);
    let names: Vec<_> = streams.stream_names().try_collect().await.expect("they can be listed");
    for name in names.iter().filter(|name| name.to_lowercase().starts_with(&prefix)) {
        streams.delete_stream(name).await.expect("it is ours");
    }
}

#[tokio::test]
async fn nats_keeps_the_contract() {
    apart("contract", async |url, prefix| conformance::all(&connect_as(url, &prefix).await).await).await;
}

#[tokio::test]
async fn processes_share_one_queue_and_hear_each_other() {
    apart("shared", share_one_queue).await;
}

async fn share_one_queue(url: String, prefix: String) {
    let (one, other) = (connect_as(url.clone(), &prefix).await, connect_as(url, &prefix).await);
    let mut ended = one.listen(&About::Run("r".to_owned())).await.expect("a listener");
    one.offer(&[Work::new("r", "1")]).await.expect("offered");
    let lease = soon("work", other.take()).await.expect("a lease");
    lease.done().await.expect("done");
    other.tell(&News::Ended { run: "r".to_owned() }).await.expect("told");
    assert_eq!(soon("news", ended.next()).await, Some(News::Ended { run: "r".to_owned() }));
    // Closing does not wait for those who wait for work.
    let waiting = tokio::spawn({
        let one = one.clone();
        async move { one.take().await.map(drop) }
    });
    tokio::task::yield_now().await;
    soon("the close", one.close()).await;
    waiting.abort();
    other.offer(&[Work::new("r", "2")]).await.expect("the other is open");
    soon("work", other.take()).await.expect("a lease").done().await.expect("done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_stops_no_work() {
    let Some(mut server) = NatsServer::start_or_say_why() else { return };
    let nats = connect(&server).await;
    let mut news = nats.listen(&About::Worker("w".to_owned())).await.expect("a listener");
    // The truth about what is to be done, as a store has it: looked at again and again, as the scan for what is due does.
    let open: Arc<Mutex<HashSet<String>>> = Arc::new(Mutex::new((0..400).map(|n| format!("r{n}")).collect()));
    let taker = tokio::spawn({
        let (nats, open) = (connect(&server).await, open.clone());
        async move {
            while !open.lock().expect("no panic").is_empty() {
                let Ok(lease) = timeout(conformance::LEASE, nats.take()).await else { continue };
                let lease = lease.expect("a lease");
                open.lock().expect("no panic").remove(&lease.work().run);
                // One that is lost on the way makes the work come again.
                let _ = lease.done().await;
            }
        }
    });
    let offerer = tokio::spawn({
        let (nats, open) = (nats.clone(), open.clone());
        async move {
            loop {
                let due: Vec<Work> = open.lock().expect("no panic").iter().map(|run| Work::new(run, "1")).collect();
                if due.is_empty() {
                    break;
                }
                for work in due.chunks(5) {
                    nats.offer(work).await.expect("offered in the end");
                }
            }
        }
    });
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        server.kill().expect("killed");
        tokio::time::sleep(Duration::from_millis(150)).await;
        server.resume().expect("back");
    }
    soon("all work", taker).await.expect("no panic");
    soon("the offers", offerer).await.expect("no panic");
    assert_eq!(soon("news", news.next()).await, Some(News::Missed), "who listened is told to look");
    let wake = News::Wake { worker: "w".to_owned(), run: "r1".to_owned() };
    nats.tell(&wake).await.expect("told");
    let heard = async { while news.next().await != Some(wake.clone()) {} };
    soon("the wake-up", heard).await;
}

#[tokio::test]
async fn watchers_go_on_where_they_were() {
    let Some(mut server) = NatsServer::start_or_say_why() else { return };
    let nats = connect(&server).await;
    let event =
        |n: u32| LiveEvent { project: "p".to_owned(), run: "r".to_owned(), key: n.to_string(), body: Bytes::from(n.to_string()) };
    let mut follow = nats.follow(&Topic::Project("p".to_owned()), Since::Now).await.expect("followed");
    for n in 1..=3 {
        nats.publish(&[event(n)]).await.expect("published");
        let followed = soon("an event", follow.next()).await;
        assert_eq!(
            followed,
            Some(Followed::Event { sequence: u64::from(n), run: "r".to_owned(), body: Bytes::from(n.to_string()) })
        );
        server.kill().expect("killed");
        server.resume().expect("back");
    }
    // A server that lost everything counts from the start again: those who watch are told, and work goes on.
    server.kill().expect("killed");
    server.lose_data().expect("lost");
    server.resume().expect("back");
    nats.publish(&[event(4)]).await.expect("published");
    assert_eq!(soon("a gap", follow.next()).await, Some(Followed::Gap));
    let Some(Followed::Event { sequence: 1, .. }) = soon("an event", follow.next()).await else {
        panic!("the new stream's first")
    };
    let other = nats.follow(&Topic::Project("p".to_owned()), Since::Now).await.expect("followed");
    assert_ne!(other.stream(), follow.stream(), "numbers of the one mean nothing in the other");
    nats.offer(&[Work::new("r", "1")]).await.expect("offered");
    soon("work", nats.take()).await.expect("a lease").done().await.expect("done");
}

#[tokio::test]
async fn what_is_no_server_is_told() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    for servers in [format!("nats://u:secret@{closed}"), "no address at all".to_owned(), String::new()] {
        let error = Nats::connect(NatsConfig::new(&servers)).await.err().expect("no server");
        assert_eq!(error.code(), "dispatch.connect", "{servers}");
        assert!(error.hint().is_some() && !error.to_string().contains("secret"), "{error}");
    }
    let config = NatsConfig { prefix: "a.b>".to_owned(), ..NatsConfig::new("nats://127.0.0.1:1") };
    assert_eq!(Nats::connect(config).await.err().expect("no prefix").code(), "dispatch.connect");
}
