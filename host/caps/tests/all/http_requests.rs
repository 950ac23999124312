//! What a request looks like to the server, and an answer to the guest.

use crate::support::server::{Answer, Server, ok};
use crate::support::{Bench, allowing, get, post, scope};
use loomwork_caps::http::{HttpError, Request};
use loomwork_catalog::Effect;

#[tokio::test]
async fn a_granted_request_is_answered() {
    let server = Server::saying("hello").await;
    let answer = Bench::new().send(&allowing(&[&server.url("")]), get(server.url("/a?b=c#d"))).await.expect("granted");
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"hello".as_slice()));
    assert_eq!(answer.url, server.url("/a?b=c"));
    assert!(answer.headers.contains(&("content-length".to_owned(), "5".to_owned())));
    let request = &server.requests()[0];
    assert!(request.starts_with("GET /a?b=c HTTP/1.1\r\n"), "{request}");
    assert!(request.to_lowercase().contains(&format!("host: 127.0.0.1:{}", server.port)), "{request}");
}

#[tokio::test]
async fn methods_headers_and_body_arrive() {
    let server = Server::saying("").await;
    let grants = allowing(&[&server.url("")]);
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "purge"] {
        let mut request = post(server.url("/"), "text/plain", "bödy");
        request.method = method.to_owned();
        request.headers.push(("X-Twice".to_owned(), "1".to_owned()));
        request.headers.push(("X-Twice".to_owned(), "zwölf".to_owned()));
        Bench::new().send(&grants, request).await.expect(method);
        let seen = server.requests().pop().expect("one came");
        assert!(seen.starts_with(&format!("{} / ", method.to_uppercase())), "{seen}");
        assert!(
            seen.contains("x-twice: 1\r\n") && seen.contains("x-twice: zwölf\r\n") && seen.ends_with("\r\n\r\nbödy"),
            "{seen}"
        );
    }
    let head = Request { method: "HEAD".to_owned(), ..get(server.url("/")) };
    assert_eq!(Bench::new().send(&grants, head).await.expect("granted").body, b"");
}

#[tokio::test]
async fn headers_that_belong_to_the_host_are_refused() {
    let server = Server::saying("").await;
    let grants = allowing(&[&server.url("")]);
    let injections = [
        ("Host", "evil"),
        ("content-length", "3"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "upgrade"),
        ("upgrade", "h2c"),
        ("TE", "x"),
        ("proxy-authorization", "x"),
        ("expect", "100-continue"),
        ("x-a", "b\r\nx-c: d"),
        ("x-a", "b\nc"),
        ("x-a", "b\0"),
        ("x-a\r\nx-b", "c"),
        ("", "x"),
        ("x a", "b"),
        ("x:", "b"),
        ("ü", "x"),
    ];
    for (name, value) in injections {
        let request = Request { headers: vec![(name.to_owned(), value.to_owned())], ..get(server.url("/")) };
        let error = Bench::new().send(&grants, request).await.expect_err(name);
        assert!(matches!(error, HttpError::Invalid(_)), "{name}: {error:?}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn methods_that_open_tunnels_are_refused() {
    for method in ["CONNECT", "trace", "", "GET\r\nX: y", "G ET", &"A".repeat(50)] {
        let request = Request { method: method.to_owned(), ..get("http://127.0.0.1:1/") };
        let error = Bench::new().send(&allowing(&["*"]), request).await.expect_err(method);
        assert!(matches!(error, HttpError::Invalid(_)), "{method}: {error:?}");
    }
}

#[tokio::test]
async fn compressed_answers_are_unpacked() {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(b"unpacked text").expect("in memory");
    let packed = packed.finish().expect("in memory");
    let server = Server::start(move |_| {
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", packed.len());
        Answer::Bytes([head.as_bytes(), &packed].concat())
    })
    .await;
    let answer = Bench::new().send(&allowing(&[&server.url("")]), get(server.url("/"))).await.expect("granted");
    assert_eq!(answer.body, b"unpacked text");
}

#[tokio::test]
async fn a_write_call_carries_its_idempotency_key() {
    let server = Server::start(|_| ok("")).await;
    let mut scope = scope(&allowing(&[&server.url("")]), Effect::Write);
    scope.idempotency_key = Some("run_1/7".into());
    let bench = Bench::new();
    for request in [post(server.url("/"), "text/plain", "a"), post(server.url("/"), "text/plain", "b"), get(server.url("/"))] {
        bench.http.send(&scope, request).await.expect("granted");
    }
    let seen = server.requests();
    assert!(seen[0].contains("idempotency-key: run_1/7\r\n"), "{}", seen[0]);
    assert!(seen[1].contains("idempotency-key: run_1/7/1\r\n"), "{}", seen[1]);
    assert!(!seen[2].contains("idempotency-key"), "{}", seen[2]);
}

#[tokio::test]
async fn one_project_does_not_wait_for_itself_for_ever() {
    let server = Server::saying("ok").await;
    let settings = loomwork_caps::http::HttpSettings { concurrency: 2, ..Default::default() };
    let bench = Bench::with(settings);
    let grants = allowing(&[&server.url("")]);
    let all = futures::future::join_all((0..40).map(|_| bench.send(&grants, get(server.url("/"))))).await;
    assert!(all.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.body == b"ok")));
}
