//! Bad input through the command and the server: always a fault with a code, and the next request is served.

use crate::loom::{loom, root, serve};
use serde_json::json;

fn check(text: &str) -> crate::loom::Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bad.flow.json");
    std::fs::write(&file, text).expect("written");
    loom(&["check", file.to_str().expect("a path")])
}

#[test]
fn documents_that_are_none() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let double = r#"{"loomwork": 1, "id": "x", "nodes": [{"id": "a", "use": "set"}, {"id": "a", "use": "set"}]}"#;
    for text in ["", "{", "nul", "{\"loomwork\": 99}", "\u{feff}{}", deep.as_str(), double] {
        let ran = check(text);
        assert_eq!(ran.code, 3, "{}", ran.err);
        assert!(ran.err.contains("error["), "{}", ran.err);
    }
    let huge = check(&format!("{{\"loomwork\": 1, \"id\": \"{}\"}}", "x".repeat(50_000_000)));
    assert_eq!(huge.code, 3, "{}", &huge.err[..huge.err.len().min(2000)]);
}

#[test]
fn a_document_of_a_hundred_megabytes_is_refused_unread() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("huge.flow.json");
    std::fs::write(&file, vec![b' '; 100_000_000]).expect("written");
    let ran = loom(&["check", file.to_str().expect("a path")]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("64 MiB"), "{}", ran.err);
}

#[test]
fn components_that_are_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("none.wasm");
    for bytes in [&b"hello"[..], b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0\xff\xff\xff"] {
        std::fs::write(&file, bytes).expect("written");
        let ran = loom(&["inspect", file.to_str().expect("a path")]);
        assert_eq!(ran.code, 2, "{}", ran.err);
    }
}

#[test]
fn bodies_that_are_none_leave_the_server_well() {
    let server = serve(&root().join("examples/order-intake"));
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    for body in ["", "{", "[]", "\"x\"", deep.as_str(), r#"{"customer": "A", "customer": "B", "lines": []}"#] {
        let answer = server.post("/orders", body);
        assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.body);
        assert!(answer.json()["code"].is_string());
    }
    let large = server.post("/orders", &format!("\"{}\"", "x".repeat(9_000_000)));
    assert_eq!((large.status, &large.json()["code"]), (413, &json!("limit.input")));
    let good = server.post("/orders", &std::fs::read_to_string(root().join("examples/order-intake/input.json")).expect("read"));
    assert_eq!(good.status, 200, "{}", good.body);
}
