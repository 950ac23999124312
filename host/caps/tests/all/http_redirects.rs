//! Redirects are judged like first requests, and carry nothing that is not theirs.

use crate::support::server::{Server, ok, redirect};
use crate::support::{Bench, allowing, get, post};
use loomwork_caps::http::{HttpError, Request};

#[tokio::test]
async fn redirects_to_what_is_not_granted_are_denied() {
    let inside = Server::saying("inside").await;
    for location in [
        inside.url("/"),
        format!("http://localhost:{}/", inside.port),
        "http://169.254.169.254/latest/".to_owned(),
        "http://[::1]/".to_owned(),
        "http://2130706433/".to_owned(),
        "//169.254.169.254/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ftp://a.example/".to_owned(),
        "http://10.0.0.1/".to_owned(),
    ] {
        let server = Server::redirecting(302, location.clone()).await;
        // Everything public is granted, and the first server by its address; the second is not.
        let result =
            Bench::new().send(&allowing(&["https://*", "http://*", "*:80", &server.url("")]), get(server.url("/"))).await;
        assert!(matches!(result, Err(HttpError::Denied(_))), "{location}: {result:?}");
    }
    assert!(inside.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_is_followed_and_named() {
    let server =
        Server::start(|request| if request.starts_with("GET /end") { ok("here") } else { redirect(301, "end?x=1") }).await;
    let answer = Bench::new().send(&allowing(&[&server.url("")]), get(server.url("/start"))).await.expect("granted");
    assert_eq!((answer.body.as_slice(), answer.url), (b"here".as_slice(), server.url("/end?x=1")));
}

#[tokio::test]
async fn with_no_redirects_the_redirect_itself_comes_back() {
    let server = Server::redirecting(302, "http://169.254.169.254/").await;
    let request = Request { redirects: 0, ..get(server.url("/")) };
    let answer = Bench::new().send(&allowing(&[&server.url("")]), request).await.expect("granted");
    assert_eq!(answer.status, 302);
    assert!(answer.headers.contains(&("location".to_owned(), "http://169.254.169.254/".to_owned())));
}

#[tokio::test]
async fn loops_end() {
    let server = Server::redirecting(302, "/again").await;
    for (redirects, requests) in [(3, 4), (u32::MAX, 21)] {
        let before = server.requests().len();
        let request = Request { redirects, ..get(server.url("/")) };
        let result = Bench::new().send(&allowing(&[&server.url("")]), request).await;
        assert!(matches!(result, Err(HttpError::TooManyRedirects(_))), "{result:?}");
        assert_eq!(server.requests().len() - before, requests);
    }
}

#[tokio::test]
async fn the_method_changes_as_browsers_do() {
    for (status, method, becomes) in [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (301, "PUT", "PUT"),
        (302, "DELETE", "DELETE"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
    ] {
        let server =
            Server::start(move |request| if request.contains(" /end ") { ok("") } else { redirect(status, "/end") }).await;
        let request = Request { method: method.to_owned(), ..post(server.url("/"), "text/plain", "body") };
        Bench::new().send(&allowing(&[&server.url("")]), request).await.expect("granted");
        let last = server.requests().pop().expect("two came");
        assert!(last.starts_with(&format!("{becomes} /end ")), "{status} {method}: {last}");
        assert_eq!(last.ends_with("\r\n\r\nbody"), becomes == method, "{status} {method}: {last}");
        if becomes == "GET" {
            assert!(!last.contains("content-type"), "{last}");
        }
    }
}

#[tokio::test]
async fn a_method_the_redirect_turns_into_must_be_granted() {
    let server = Server::redirecting(303, "/end").await;
    let grants = format!(r#"{{"http": {{"allow": ["{}"], "methods": ["POST"]}}}}"#, server.url(""));
    let result = Bench::new().send(&grants, post(server.url("/"), "text/plain", "x")).await;
    assert!(matches!(result, Err(HttpError::Denied(_))), "{result:?}");
}

#[tokio::test]
async fn credentials_stay_with_their_origin() {
    let other = Server::saying("").await;
    let first = Server::redirecting(307, other.url("/end")).await;
    let mut request = post(first.url("/"), "text/plain", "body");
    for (name, value) in [
        ("Authorization", "Bearer abc"),
        ("Cookie", "a=b"),
        ("X-Api-Key", "abc"),
        ("x-token", "{{secret:token}}"),
        ("accept", "text/*"),
        ("referer", "http://a/"),
        ("user-agent", "loom {{secret:token}}"),
    ] {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    let grants = format!(
        r#"{{"http": {{"allow": ["{0}", "{1}"]}}, "secret": {{"names": {{"token": ["{0}"]}}}}}}"#,
        first.url(""),
        other.url("")
    );
    Bench::new().send(&grants, request).await.expect("both are granted");
    assert!(
        first.requests()[0].contains("authorization: Bearer abc") && first.requests()[0].contains("x-token: plain-token-1234")
    );
    let seen = other.requests()[0].to_lowercase();
    for absent in ["authorization", "cookie", "x-api-key", "x-token", "referer", "user-agent", "plain-token"] {
        assert!(!seen.contains(absent), "{absent} in {seen}");
    }
    assert!(seen.contains("accept: text/*") && seen.ends_with("\r\n\r\nbody"), "{seen}");
}

#[tokio::test]
async fn a_redirect_without_an_address_is_an_answer() {
    let server = Server::start(|_| {
        crate::support::server::Answer::Bytes(b"HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec())
    })
    .await;
    assert_eq!(Bench::new().send(&allowing(&[&server.url("")]), get(server.url("/"))).await.expect("an answer").status, 302);
}
