//! `loom serve --data`: runs that survive the server, and the commands that look after them.

use crate::loom::{Served, json, loom, serve_with};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const ORDER: &str = r#"{"loomwork": 1, "id": "order", "input": "record { id: string }", "output": "json",
    "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/orders", "answer": "now"}],
    "nodes": [{"id": "paid", "use": "wait", "with": {"signal": {"name": "paid", "key": "{{ input.id }}"}}},
              {"id": "answer", "use": "return", "with": {"value": {"order": "{{ input.id }}", "paid": "{{ nodes.paid }}"}}}],
    "wires": [{"from": "paid", "to": "answer"}]}"#;

const ASK: &str = r#"{"loomwork": 1, "id": "ask", "input": "string", "output": "json",
    "nodes": [{"id": "ask", "use": "wait", "with": {"approval": {"title": "Pay {{ input }}?", "self_approval": false}}},
              {"id": "answer", "use": "return", "with": {"value": "{{ nodes.ask.approved }}"}}],
    "wires": [{"from": "ask", "to": "answer"}]}"#;

fn start(folder: &Path) -> Served {
    let data = folder.join("data");
    serve_with(folder, &["--data", data.to_str().expect("a plain path"), "--no-watch"])
}

/// A command to this server, its output read as JSON.
fn ask(server: &Served, args: &[&str]) -> Value {
    let address = format!("http://{}", server.address);
    json(&[args, &["--server", &address, "--json"]].concat())
}

/// Looks at a run until it is in this state.
fn until(server: &Served, run: &str, state: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let view = ask(server, &["runs", "show", run]);
        if view["state"] == state {
            return view;
        }
        assert!(Instant::now() < end, "{view:#}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Says something before it has slept, and something else at its end.
fn talks(folder: &Path, id: &str, durability: &str, answer: &str, sleep: &str) {
    let said = r#"{"status": 203, "headers": [{"name": "x-said", "value": "soon"}], "body": "soon", "bytes": null}"#;
    let text = format!(
        r#"{{"loomwork": 1, "id": "{id}", "output": "string", "answer": "http-response", "durability": "{durability}",
            "triggers": [{{"id": "web", "kind": "http", "method": "GET", "path": "/{id}", "answer": "{answer}"}}],
            "nodes": [{{"id": "say", "use": "respond", "with": {{"value": {said}}}}},
                      {{"id": "sleep", "use": "wait", "with": {{"duration": "{sleep}"}}}},
                      {{"id": "end", "use": "return", "with": {{"value": "the end"}}}}],
            "wires": [{{"from": "say", "to": "sleep"}}, {{"from": "sleep", "to": "end"}}]}}"#
    );
    std::fs::write(folder.join(format!("{id}.flow.json")), text).expect("written");
}

#[test]
fn a_trigger_is_answered_with_what_it_waits_for() {
    let folder = tempfile::tempdir().expect("a folder");
    for durability in ["memory", "steps"] {
        talks(folder.path(), &format!("{durability}-respond"), durability, "respond", "1h");
        talks(folder.path(), &format!("{durability}-result"), durability, "result", "100ms");
    }
    let server = start(folder.path());
    for durability in ["memory", "steps"] {
        let said = server.get(&format!("/{durability}-respond"));
        assert_eq!((said.status, said.body.as_str()), (203, "soon"), "{durability}: {}", said.head);
        assert!(said.head.contains("x-said: soon"), "{durability}: {}", said.head);
        let end = server.get(&format!("/{durability}-result"));
        assert_eq!((end.status, end.body.as_str()), (200, "\"the end\""), "{durability}: {}", end.head);
    }
}

#[test]
fn what_was_rolled_back_stays_so_until_the_document_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let save = |value: &str| {
        let text = format!(
            r#"{{"loomwork": 1, "id": "hello", "output": "string",
                "triggers": [{{"id": "web", "kind": "http", "method": "GET", "path": "/hello"}}],
                "nodes": [{{"id": "answer", "use": "return", "with": {{"value": "{value}"}}}}]}}"#
        );
        std::fs::write(folder.path().join("hello.flow.json"), text).expect("written");
    };
    let says = |server: &Served, value: &str| assert_eq!(server.get("/hello").json(), json!(value));
    save("one");
    says(&start(folder.path()), "one");
    save("two");
    let server = start(folder.path());
    says(&server, "two");
    ask(&server, &["rollback", "hello", "1"]);
    says(&server, "one");
    drop(server);
    let server = start(folder.path());
    says(&server, "one");
    drop(server);
    save("three");
    says(&start(folder.path()), "three");
}

#[test]
fn without_a_database_that_can_be_read_runs_what_needs_none() {
    let folder = tempfile::tempdir().expect("a folder");
    for durability in ["memory", "steps"] {
        talks(folder.path(), durability, durability, "result", "1ms");
    }
    let server = start(folder.path());
    for durability in ["memory", "steps"] {
        assert_eq!(server.get(&format!("/{durability}")).status, 200);
    }
    server.stop();
    let path = folder.path().join("data/loom.db");
    let mut bytes = std::fs::read(&path).expect("it is there");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 5_000].fill(0xa5);
    std::fs::write(&path, &bytes).expect("it can be written");
    let server = start(folder.path());
    assert_eq!(server.get("/memory").status, 200);
    let refused = server.get("/steps");
    assert_eq!((refused.status, &refused.json()["code"]), (503, &json!("store.damaged")), "{}", refused.body);
    let at = format!("http://{}", server.address);
    for command in [&["runs"][..], &["signal", "go"], &["secret", "list"]] {
        let ran = loom(&[command, &["--server", &at]].concat());
        assert!(ran.code != 0 && ran.err.contains("damaged"), "{command:?}: {}", ran.err);
    }
    server.stop();
    assert!(std::fs::read(&path).expect("it is there") == bytes, "the file was changed");
}

#[test]
fn a_run_survives_its_server() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("order.flow.json"), ORDER).expect("written");
    let first = start(folder.path());
    let begun = first.post("/orders", r#"{"id": "a-7"}"#);
    assert_eq!(begun.status, 202, "{}", begun.body);
    let run = begun.json()["run"].as_str().expect("an id").to_owned();
    drop(first);
    let second = start(folder.path());
    until(&second, &run, "waiting");
    assert_eq!(ask(&second, &["signal", "paid", "--key", "a-7", "--payload", "12"]), json!({ "heard": 1 }));
    let view = until(&second, &run, "finished");
    assert_eq!(view["output"], json!({ "order": "a-7", "paid": 12 }));
    assert_eq!(ask(&second, &["replay", &run])["agrees"], json!(true));
    let again = ask(&second, &["runs", "again", &run]);
    let again = again["run"].as_str().expect("an id");
    ask(&second, &["cancel", again]);
    until(&second, again, "cancelled");
    let list = ask(&second, &["runs", "--flow", "order"]);
    assert_eq!(list["runs"].as_array().map(Vec::len), Some(2), "{list:#}");
}

#[test]
fn people_are_asked_and_versions_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ask.flow.json"), ASK).expect("written");
    let server = start(folder.path());
    let run = ask(&server, &["start", "ask", "--input", "\"12\"", "--as", "bob", "--idempotency-key", "k"])["run"].clone();
    let same = ask(&server, &["start", "ask", "--input", "\"12\"", "--idempotency-key", "k"]);
    assert_eq!(same, json!({ "run": run, "existing": true }));
    let run = run.as_str().expect("an id");
    until(&server, run, "waiting");
    let open = ask(&server, &["approve"]);
    let question = &open["questions"][0];
    assert_eq!((&question["run"], &question["form"]["title"]), (&json!(run), &json!("Pay 12?")));
    let step = question["step"].to_string();
    let answer = r#"{"by": "bob", "verdict": "approved"}"#;
    let own = server.send_as("POST", &format!("/api/approvals/{run}/{step}"), "content-type: application/json", answer);
    assert_eq!((own.status, own.json()["code"].clone()), (403, json!("approval.own_run")), "{}", own.body);
    assert!(own.json()["hint"].as_str().is_some_and(|hint| hint.contains("self_approval")), "{}", own.body);
    assert_eq!(ask(&server, &["approve", run, &step, "--as", "ann"]), json!({ "complete": true }));
    let view = until(&server, run, "finished");
    assert_eq!((&view["output"], &view["by"]), (&json!(true), &json!("bob")));

    let changed = folder.path().join("changed.json");
    std::fs::write(&changed, ASK.replace("Pay {{ input }}?", "Really?")).expect("written");
    let deployed = ask(&server, &["deploy", changed.to_str().expect("a plain path")]);
    assert_eq!(deployed["flows"][0]["version"], json!(2));
    assert_eq!(ask(&server, &["rollback", "ask", "1"])["version"], json!(1));
    assert_eq!(ask(&server, &["flows", "ask"])["versions"][0]["active"], json!(true));
}

#[test]
fn a_run_is_watched_until_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("order.flow.json"), ORDER).expect("written");
    let server = start(folder.path());
    let run = server.post("/orders", r#"{"id": "a-7"}"#).json()["run"].as_str().expect("an id").to_owned();
    until(&server, &run, "waiting");
    let mut all = server.watch(None);
    let address = format!("http://{}", server.address);
    let watching = ["runs", "watch", &run, "--server", &address].map(str::to_owned);
    let watching = std::thread::spawn(move || loom(&watching.each_ref().map(String::as_str)));
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(ask(&server, &["signal", "paid", "--key", "a-7", "--payload", "12"]), json!({ "heard": 1 }));
    let watched = watching.join().expect("it does not panic");
    assert_eq!(watched.code, 0, "{}", watched.err);
    let last = watched.out.lines().last().expect("it tells something");
    assert!(last.contains(&run) && last.ends_with("order  finished"), "{}", watched.out);
    assert_eq!(all.until_ended().last().map(String::as_str), Some("ended"));
    // What has ended is told at once, and how it ended.
    let ran = loom(&["runs", "watch", &run, "--server", &address, "--json"]);
    let event: Value = serde_json::from_str(&ran.out).expect("one event");
    assert_eq!((ran.code, &event["what"], &event["state"]), (0, &json!("ended"), &json!("finished")));
    let again = ask(&server, &["runs", "again", &run])["run"].as_str().expect("an id").to_owned();
    ask(&server, &["cancel", &again]);
    until(&server, &again, "cancelled");
    assert_eq!(loom(&["runs", "watch", &again, "--server", &address]).code, 1);
    // Those who watch do not keep a server from stopping.
    let began = Instant::now();
    server.stop();
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path());
    let address = format!("http://{}", server.address);
    let refused = |args: &[&str]| loom(&[args, &["--server", &address]].concat());
    let unknown = "run_00000000000000000000000000";
    for (args, says) in [
        (vec!["runs", "show", unknown], "run.unknown"),
        (vec!["runs", "show", "nonsense"], "run.not_an_id"),
        (vec!["runs", "watch", "nonsense"], "run.not_an_id"),
        (vec!["runs", "watch", unknown], "run.unknown"),
        (vec!["cancel", unknown], "run.unknown"),
        (vec!["start", "nothing"], "flow.not_found"),
        (vec!["signal", "paid", "--run", unknown], "run.unknown"),
        (vec!["approve", unknown, "1", "--as", "ann"], "run.unknown"),
        (vec!["rollback", "nothing", "1"], "flow.not_found"),
    ] {
        let ran = refused(&args);
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{args:?}: {}", ran.err);
    }
    let nobody = loom(&["runs", "--server", "http://127.0.0.1:1"]);
    assert_eq!(nobody.code, 4);
    assert!(nobody.err.contains("loom serve"), "{}", nobody.err);
    let second = loom(&[
        "serve",
        folder.path().to_str().expect("a plain path"),
        "--address",
        "127.0.0.1:0",
        "--data",
        folder.path().join("data").to_str().expect("a plain path"),
    ]);
    assert_eq!(second.code, 4, "{}", second.err);
}
