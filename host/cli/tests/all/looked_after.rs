//! What operators do to a running server: secrets, triggers, tokens, flows that come and go.

use crate::loom::{Served, json, loom, loom_with_input, serve_with};
use serde_json::{Value, json};
use std::io::{BufRead, Read, Write};
use std::path::Path;

const GUARDED: &str = r#"{"loomwork": 1, "id": "guarded", "packages": {"kv": "loom:kv@0.1"}, "output": "json", "durability": "memory",
    "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/guarded", "auth": "door"}],
    "nodes": [{"id": "count", "use": "kv#increment", "with": {"store": "jobs", "key": "n", "by": 1}},
              {"id": "answer", "use": "return", "with": {"value": "{{ nodes.count }}"}}],
    "wires": [{"from": "count", "to": "answer"}]}"#;

fn start(folder: &Path, more: &[&str]) -> Served {
    let data = folder.join("data");
    serve_with(folder, &[&["--data", data.to_str().expect("a plain path")], more].concat())
}

fn at(server: &Served) -> String {
    format!("http://{}", server.address)
}

fn ask(server: &Served, args: &[&str]) -> Value {
    json(&[args, &["--server", &at(server), "--json"]].concat())
}

#[test]
fn a_secret_that_nobody_has_used_is_hidden_too() {
    const ECHO: &str = r#"{"loomwork": 1, "id": "echo", "input": "string", "output": "string",
        "nodes": [{"id": "answer", "use": "return", "with": {"value": "{{ input }}"}}]}"#;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("echo.flow.json"), ECHO).expect("written");
    let first = start(folder.path(), &[]);
    let set = loom_with_input(&["secret", "set", "door", "--server", &at(&first)], "open-sesame\n");
    assert_eq!(set.code, 0, "{}", set.err);
    let run = ask(&first, &["start", "echo", "--input", "\"open-sesame\""])["run"].as_str().expect("an id").to_owned();
    let shown = |server: &Served| {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            let view = ask(server, &["runs", "show", &run]);
            if view["state"] == "finished" || std::time::Instant::now() > end {
                return (view["input"].clone(), view["output"].clone());
            }
        }
    };
    let hidden = (json!("[secret:door]"), json!("[secret:door]"));
    assert_eq!(shown(&first), hidden, "it was set while the server ran");
    drop(first);
    let second = start(folder.path(), &[]);
    assert_eq!(shown(&second), hidden, "it was there when the server started");
}

#[test]
fn secrets_are_sealed_and_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("guarded.flow.json"), GUARDED).expect("written");
    let knock =
        |server: &Served, token: &str| server.send_as("POST", "/guarded", &format!("authorization: Bearer {token}"), "null");
    let first = start(folder.path(), &[]);
    assert_eq!(knock(&first, "open-sesame").status, 503, "there is no such secret yet");
    let set = loom_with_input(&["secret", "set", "door", "--server", &at(&first)], "open-sesame\n");
    assert_eq!((set.code, set.out.trim()), (0, "door is set"), "{}", set.err);
    assert_eq!((knock(&first, "open-sesame").body, knock(&first, "open").status), ("1".to_owned(), 401));
    assert_eq!(ask(&first, &["secret", "list"]), json!({ "secrets": [{ "name": "door" }] }));
    drop(first);
    let second = start(folder.path(), &[]);
    // The secret has stayed, and so has what the flow counted; also with another key.
    assert_eq!(knock(&second, "open-sesame").body, "2");
    drop(second);
    let data = folder.path().join("data");
    let rotated = json(&["secret", "rotate", "--data", data.to_str().expect("a plain path"), "--json"]);
    assert_eq!(rotated, json!({ "sealed": 1, "closed": [] }));
    let second = start(folder.path(), &[]);
    assert_eq!(knock(&second, "open-sesame").body, "3");
    for file in std::fs::read_dir(folder.path().join("data")).expect("a folder") {
        let path = file.expect("a file").path();
        let bytes = if path.is_file() { std::fs::read(path).expect("it can be read") } else { Vec::new() };
        assert!(!bytes.windows(11).any(|part| part == b"open-sesame"), "the secret is on disk as it is");
    }
    assert_eq!(ask(&second, &["secret", "delete", "door"])["present"], json!(false));
    assert_eq!(knock(&second, "open-sesame").status, 503);
    for (name, value, says) in [("door", "abc", "secret.unfit"), ("../x", "long enough", "cannot be the name")] {
        let ran = loom_with_input(&["secret", "set", name, "--server", &at(&second)], value);
        assert!(ran.code != 0 && ran.err.contains(says), "{}", ran.err);
    }
}

#[test]
fn triggers_are_paused_and_flows_go_with_their_documents() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hello.flow.json");
    let hello = r#"{"loomwork": 1, "id": "hello", "output": "string",
        "triggers": [{"id": "web", "kind": "http", "method": "GET", "path": "/hello"},
                     {"id": "daily", "kind": "cron", "schedule": "@daily"},
                     {"id": "hand", "kind": "manual"}],
        "nodes": [{"id": "answer", "use": "return", "with": {"value": "hello"}}]}"#;
    std::fs::write(&file, hello).expect("written");
    let server = start(folder.path(), &[]);
    assert_eq!(server.get("/hello").body, "\"hello\"");
    let list = ask(&server, &["triggers"]);
    assert_eq!((&list["triggers"][0]["about"], &list["triggers"][1]["kind"]), (&json!("GET /hello"), &json!("cron")));
    assert!(list["triggers"][1]["next"].is_u64(), "{list:#}");
    assert_eq!(ask(&server, &["triggers", "pause", "hello", "web"])["paused"], json!(true));
    let paused = server.get("/hello");
    assert_eq!((paused.status, paused.json()["code"].clone()), (503, json!("trigger.paused")));
    // It can be started by hand, until that is paused too.
    let by_hand = || loom(&["start", "hello", "--input", "null", "--server", &at(&server)]);
    assert_eq!(by_hand().code, 0, "{}", by_hand().err);
    assert_eq!(ask(&server, &["triggers", "pause", "hello", "hand"])["paused"], json!(true));
    assert!(by_hand().err.contains("trigger.paused"), "{}", by_hand().err);
    assert_eq!(ask(&server, &["triggers", "resume", "hello", "web"])["paused"], json!(false));
    assert_eq!(server.get("/hello").status, 200);
    // Deployed without a file, routed all the same, and gone when it is undeployed.
    let other = folder.path().join("other.json");
    std::fs::write(&other, hello.replace("\"hello\"", "\"other\"").replace("/hello", "/other")).expect("written");
    ask(&server, &["deploy", other.to_str().expect("a plain path")]);
    assert_eq!(server.get("/other").body, "\"other\"");
    ask(&server, &["undeploy", "other"]);
    assert_eq!(server.get("/other").status, 404);
    assert_eq!(ask(&server, &["rollback", "other", "1"])["version"], json!(1));
    assert_eq!(server.get("/other").status, 200);
    std::fs::remove_file(&file).expect("it is there");
    server.wait_for("/hello", |answer| answer.status == 404);
    let unknown = loom(&["triggers", "pause", "hello", "web", "--server", &at(&server)]);
    assert!(unknown.err.contains("flow.not_found"), "{}", unknown.err);
}

#[test]
fn with_a_token_only_those_who_send_it_are_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = folder.path().join("token");
    std::fs::write(&token, "0123456789abcdef\n").expect("written");
    let token = token.to_str().expect("a plain path");
    let server = start(folder.path(), &["--token-file", token]);
    let without = loom(&["runs", "--server", &at(&server)]);
    assert!(without.code == 1 && without.err.contains("api.unauthorized"), "{}", without.err);
    assert_eq!(ask(&server, &["runs", "--token-file", token])["runs"], json!([]));
    drop(server);
    let open = start(folder.path(), &[]);
    let foreign = open.send_as("GET", "/api/runs", "origin: https://evil.example", "");
    assert_eq!((foreign.status, foreign.json()["code"].clone()), (403, json!("api.foreign")));
    let ran = loom(&["serve", folder.path().to_str().expect("a plain path"), "--address", "0.0.0.0:0"]);
    assert!(ran.code == 2 && ran.err.contains("--token-file"), "{}", ran.err);
}

/// Asks itself for `/seen`, which answers with the header that it saw.
const ASKS: &str = r#"{"loomwork": 1, "id": "asks", "packages": {"http": "loom:http@0.1"}, "input": "json", "output": "json",
    "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/asks"}],
    "nodes": [{"id": "get", "use": "http#get-json", "with": {"url": "{{ input.url }}"}},
              {"id": "answer", "use": "return", "with": {"value": "{{ nodes.get }}"}}],
    "wires": [{"from": "get", "to": "answer"}]}"#;
const SEEN: &str = r#"{"loomwork": 1, "id": "seen", "input": "record { headers: record { traceparent: string } }", "output": "json",
    "durability": "memory",
    "triggers": [{"id": "web", "kind": "http", "method": "GET", "path": "/seen/{id}", "input": "request"}],
    "nodes": [{"id": "answer", "use": "return", "with": {"value": "{{ input.headers.traceparent }}"}}]}"#;

/// A collector that gives the body of the first request it gets.
fn collector() -> (String, std::sync::mpsc::Receiver<Vec<u8>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (got, gets) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = std::io::BufReader::new(stream.expect("a connection"));
            let mut length = 0;
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).expect("a header");
                match line.trim().to_ascii_lowercase().split_once(": ") {
                    Some(("content-length", value)) => length = value.parse().expect("a number"),
                    _ if line.trim().is_empty() => break,
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("the body");
            stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").expect("an answer");
            got.send(body).ok();
        }
    });
    (address, gets)
}

/// Waits, and asks then.
const WAITS: &str = r#"{"loomwork": 1, "id": "waits", "packages": {"http": "loom:http@0.1"}, "input": "json", "output": "json",
    "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/waits", "answer": "now"}],
    "nodes": [{"id": "go", "use": "wait", "with": {"signal": {"name": "go", "type": "record { url: string }"}}},
              {"id": "call", "use": "call", "with": {"flow": "asks", "input": {"url": "{{ nodes.go.url }}"}}},
              {"id": "get", "use": "http#get-json", "with": {"url": "{{ nodes.go.url }}"}},
              {"id": "answer", "use": "return", "with": {"value": ["{{ nodes.call }}", "{{ nodes.get }}"]}}],
    "wires": [{"from": "go", "to": "call"}, {"from": "call", "to": "get"}, {"from": "get", "to": "answer"}]}"#;

fn has(all: &[u8], bytes: &[u8]) -> bool {
    all.windows(bytes.len()).any(|part| part == bytes)
}

#[test]
fn a_kept_run_is_in_its_callers_trace_also_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("asks", ASKS), ("seen", SEEN), ("waits", WAITS)] {
        std::fs::write(folder.path().join(format!("{name}.flow.json")), text).expect("written");
    }
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let header = format!("traceparent: 00-{trace}-{parent}-01");
    let (collector, gets) = collector();
    let first = start(folder.path(), &["--traces", &collector]);
    let begun = first.send_as("POST", "/waits", &header, "null");
    let run = begun.json()["run"].as_str().expect("an id").to_owned();
    drop(first);
    let second = start(folder.path(), &["--traces", &collector]);
    let payload = json!({ "url": format!("{}/seen/7", at(&second)) }).to_string();
    ask(&second, &["signal", "go", "--run", &run, "--payload", &payload]);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let output = loop {
        let view = ask(&second, &["runs", "show", &run]);
        if view["state"] == "finished" {
            break view["output"].clone();
        }
        assert!(std::time::Instant::now() < until, "{view:#}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    // What it asked for, and what the flow that it called did.
    for seen in output.as_array().expect("two") {
        assert_eq!(seen.as_str().and_then(|seen| seen.split('-').nth(1)), Some(trace), "{seen}");
    }
    let bytes = |hex: &str| {
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex")).collect::<Vec<u8>>()
    };
    let mut all = Vec::new();
    while !has(&all, &bytes(parent)) {
        all.extend(gets.recv_timeout(std::time::Duration::from_secs(20)).expect("the run's span hangs under its caller's"));
    }
    assert!(has(&all, &bytes(trace)) && has(&all, b"waits"));
}

#[test]
fn what_runs_is_counted_and_traced() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("asks.flow.json"), ASKS).expect("written");
    std::fs::write(folder.path().join("seen.flow.json"), SEEN).expect("written");
    let (collector, gets) = collector();
    let server = start(folder.path(), &["--traces", &collector]);
    let answer = server.post("/asks", &json!({ "url": format!("{}/seen/7", at(&server)) }).to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let seen = answer.json().as_str().expect("text").replace('"', "");
    let trace = seen.split('-').nth(1).expect("a traceparent").to_owned();
    assert_eq!(trace.len(), 32, "{seen}");
    let numbers = server.get("/metrics").body;
    for line in [
        "loom_runs_started_total{flow=\"asks\",trigger=\"http\"} 1",
        "loom_runs_ended_total{flow=\"asks\",state=\"succeeded\"} 1",
        "loom_steps_total{function=\"http#get-json\",outcome=\"ok\"} 1",
        "loom_http_requests_total{route=\"/seen/{id}\",status=\"200\"} 1",
        "loom_runs_active 0",
        "loom_queue_depth{queue=\"runs\"} 0",
        "loom_queue_depth{queue=\"journal\"} 0",
        "loom_pool_instances_used ",
    ] {
        assert!(numbers.contains(line), "{line} is not in\n{numbers}");
    }
    let limit = numbers.lines().find_map(|line| line.strip_prefix("loom_pool_instances_limit ")).expect("counted");
    assert!(limit.parse::<u64>().expect("a number") > 0);
    // The run that is not kept can be looked at while it is new.
    let recent = ask(&server, &["runs", "recent"]);
    assert_eq!((&recent["runs"][0]["flow"], &recent["runs"][0]["state"]), (&json!("seen"), &json!("finished")), "{recent:#}");
    let run = recent["runs"][0]["id"].as_str().expect("an id");
    assert_eq!(ask(&server, &["runs", "show", run])["output"], json!(seen));
    let commits = numbers.lines().find_map(|line| line.strip_prefix("loom_commits_total ")).expect("counted");
    assert!(commits.parse::<u64>().expect("a number") >= 1);
    // Both runs are in one trace: the one that is not kept takes its caller's.
    let mut bodies = Vec::new();
    while bodies.iter().filter(|body: &&Vec<u8>| !body.is_empty()).flatten().count() < 10_000 {
        match gets.recv_timeout(std::time::Duration::from_secs(6)) {
            Ok(body) => bodies.push(body),
            Err(_) => break,
        }
        let all = bodies.concat();
        let has = |text: &str| all.windows(text.len()).any(|part| part == text.as_bytes());
        if has("http#get-json") && has("seen") && has("asks") {
            return;
        }
    }
    panic!("the spans did not come");
}
