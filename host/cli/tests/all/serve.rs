//! The server: hot reload, mistakes that leave the last good version, requests that are not right.

use crate::loom::{serve, serve_with};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
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
    assert!(wrong.head.contains("allow: GET, HEAD, OPTIONS"), "{}", wrong.head);
    let options = server.send("OPTIONS", "/hello", "");
    assert!(options.status == 204 && options.head.contains("allow: GET, HEAD, OPTIONS"), "{}", options.head);
    let head = server.send("HEAD", "/hello", "");
    assert_eq!((head.status, head.body.as_str()), (200, ""), "GET without its body: {}", head.head);
    assert!(head.head.contains("content-length: 5"), "{}", head.head);
    let nowhere = server.get("/nowhere");
    assert_eq!((nowhere.status, &nowhere.json()["code"]), (404, &json!("http.not_found")));
    assert!(nowhere.json()["hint"].is_string() && nowhere.json()["request_id"].is_string());
    assert!(nowhere.head.contains("x-request-id"));
}

#[test]
fn only_callers_with_the_token_are_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let guarded = |id: &str, secret: &str| {
        let text = format!(
            r#"{{"loomwork": 1, "id": "{id}", "output": "json", "input": "record {{ headers: json }}", "durability": "memory",
                "triggers": [{{"id": "web", "kind": "http", "method": "GET", "path": "/{id}", "input": "request", "auth": "{secret}"}}],
                "nodes": [{{"id": "answer", "use": "return", "with": {{"value": "{{{{ input.headers }}}}"}}}}]}}"#
        );
        std::fs::write(folder.path().join(format!("{id}.flow.json")), text).expect("written");
    };
    guarded("known", "door");
    guarded("lost", "nosuch");
    let secrets = folder.path().join("secrets");
    std::fs::write(&secrets, "door=s3sam-open\n").expect("written");
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o600)).expect("ours");
    let server = serve_with(folder.path(), &["--secrets", secrets.to_str().expect("a path")]);
    let bearer = |path: &str, token: &str| server.send_as("GET", path, &format!("authorization: {token}"), "");
    for wrong in ["Bearer s3sam", "Bearer s3sam-open-", "Basic s3sam-open", "s3sam-open", "Bearer"] {
        let answer = bearer("/known", wrong);
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("http.unauthorized")), "{wrong}");
        assert!(answer.head.contains("www-authenticate: Bearer") && answer.head.contains("application/problem+json"));
    }
    assert_eq!(server.get("/known").status, 401);
    let right = bearer("/known", "Bearer s3sam-open");
    assert_eq!((right.status, &right.json()["authorization"]), (200, &json!(null)), "the flow does not see it: {}", right.body);
    let lost = bearer("/lost", "Bearer s3sam-open");
    assert_eq!((lost.status, &lost.json()["code"]), (503, &json!("http.guard")), "a secret that is not there admits nobody");
    assert!(!lost.body.contains("nosuch"), "nor is it named: {}", lost.body);
}

#[test]
fn only_signed_requests_are_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = r#"{"loomwork": 1, "id": "hook", "output": "json", "input": "record { zen: string }", "durability": "memory",
        "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/hook", "verify": {"scheme": "github", "secret": "hook"}}],
        "nodes": [{"id": "answer", "use": "return", "with": {"value": "{{ input.zen }}"}}]}"#;
    std::fs::write(folder.path().join("hook.flow.json"), text).expect("written");
    let later =
        text.replace("\"hook\", \"output\"", "\"later\", \"output\"").replace("\"/hook\"", "\"/later\", \"answer\": \"now\"");
    std::fs::write(folder.path().join("later.flow.json"), later.replace("\"durability\": \"memory\",", "")).expect("written");
    let secrets = folder.path().join("secrets");
    std::fs::write(&secrets, "hook=It's a Secret to Everybody\n").expect("written");
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o600)).expect("ours");
    let server = serve_with(folder.path(), &["--secrets", secrets.to_str().expect("a path")]);
    let body = r#"{"zen": "Speak like a human."}"#;
    let input = json!({ "text": body, "key": "It's a Secret to Everybody", "algorithm": "sha256" }).to_string();
    let signature = crate::loom::json(&["call", "crypto#hmac", "--input", &input]);
    let header = format!("x-hub-signature-256: sha256={}", signature.as_str().expect("text"));
    let signed = server.send_as("POST", "/hook", &header, body);
    assert_eq!((signed.status, signed.json()), (200, json!("Speak like a human.")), "{}", signed.body);
    let changed = server.send_as("POST", "/hook", &header, r#"{"zen": "Speak like a robot."}"#);
    assert_eq!((changed.status, &changed.json()["code"]), (401, &json!("signature.mismatch")));
    let unsigned = server.post("/hook", body);
    assert_eq!((unsigned.status, &unsigned.json()["code"]), (401, &json!("signature.missing")));
    // One that comes again starts nothing again, whatever key its sender, or somebody else, puts beside it.
    let again = |key: &str| server.send_as("POST", "/later", &format!("{header}\r\nidempotency-key: {key}"), body).json();
    let first = again("a");
    assert!(first["run"].is_string(), "{first}");
    assert_eq!(again("b"), first);
}

#[test]
fn a_flow_says_everything_about_its_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = r#"{"loomwork": 1, "id": "files", "input": "record { name: string, rest: string }", "output": "http-response",
        "triggers": [{"id": "web", "kind": "http", "method": "PUT", "path": "/files/{name}/{*rest}"}],
        "nodes": [{"id": "answer", "use": "return", "with": {"value": {
            "status": 201,
            "headers": [{"name": "location", "value": "/{{ input.name }}"}, {"name": "x-a", "value": "1"}, {"name": "x-a", "value": "2"}],
            "body": {"kept": "{{ input.rest }}"}
        }}}]}"#;
    std::fs::write(folder.path().join("files.flow.json"), text).expect("written");
    let server = serve(folder.path());
    let answer = server.send("PUT", "/files/a%20b/c/d%2Fe", "");
    assert_eq!((answer.status, answer.json()), (201, json!({ "kept": "c/d/e" })), "{}", answer.body);
    for header in ["location: /a b", "x-a: 1", "x-a: 2", "content-type: application/json"] {
        assert!(answer.head.contains(header), "{header} in {}", answer.head);
    }
    let broken = server.send("PUT", "/files/a%0Ab/c", "");
    assert_eq!((broken.status, &broken.json()["code"]), (500, &json!("http.response")), "{}", broken.body);
}

#[test]
fn a_kept_result_is_used_again_where_the_flow_allows_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |id: &str, cache: &str| {
        let text = format!(
            r#"{{"loomwork": 1, "id": "{id}", "packages": {{"kv": "loom:kv@0.1"}}, "output": "json", "durability": "memory",
                "triggers": [{{"id": "web", "kind": "http", "method": "GET", "path": "/{id}"}}],
                "nodes": [{{"id": "got", "use": "kv#get", "with": {{"store": "jobs", "key": "k"}} {cache}}},
                          {{"id": "answer", "use": "return", "with": {{"value": "{{{{ nodes.got }}}}"}}}}],
                "wires": [{{"from": "got", "to": "answer"}}]}}"#
        );
        std::fs::write(folder.path().join(format!("{id}.flow.json")), text).expect("written");
    };
    read("fresh", "");
    read("kept", r#", "cache": "1h""#);
    let add = r#"{"loomwork": 1, "id": "add", "packages": {"kv": "loom:kv@0.1"}, "output": "json", "durability": "memory",
        "triggers": [{"id": "web", "kind": "http", "method": "POST", "path": "/add"}],
        "nodes": [{"id": "added", "use": "kv#increment", "with": {"store": "jobs", "key": "k", "by": 1}},
                  {"id": "answer", "use": "return", "with": {"value": "{{ nodes.added }}"}}],
        "wires": [{"from": "added", "to": "answer"}]}"#;
    std::fs::write(folder.path().join("add.flow.json"), add).expect("written");
    let server = serve(folder.path());
    server.post("/add", "");
    let first = server.get("/kept");
    assert_eq!((first.status, &first.body), (200, &server.get("/fresh").body), "{}", first.body);
    server.post("/add", "");
    assert_eq!(server.get("/kept").body, first.body);
    assert_ne!(server.get("/fresh").body, first.body);
}
