//! Servers that hang, never end, lie or explode.

use crate::support::server::{Answer, Server};
use crate::support::{Bench, get, post};
use loomwork_caps::http::{HttpError, HttpSettings, Request, Response};
use std::io::Write;
use std::time::{Duration, Instant};

/// Grants the server, with 64 KiB of answer and 4 KiB of request in at most 400 ms.
async fn ask(server: &Server) -> Result<Response, HttpError> {
    send(server, get(server.url("/"))).await
}

async fn send(server: &Server, request: Request) -> Result<Response, HttpError> {
    let grants = format!(
        r#"{{"http": {{"allow": ["{}"], "max_response": "64KiB", "max_request": "4KiB", "timeout": "400ms"}}}}"#,
        server.url("")
    );
    let started = Instant::now();
    let result = Bench::new().send(&grants, request).await;
    assert!(started.elapsed() < Duration::from_secs(10), "nothing hangs");
    result
}

#[tokio::test]
async fn a_server_that_hangs_is_left() {
    let server = Server::start(|_| Answer::Hang).await;
    assert!(matches!(ask(&server).await, Err(HttpError::Timeout(_))));
    let silent = Server::start(|_| Answer::Trickle(b"HTTP/1.1 200 OK\r\nx-slow: ".to_vec())).await;
    assert!(matches!(ask(&silent).await, Err(HttpError::Timeout(_))));
}

#[tokio::test]
async fn the_guests_own_time_limit_holds_where_it_is_shorter() {
    let server = Server::start(|_| Answer::Hang).await;
    let started = Instant::now();
    let request = Request { timeout: Some(Duration::from_millis(50)), ..get(server.url("/")) };
    let result = send(&server, request).await;
    assert_eq!(result, Err(HttpError::Timeout("no whole answer within 50 ms".to_owned())));
    assert!(started.elapsed() < Duration::from_millis(390));
}

#[tokio::test]
async fn endless_bytes_end() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffff\r\n",
    ] {
        let server = Server::start(move |_| Answer::Endless(head.as_bytes().to_vec())).await;
        let result = ask(&server).await;
        assert!(matches!(result, Err(HttpError::TooLarge(_))), "{head:?}: {result:?}");
    }
}

#[tokio::test]
async fn endless_headers_end() {
    let endless = Server::start(|_| Answer::Endless(b"HTTP/1.1 200 OK\r\nx: ".to_vec())).await;
    assert!(ask(&endless).await.is_err());
    let many = Server::start(|_| {
        let lines: String = (0..5000).map(|n| format!("x-{n}: y\r\n")).collect();
        Answer::Bytes(format!("HTTP/1.1 200 OK\r\n{lines}content-length: 0\r\n\r\n").into())
    })
    .await;
    assert!(ask(&many).await.is_err());
    let large = Server::start(|_| {
        Answer::Bytes(format!("HTTP/1.1 200 OK\r\nx: {}\r\ncontent-length: 0\r\n\r\n", "y".repeat(100 << 10)).into())
    })
    .await;
    assert!(matches!(ask(&large).await, Err(HttpError::TooLarge(_))));
}

#[tokio::test]
async fn a_slow_trickle_is_cut() {
    let server = Server::start(|_| Answer::Trickle(b"HTTP/1.1 200 OK\r\n\r\n".to_vec())).await;
    assert!(matches!(ask(&server).await, Err(HttpError::Timeout(_))));
}

#[tokio::test]
async fn a_length_that_lies_is_a_failure() {
    let short = Server::start(|_| Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort".to_vec())).await;
    assert!(matches!(ask(&short).await, Err(HttpError::Unreachable(_))));
    let long =
        Server::start(|_| Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nlonger".to_vec()))
            .await;
    assert_eq!(ask(&long).await.expect("what was stated").body, b"long");
    let odd = Server::start(|_| Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 5, 6\r\n\r\nhello".to_vec())).await;
    assert!(matches!(ask(&odd).await, Err(HttpError::Unreachable(_))));
}

#[tokio::test]
async fn what_is_not_http_is_a_failure() {
    for bytes in [&b""[..], b"SSH-2.0-OpenSSH\r\n", b"HTTP/9.9 200\r\n\r\n", b"\0\xff\xfe", b"HTTP/1.1 99 x\r\n\r\n"] {
        let server = Server::start(move |_| Answer::Bytes(bytes.to_vec())).await;
        let result = ask(&server).await;
        assert!(matches!(result, Err(HttpError::Unreachable(_))), "{bytes:?}: {result:?}");
    }
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packed.write_all(&vec![0; 1 << 20]).expect("in memory");
    }
    let packed = packed.finish().expect("in memory");
    assert!(packed.len() < 1 << 17, "64 MiB in {} bytes", packed.len());
    let packed: &'static [u8] = packed.leak();
    let server = Server::start(move |_| {
        Answer::Bytes([b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n", packed].concat())
    })
    .await;
    assert!(matches!(ask(&server).await, Err(HttpError::TooLarge(_))));
    let broken =
        Server::start(|_| Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope".to_vec()))
            .await;
    assert!(matches!(ask(&broken).await, Err(HttpError::Unreachable(_))));
}

#[tokio::test]
async fn a_request_has_a_size() {
    let server = Server::saying("").await;
    let large = post(server.url("/"), "text/plain", &"x".repeat(5000));
    assert!(matches!(send(&server, large).await, Err(HttpError::TooLarge(_))));
    let headers = (0..101).map(|n| (format!("x-{n}"), "y".to_owned())).collect();
    assert!(matches!(send(&server, Request { headers, ..get(server.url("/")) }).await, Err(HttpError::TooLarge(_))));
    let headers = vec![("x".to_owned(), "y".repeat(70_000))];
    assert!(matches!(send(&server, Request { headers, ..get(server.url("/")) }).await, Err(HttpError::TooLarge(_))));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let port = Server::saying("").await.port;
    let grants = format!(r#"{{"http": {{"allow": ["http://127.0.0.1:{port}"]}}}}"#);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let result = Bench::new().send(&grants, get(format!("http://127.0.0.1:{port}/"))).await;
    assert!(matches!(result, Err(HttpError::Unreachable(_))), "{result:?}");
}

#[tokio::test]
async fn waiting_for_a_turn_counts_as_time() {
    let server = Server::start(|_| Answer::Hang).await;
    let bench = Bench::with(HttpSettings { concurrency: 1, ..HttpSettings::default() });
    let grants = format!(r#"{{"http": {{"allow": ["{}"], "timeout": "200ms"}}}}"#, server.url(""));
    let (first, second) = tokio::join!(bench.send(&grants, get(server.url("/"))), bench.send(&grants, get(server.url("/"))));
    assert!(matches!((first, second), (Err(HttpError::Timeout(_)), Err(HttpError::Timeout(_)))));
}
