//! Placeholders become secrets outside the sandbox, towards their hosts alone, and never come back.

use crate::support::server::{Answer, Server, ok, redirect};
use crate::support::{Bench, VALUE, get, post, scope};
use loomwork_caps::http::{HttpError, Request};
use loomwork_catalog::Effect;

/// Grants http to all these servers, and the secrets to the first.
fn grants(servers: &[&Server]) -> String {
    let hosts: Vec<String> = servers.iter().map(|server| format!("\"{}\"", server.url(""))).collect();
    format!(
        r#"{{"http": {{"allow": [{}]}}, "secret": {{"names": {{"key": [{1}], "token": [{1}], "missing": [{1}]}}}}}}"#,
        hosts.join(","),
        hosts[0]
    )
}

/// A server that sends back the request it got.
async fn echo() -> Server {
    Server::start(ok).await
}

#[tokio::test]
async fn placeholders_are_filled_where_they_stand() {
    let server = Server::saying("").await;
    let bench = Bench::new();
    let percent = "s3cr3t%2Fv%C3%A4rde%2B%22quoted%22";
    let mut request = post(
        server.url("/p/{{secret:key}}/x?q={{secret:key}}&e=%7B%7Bsecret%3Akey%7D%7D"),
        "application/json",
        r#"{"k": "{{secret:key}}"}"#,
    );
    request.headers.push(("authorization".to_owned(), "Bearer {{secret:key}}".to_owned()));
    bench.send(&grants(&[&server]), request).await.expect("bound");
    let form = post(server.url("/"), "application/x-www-form-urlencoded", "a=%7B%7Bsecret%3Akey%7D%7D&b={{secret:key}}");
    bench.send(&grants(&[&server]), form).await.expect("bound");
    let text = post(server.url("/"), "text/plain", "k={{secret:key}};");
    bench.send(&grants(&[&server]), text).await.expect("bound");
    let seen = server.requests();
    assert!(seen[0].starts_with(&format!("POST /p/{percent}/x?q={percent}&e={percent} HTTP")), "{}", seen[0]);
    assert!(seen[0].contains(&format!("authorization: Bearer {VALUE}\r\n")), "{}", seen[0]);
    let json = VALUE.replace('"', "\\\"");
    assert!(seen[0].ends_with(&format!(r#"{{"k": "{json}"}}"#)), "{}", seen[0]);
    assert!(seen[1].ends_with(&format!("a={percent}&b={percent}")), "{}", seen[1]);
    assert!(seen[2].ends_with(&format!("k={VALUE};")), "{}", seen[2]);
}

#[tokio::test]
async fn a_secret_goes_nowhere_else() {
    let bound = Server::saying("").await;
    let other = Server::saying("").await;
    let bench = Bench::new();
    let grants = grants(&[&bound, &other]);
    let header = Request { headers: vec![("x".to_owned(), "{{secret:key}}".to_owned())], ..get(other.url("/")) };
    for request in [
        header,
        get(other.url("/{{secret:key}}")),
        get(other.url("/?a={{secret:key}}")),
        post(other.url("/"), "text/plain", "{{secret:key}}"),
    ] {
        let error = bench.send(&grants, request).await.expect_err("not bound");
        assert!(matches!(&error, HttpError::Denied(m) if m.contains("secret `key` is not bound to")), "{error:?}");
    }
    for (text, part) in [("{{secret:unknown}}", "not granted"), ("{{secret:missing}}", "there is no secret")] {
        let request = Request { headers: vec![("x".to_owned(), text.to_owned())], ..get(bound.url("/")) };
        let error = bench.send(&grants, request).await.expect_err("not there");
        assert!(error.to_string().contains(part), "{error:?}");
    }
    assert!(other.requests().is_empty() && bound.requests().is_empty());
}

#[tokio::test]
async fn a_host_cannot_be_made_of_a_secret() {
    for url in [
        "http://{{secret:key}}/",
        "http://a.{{secret:key}}.example/",
        "{{secret:key}}://a.example/",
        "http://a.example:{{secret:key}}/",
        "http://%7B%7Bsecret%3Akey%7D%7D/",
    ] {
        let grants = r#"{"http": {"allow": ["*"], "private": true}, "secret": {"names": {"key": ["*"]}}}"#;
        let error = Bench::new().send(grants, get(url)).await.expect_err(url);
        assert!(matches!(error, HttpError::Invalid(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn a_binding_can_leave_out_parts_of_a_request() {
    let server = Server::saying("").await;
    let grants = format!(
        r#"{{"http": {{"allow": ["{0}"]}}, "secret": {{"names": {{"key": {{"hosts": ["{0}"], "in": ["header"]}}}}}}}}"#,
        server.url("")
    );
    let header = Request { headers: vec![("x".to_owned(), "{{secret:key}}".to_owned())], ..get(server.url("/")) };
    Bench::new().send(&grants, header).await.expect("bound");
    for request in [get(server.url("/?{{secret:key}}")), post(server.url("/"), "text/plain", "{{secret:key}}")] {
        assert!(matches!(Bench::new().send(&grants, request).await, Err(HttpError::Denied(_))));
    }
}

#[tokio::test]
async fn an_echo_is_redacted_in_every_form() {
    let server = echo().await;
    let bench = Bench::new();
    let mut request = post(server.url("/{{secret:key}}?{{secret:key}}"), "application/json", "{\"a\":\"{{secret:key}}\"}");
    request.headers.push(("authorization".to_owned(), "Bearer {{secret:key}}".to_owned()));
    let answer = bench.send(&grants(&[&server]), request).await.expect("bound");
    let text = format!("{answer:?} {}", String::from_utf8_lossy(&answer.body));
    for form in [VALUE, "s3cr3t", "v%C3%A4rde", "quoted"] {
        assert!(!text.contains(form), "{form} in {text}");
    }
    assert!(text.contains("[secret:key]"), "{text}");
    assert!(!answer.headers.iter().any(|(name, _)| name == "content-length"), "the length is no longer true");
}

#[tokio::test]
async fn headers_that_echo_are_redacted() {
    let server = Server::start(|_| {
        Answer::Bytes(format!("HTTP/1.1 200 OK\r\nx-echo: {VALUE}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into())
    })
    .await;
    let request = Request { headers: vec![("x".to_owned(), "{{secret:key}}".to_owned())], ..get(server.url("/")) };
    let answer = Bench::new().send(&grants(&[&server]), request).await.expect("bound");
    assert!(answer.headers.contains(&("x-echo".to_owned(), "[secret:key]".to_owned())), "{answer:?}");
}

#[tokio::test]
async fn a_secret_does_not_follow_a_redirect() {
    let other = Server::saying("").await;
    let first = Server::redirecting(307, other.url("/")).await;
    let bench = Bench::new();
    let body = bench.send(&grants(&[&first, &other]), post(first.url("/"), "text/plain", "{{secret:key}}")).await;
    assert!(matches!(body, Err(HttpError::Denied(_))), "{body:?}");
    let header = Request { headers: vec![("x".to_owned(), "{{secret:key}}".to_owned())], ..get(first.url("/")) };
    bench.send(&grants(&[&first, &other]), header).await.expect("the header stays behind");
    let seen = other.requests();
    assert!(seen.len() == 1 && !seen[0].contains("x:"), "{seen:?}");
}

#[tokio::test]
async fn a_server_cannot_send_the_secret_on_by_redirect() {
    let other = Server::saying("").await;
    let target = other.url("");
    let leaking = Server::start(move |request| {
        let query = request.split(['?', ' ']).nth(2).unwrap_or_default().to_owned();
        redirect(302, &format!("{target}/stolen?{query}"))
    })
    .await;
    let result = Bench::new().send(&grants(&[&leaking, &other]), get(leaking.url("/?{{secret:token}}"))).await;
    assert!(
        matches!(&result, Err(HttpError::Denied(m)) if m.contains("carry a secret") && !m.contains("plain-token")),
        "{result:?}"
    );
    let placing = Server::redirecting(302, format!("{}/?{{{{secret:token}}}}", other.url(""))).await;
    Bench::new().send(&grants(&[&other, &placing]), get(placing.url("/"))).await.expect("a placeholder of theirs is only text");
    assert!(other.requests().iter().all(|request| !request.contains("plain-token")), "{:?}", other.requests());
}

#[tokio::test]
async fn errors_do_not_tell() {
    let bench = Bench::new();
    let gone = Server::saying("").await.port;
    let hanging = Server::start(|_| Answer::Hang).await;
    let endless = Server::start(|_| Answer::Endless(format!("HTTP/1.1 {VALUE}\r\n").into())).await;
    let leaky = Server::start(|_| redirect(302, &format!("http://{}.example/{VALUE}", "a".repeat(10)))).await;
    for base in [format!("http://127.0.0.1:{gone}"), hanging.url(""), endless.url(""), leaky.url("")] {
        let grants =
            format!(r#"{{"http": {{"allow": ["{base}"], "timeout": "200ms"}}, "secret": {{"names": {{"key": ["{base}"]}}}}}}"#);
        let request = post(format!("{base}/{{{{secret:key}}}}"), "text/plain", "{{secret:key}}");
        let error = bench.http.send(&scope(&grants, Effect::Write), request).await.expect_err("all fail");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("s3cr3t") && !text.contains("quoted"), "{text}");
    }
}
