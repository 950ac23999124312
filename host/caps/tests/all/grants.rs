//! Grants as text and JSON, and how layers meet.

use loomwork_caps::grants::{GrantError, HostRule, Target};
use loomwork_caps::{Grants, Rights};
use std::sync::Arc;
use url::Url;

fn target(url: &str) -> Target {
    Target::of(&Url::parse(url).expect("the test's address")).expect("http")
}

#[track_caller]
fn rule(rule: &str, yes: &[&str], no: &[&str]) {
    let parsed: HostRule = rule.parse().expect("the test's rule");
    for url in yes {
        assert!(parsed.allows(&target(url)), "{rule} should allow {url}");
    }
    for url in no {
        assert!(!parsed.allows(&target(url)), "{rule} should not allow {url}");
    }
    let again: HostRule = parsed.to_string().parse().expect("what is printed can be read");
    assert_eq!(again, parsed);
}

#[test]
fn a_rule_allows_what_it_says() {
    rule(
        "https://api.example.com",
        &["https://api.example.com/x", "https://API.example.com:443/"],
        &["http://api.example.com/", "https://api.example.com:8443/", "https://example.com/", "https://xapi.example.com/"],
    );
    rule(
        "http://127.0.0.1:8080",
        &["http://127.0.0.1:8080/", "http://2130706433:8080/", "http://0x7f.1:8080/"],
        &["http://127.0.0.1/"],
    );
    rule("api.example.com", &["https://api.example.com/"], &["http://api.example.com/", "https://api.example.com:81/"]);
    rule(
        "api.example.com:8080",
        &["https://api.example.com:8080/", "http://api.example.com:8080/"],
        &["http://api.example.com/"],
    );
    rule(
        "*.example.org:443",
        &["https://a.example.org/", "https://a.b.example.org/"],
        &["https://example.org/", "https://aexample.org/", "https://a.example.org.evil.com/", "https://a.example.org:444/"],
    );
    rule("https://*", &["https://any.where/"], &["http://any.where/", "https://any.where:1/"]);
    rule("https://*:*", &["https://any.where:1/"], &["http://any.where/"]);
    rule("*", &["https://any.where:1/", "http://10.0.0.1/", "http://[::1]:5/"], &[]);
    rule("http://[::1]:80", &["http://[::1]/", "http://[0:0:0:0:0:0:0:1]/"], &["http://[::2]/"]);
    rule("https://bücher.example", &["https://xn--bcher-kva.example/", "https://BÜCHER.example/"], &["https://bucher.example/"]);
}

#[test]
fn a_wrong_rule_says_why() {
    for text in [
        "",
        "ftp://example.com",
        "https://",
        "https://a.com/path",
        "a.com?x",
        "https://u:p@a.com",
        "a.com:0",
        "a.com:99999",
        "a.com:x",
        "*.1.2.3",
        "*.",
        "*.*",
        "a.*.com",
        "a b.com",
        "https://a.com:",
        ".a.com",
        "a..com",
        "{{secret:x}}",
        "http://[::1",
        "http://a\n.com",
    ] {
        let error = text.parse::<HostRule>().expect_err(text);
        assert!(!error.message.is_empty() && error.hint.is_some(), "{text}: {error}");
    }
    assert!("a".repeat(600).parse::<HostRule>().is_err());
}

#[test]
fn the_command_line_has_short_forms() {
    let arguments = [
        "http:https://api.example.com",
        "http:http://127.0.0.1:8080",
        "kv:cart",
        "secret:github=api.github.com, uploads.github.com",
        "secret:hook",
        "log",
    ];
    let grants = Grants::parse_args(arguments).expect("good arguments");
    let http = grants.http.expect("granted");
    assert_eq!(
        http.allow.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["https://api.example.com", "http://127.0.0.1:8080"]
    );
    assert_eq!(grants.kv.expect("granted").stores, ["cart"]);
    let names = grants.secret.expect("granted").names;
    assert_eq!(names["github"].hosts.len(), 2);
    assert!(names["hook"].hosts.is_empty());
    assert!(grants.log);
}

#[test]
fn the_command_line_takes_json_too() {
    let mut grants = Grants::parse_args(["http:a.com"]).expect("good");
    grants.parse_arg(r#"{"http": {"allow": ["b.com"], "private": true, "timeout": "2s"}, "log": {}}"#).expect("good");
    let http = grants.http.expect("granted");
    assert_eq!(http.allow.len(), 2);
    assert_eq!(http.timeout, Some(std::time::Duration::from_secs(2)));
    assert_eq!(http.private, loomwork_caps::http::Reach::Private);
    assert!(grants.log);
}

#[test]
fn a_wrong_argument_says_what_would_be_right() {
    let check = |text: &str, part: &str| {
        let error = Grants::default().parse_arg(text).expect_err(text);
        assert!(error.message.contains(part), "{text}: {error}");
        assert!(error.hint.is_some(), "{text}: {error}");
    };
    check("http", "`http` alone grants nothing");
    check("kv", "`kv` alone grants nothing");
    check("log:x", "has nothing after it");
    check("sql:main", "`sql` is not a capability");
    check("", "is not a capability");
    check("kv:a/b", "not the name of a store");
    check("secret:=x.com", "not the name of a secret");
    check("secret:a=", "does not name a host");
    check("http:https://x.com/path", "paths cannot be granted");
    check("{\"http\": {\"alow\": []}}", "alow");
    assert_eq!(GrantError::CODE, "grant.syntax");
}

#[test]
fn json_is_read_whole_and_strictly() {
    let grants = Grants::from_json(
        r#"{"http": {"allow": ["https://a.com"], "methods": ["get", "PURGE"], "private": false, "max_request": "64KiB", "max_response": 1000,
            "timeout": 1500, "max_requests": 3}, "kv": {"stores": ["a", "*"]},
            "secret": {"names": {"k": ["a.com"], "j": {"hosts": ["b.com"], "in": ["header"]}}}, "log": true}"#,
    )
    .expect("good");
    let http = grants.http.as_ref().expect("granted");
    assert_eq!(http.methods.as_deref(), Some(&["GET".to_owned(), "PURGE".to_owned()][..]));
    assert_eq!((http.max_request, http.max_response, http.max_requests), (Some(65536), Some(1000), Some(3)));
    let names = &grants.secret.as_ref().expect("granted").names;
    assert!(names["j"].places.header && !names["j"].places.body && !names["j"].places.url);
    for wrong in [
        "",
        "[]",
        "null",
        "{\"x\":1}",
        r#"{"http":{"private":"yes"}}"#,
        r#"{"http":{"methods":["CONNECT"]}}"#,
        r#"{"http":{"methods":["a b"]}}"#,
        r#"{"http":{"max_request":"1 parsec"}}"#,
        r#"{"http":{"max_request":-1}}"#,
        r#"{"http":{"timeout":"0s"}}"#,
        r#"{"http":{"timeout":"2h"}}"#,
        r#"{"http":{"max_request":"99999999999GiB"}}"#,
        r#"{"kv":{}}"#,
        r#"{"kv":{"stores":["a b"]}}"#,
        r#"{"secret":{"names":{"k":"a.com"}}}"#,
        r#"{"secret":{"names":{"k":{"in":["cookie"]}}}}"#,
        r#"{"log":{"x":1}}"#,
    ] {
        assert!(Grants::from_json(wrong).is_err(), "{wrong}");
    }
    let many = format!(r#"{{"kv":{{"stores":[{}]}}}}"#, vec!["\"a\""; 1001].join(","));
    assert!(Grants::from_json(&many).is_err());
    assert!(Grants::from_json(&" ".repeat(2 << 20)).is_err());
    assert!(Grants::from_json(&"[".repeat(100_000)).is_err());
}

#[test]
fn rights_are_what_every_layer_allows() {
    let read = |json: &str| Arc::new(Grants::from_json(json).expect("good"));
    let policy = read(
        r#"{"http": {"allow": ["*.example.com"], "max_response": "1MiB"}, "kv": {"stores": ["*"]}, "secret": {"names": {"*": ["*"]}}}"#,
    );
    let project = read(
        r#"{"http": {"allow": ["*"], "methods": ["GET"], "max_response": "2MiB", "timeout": "5s"}, "kv": {"stores": ["cart"]},
            "secret": {"names": {"k": ["a.example.com"]}}, "log": true}"#,
    );
    let rights = Rights::of([policy, project.clone()]);
    assert!(rights.request("GET", &target("https://a.example.com")).is_ok());
    assert!(rights.request("POST", &target("https://a.example.com")).is_err());
    assert!(rights.request("GET", &target("https://a.example.net")).is_err());
    assert_eq!(rights.http_limits().max_response, 1 << 20);
    assert_eq!(rights.http_limits().timeout.as_secs(), 5);
    assert!(rights.store("cart") && !rights.store("other"));
    assert!(rights.secret("k") && !rights.secret("j"));
    assert!(rights.secret_places("k", &target("https://a.example.com")).is_some());
    assert!(rights.secret_places("k", &target("https://b.example.com")).is_none());
    assert!(!rights.has("log"), "the policy does not allow it");
    let node = rights.within(Arc::new(Grants::requested(["loom:host/kv@0.1.0"])));
    assert!(node.store("cart") && !node.has("http") && !node.has("secret"));
}

#[test]
fn without_layers_or_grants_nothing_is_allowed() {
    for rights in [
        Rights::default(),
        Rights::of([Arc::new(Grants::default())]),
        Rights::of([Arc::new(Grants::everything()), Arc::default()]),
    ] {
        assert!(["http", "kv", "secret", "log"].iter().all(|name| !rights.has(name)));
        assert!(rights.request("GET", &target("https://a.com")).is_err());
        assert!(!rights.store("a") && !rights.secret("a"));
        assert!(rights.secret_places("a", &target("https://a.com")).is_none());
    }
}
