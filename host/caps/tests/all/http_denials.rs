//! Everything that must not leave the host, and that it does not.

use crate::support::resolver::{Scripted, settings};
use crate::support::server::Server;
use crate::support::{Bench, allowing, get, post, scope};
use loomwork_caps::http::{HttpError, Request};
use loomwork_caps::{Grants, Rights, Scope};
use loomwork_catalog::Effect;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[track_caller]
fn denied(result: Result<loomwork_caps::http::Response, HttpError>, part: &str) {
    match result {
        Err(HttpError::Denied(message)) => assert!(message.contains(part), "{message}"),
        other => panic!("should be denied: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_not_granted_is_denied_by_name() {
    let server = Server::saying("").await;
    let bench = Bench::new();
    denied(bench.send("{}", get(server.url("/"))).await, "http is not granted");
    denied(bench.send(r#"{"http": {}}"#, get(server.url("/"))).await, "are not granted");
    denied(bench.send(&allowing(&["https://api.example.com"]), get(server.url("/"))).await, &server.url(""));
    denied(bench.send(&allowing(&["http://127.0.0.1:1"]), get(server.url("/"))).await, "are not granted");
    let only_get = format!(r#"{{"http": {{"allow": ["{}"], "methods": ["GET"]}}}}"#, server.url(""));
    denied(bench.send(&only_get, post(server.url("/"), "text/plain", "x")).await, "POST");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn private_addresses_are_denied_in_every_spelling() {
    let bench = Bench::new();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "０x7f.1",
        "127。0。0。1",
        "0.0.0.0",
        "0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[fc00::1]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "[::127.0.0.1]",
    ] {
        denied(bench.send(&allowing(&["*"]), get(format!("http://{host}:9/"))).await, "private or reserved");
    }
}

#[tokio::test]
async fn names_that_lead_to_private_addresses_are_denied_after_resolution() {
    let server = Server::saying("inside").await;
    for address in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fd00:ec2::254"] {
        let resolver = Scripted::new(&[&[address]]);
        let url = format!("http://evil.example:{}/", server.port);
        denied(Bench::with(settings(&resolver)).send(&allowing(&["*"]), get(url)).await, "`evil.example` leads to a private");
        assert_eq!(resolver.asked(), 1);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_name_that_changes_its_address_gains_nothing() {
    let server = Server::saying("inside").await;
    let resolver = Scripted::new(&[&["127.0.0.1"], &["10.0.0.1"], &["169.254.169.254"]]);
    let bench = Bench::with(settings(&resolver));
    let url = format!("http://localhost:{}/", server.port);
    let grants = allowing(&[&url]);
    assert_eq!(bench.send(&grants, get(&url)).await.expect("loopback is what was granted").body, b"inside");
    assert_eq!(resolver.asked(), 1, "what was judged is what was connected to");
    denied(bench.send(&grants, get(&url)).await, "private");
    denied(bench.send(&grants, get(&url)).await, "private");
    assert_eq!(resolver.asked(), 3);
}

#[tokio::test]
async fn private_networks_can_be_granted_but_not_their_metadata() {
    let server = Server::saying("inside").await;
    let url = format!("http://intranet.example:{}/", server.port);
    let grants = r#"{"http": {"allow": ["*"], "private": true}}"#;
    let inside = Bench::with(settings(&Scripted::new(&[&["127.0.0.1"]])));
    assert_eq!(inside.send(grants, get(&url)).await.expect("granted").body, b"inside");
    let metadata = Bench::with(settings(&Scripted::new(&[&["169.254.169.254"]])));
    denied(metadata.send(grants, get(&url)).await, "private or reserved");
    denied(Bench::new().send(grants, get("http://169.254.169.254/latest/meta-data/")).await, "private or reserved");
}

#[tokio::test]
async fn a_kept_connection_does_not_serve_narrower_grants() {
    let (port, connections) = keeping().await;
    let bench = Bench::with(settings(&Scripted::new(&[&["127.0.0.1"]])));
    let url = format!("http://intranet.example:{port}/");
    for _ in 0..3 {
        bench.send(r#"{"http": {"allow": ["*"], "private": true}}"#, get(&url)).await.expect("granted");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1, "connections are kept");
    denied(bench.send(r#"{"http": {"allow": ["*"]}}"#, get(&url)).await, "private");
}

/// A well-behaved server that keeps connections, and how many it has had.
async fn keeping() -> (u16, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let answer = |_| async { Ok::<_, std::convert::Infallible>(hyper::Response::new("ok".to_owned())) };
            let stream = hyper_util::rt::TokioIo::new(stream);
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(stream, hyper::service::service_fn(answer)));
        }
    });
    (port, connections)
}

#[tokio::test]
async fn the_operator_has_the_last_word() {
    let server = Server::saying("").await;
    let project = Arc::new(Grants::from_json(&allowing(&[&server.url("")])).expect("good"));
    let scope = Scope::new("shop", Effect::Write, Rights::of([Arc::new(Grants::public()), project]));
    denied(Bench::new().http.send(&scope, get(server.url("/"))).await, "private");
}

#[tokio::test]
async fn a_function_that_reads_only_reads() {
    let server = Server::saying("").await;
    let bench = Bench::new();
    let grants = allowing(&[&server.url("")]);
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let request = Request { method: method.to_owned(), ..get(server.url("/")) };
        denied(bench.http.send(&scope(&grants, Effect::Read), request).await, "only reads");
    }
    bench.http.send(&scope(&grants, Effect::Read), get(server.url("/"))).await.expect("GET reads");
    denied(bench.http.send(&scope(&grants, Effect::Pure), get(server.url("/"))).await, "pure");
}

#[tokio::test]
async fn a_call_has_a_number_of_requests() {
    let server = Server::saying("").await;
    let scope = scope(&format!(r#"{{"http": {{"allow": ["{}"], "max_requests": 2}}}}"#, server.url("")), Effect::Write);
    let bench = Bench::new();
    for _ in 0..2 {
        bench.http.send(&scope, get(server.url("/"))).await.expect("within");
    }
    denied(bench.http.send(&scope, get(server.url("/"))).await, "at most 2");
}

#[tokio::test]
async fn odd_addresses_are_answers_not_accidents() {
    let bench = Bench::new();
    for (url, wanted) in [
        ("", "invalid"),
        ("/relative", "invalid"),
        ("http://", "invalid"),
        ("http:///", "invalid"),
        ("http://[::1", "invalid"),
        ("http://a b/", "invalid"),
        ("http://exa%mple/", "invalid"),
        ("http://u:p@example.com/", "invalid"),
        ("http://u@example.com/", "invalid"),
        ("http://example.com:99999/", "invalid"),
        ("http://1.2.3.4.5/", "invalid"),
        ("http://.../", "invalid"),
        ("ftp://example.com/", "denied"),
        ("file:///etc/passwd", "denied"),
        ("javascript:alert(1)", "denied"),
        ("data:text/plain,x", "denied"),
        ("gopher://x/", "denied"),
        ("unix:/run/x", "denied"),
        ("http:\\\\127.0.0.1:9\\", "denied"),
        ("http://127.0.0.1:9\\@example.com/", "denied"),
        ("http:127.0.0.1:9", "denied"),
        ("\thttp://127.0.0.1:9/\n", "denied"),
        ("HTTP://127.0.0.1:9/", "denied"),
    ] {
        let error = bench.send(&allowing(&["*"]), get(url)).await.expect_err(url);
        let got = match error {
            HttpError::Invalid(_) => "invalid",
            HttpError::Denied(_) => "denied",
            _ => "other",
        };
        assert_eq!(got, wanted, "{url:?}: {error:?}");
    }
    let long = bench.send(&allowing(&["*"]), get(format!("http://a.example/{}", "x".repeat(9000)))).await;
    assert!(matches!(long, Err(HttpError::TooLarge(_))));
}

#[tokio::test]
async fn a_final_dot_changes_nothing() {
    let resolver = Scripted::new(&[&["127.0.0.1"]]);
    let bench = Bench::with(settings(&resolver));
    denied(bench.send(&allowing(&["http://a.example"]), get("http://a.example./")).await, "`a.example` leads to a private");
}
