//! The server: hot reload, mistakes that leave the last good version, requests that are not right.

use crate::loom::serve;
use serde_json::json;
use std::path::Path;

fn flow(folder: &Path, value: &str) {
    let text = format!(
        r#"{{"loomwork": 1, "id": "hello", "output": "string", "durability": "memory",
            "triggers": [{{"id": "web", "kind": "http", "method": "GET", "path": "/hello"}}],
            "nodes": [{{"id": "answer", "use": "return", "with": {{"value": {value}}}}}]}}"#
    );
    std::fs::write(folder.join("hello.flow.json"), text).expect("written");
}

#[test]
fn a_saved_file_is_taken_up_and_a_mistake_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    flow(folder.path(), "\"one\"");
    let server = serve(folder.path());
    assert_eq!(server.get("/hello").json(), json!("one"));
    flow(folder.path(), "\"two\"");
    server.wait_for("/hello", |answer| answer.json() == json!("two"));
    flow(folder.path(), "\"{{ nosuch }}\"");
    server.wait_for("/healthz", |answer| answer.json()["with_mistakes"].as_array().is_some_and(|all| all.len() == 1));
    assert_eq!(server.get("/hello").json(), json!("two"));
    std::fs::remove_file(folder.path().join("hello.flow.json")).expect("removed");
    server.wait_for("/hello", |answer| answer.status == 404);
}

#[test]
fn requests_that_are_not_right() {
    let folder = tempfile::tempdir().expect("a folder");
    flow(folder.path(), "\"one\"");
    let server = serve(folder.path());
    let wrong = server.send("DELETE", "/hello", "");
    assert_eq!((wrong.status, &wrong.json()["code"]), (405, &json!("http.method")));
    let nowhere = server.get("/nowhere");
    assert_eq!((nowhere.status, &nowhere.json()["code"]), (404, &json!("http.not_found")));
    assert!(nowhere.json()["hint"].is_string() && nowhere.json()["request_id"].is_string());
    assert!(nowhere.head.contains("x-request-id"));
}
