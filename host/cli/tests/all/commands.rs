//! Each command once, as a person types it, and once wrongly.

use crate::loom::{json, loom, root};
use serde_json::json;

#[test]
fn check_says_where_and_what() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bad.flow.json");
    std::fs::write(
        &file,
        r#"{"loomwork": 1, "id": "bad", "nodes": [{"id": "a", "use": "retrun"}], "wires": [{"from": "a", "to": "b"}]}"#,
    )
    .expect("written");
    let ran = loom(&["check", file.to_str().expect("a path")]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("error[") && ran.err.contains("retrun") && ran.err.contains("return"), "{}", ran.err);
    let shown = loom(&["check", file.to_str().expect("a path"), "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).expect("JSON");
    assert!(
        shown["diagnostics"].as_array().is_some_and(|all| all.len() >= 2 && all.iter().all(|one| one["line"] == 1)),
        "{shown:#}"
    );
}

#[test]
fn run_prints_the_output_and_the_trace() {
    let args = ["run", "examples/order-intake/order-intake.flow.json", "--input", "@examples/order-intake/input.json"];
    let expected = std::fs::read_to_string(root().join("examples/order-intake/expected.json")).expect("read");
    assert_eq!(json(&args), serde_json::from_str::<serde_json::Value>(&expected).expect("JSON"));
    let traced = loom(&[&args[..], &["--trace"]].concat());
    assert!(traced.err.contains("amount") && traced.err.contains("µs"), "{}", traced.err);
    let whole = json(&[&args[..], &["--trace", "--json"]].concat());
    assert_eq!(whole["steps"].as_array().map(Vec::len), Some(4), "three lines and their sum: {whole:#}");
}

#[test]
fn a_capability_that_is_not_granted_is_named() {
    let ran = loom(&["run", "examples/fan-out/fan-out.flow.json", "--input", r#"{"url": "http://127.0.0.1:1", "count": 1}"#]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("capability.not_granted") && ran.err.contains("loom:host/http") && ran.err.contains("--grant"),
        "{}",
        ran.err
    );
}

#[test]
fn compile_and_inspect() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("order.wasm");
    let target = target.to_str().expect("a path");
    let compiled = json(&["compile", "examples/order-intake/order-intake.flow.json", "-o", target, "--json"]);
    assert!(compiled["digest"].as_str().is_some_and(|digest| digest.starts_with("sha256:")));
    let again = json(&["compile", "examples/order-intake/order-intake.flow.json", "-o", target, "--json"]);
    assert_eq!(compiled["digest"], again["digest"], "the same document gives the same bytes");
    let shown = loom(&["inspect", target]);
    assert!(
        shown.out.contains("flow order-intake") && shown.out.contains("loom:number") && shown.out.contains("runtime module"),
        "{}",
        shown.out
    );
    assert_eq!(json(&["inspect", target, "--json"])["document"]["id"], json!("order-intake"));
    assert!(shown.out.contains("is what the document becomes"), "{}", shown.out);
    assert_eq!(json(&["inspect", target, "--json"])["genuine"], json!(true));
    let mut bytes = std::fs::read(target).expect("written");
    let at = bytes.windows(12).position(|text| text == b"order-intake").expect("the document is in it");
    bytes[at] = b'O';
    std::fs::write(target, bytes).expect("written");
    assert_eq!(json(&["inspect", target, "--json"])["genuine"], json!(null), "no flow has such an id");
    let component = loom(&["inspect", "dist/components/std-wasip2.wasm"]);
    assert!(component.out.contains("resource"), "what cannot be a node is listed with its reason: {}", component.out);
}

#[test]
fn nodes_lists_and_explains() {
    let all = loom(&["nodes"]);
    assert!(all.out.contains("loom:text") && all.out.contains("split: func("), "{}", all.out);
    let one = loom(&["nodes", "loom:text#split"]);
    for part in ["effect: pure", "gives: list<string>", "text.too_large", r#""use": "text#split""#] {
        assert!(one.out.contains(part), "{part} in {}", one.out);
    }
    let none = loom(&["nodes", "nosuchfunction"]);
    assert_eq!(none.code, 2);
}

#[test]
fn call_one_function() {
    let slug = json(&["call", "loom:text#slug", "--input", r#"{"text": "Ça va, Ada?"}"#, "--json"]);
    assert_eq!(slug["output"], json!("ca-va-ada"));
    let wrong = loom(&["call", "loom:text#slug", "--input", r#"{"txt": "x"}"#]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("type."), "{}", wrong.err);
    assert_eq!(loom(&["call", "loom:text"]).code, 2);
    assert_eq!(json(&["call", "text#slug", "--input", r#"{"text": "Ada"}"#]), json!("ada"), "a package by its short name");
    let missing = loom(&["call", "loom:txt#slug"]);
    assert!(missing.code == 2 && missing.err.contains("loom:text"), "{}", missing.err);
    let misspelt = loom(&["call", "loom:text#slgu"]);
    assert!(misspelt.code == 2 && misspelt.err.contains("text#slug"), "{}", misspelt.err);
}

#[test]
fn wrong_use_is_answered_with_a_hint() {
    assert_eq!(loom(&["run"]).code, 2);
    assert_eq!(loom(&["run", "nosuch.flow.json"]).code, 2);
    let address = loom(&["serve", "examples", "--address", "0.0.0.0:0"]);
    assert_eq!(address.code, 2);
    assert!(address.err.contains("--token-file"), "{}", address.err);
    let grant = loom(&["run", "examples/order-intake/order-intake.flow.json", "--grant", "htp:x"]);
    assert_eq!(grant.code, 2, "{}", grant.err);
}

#[test]
fn pins_stand_in_for_what_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pinned.flow.json");
    let text = r#"{"loomwork": 1, "id": "pinned", "packages": {"http": "loom:http@0.1"}, "output": "json",
        "nodes": [{"id": "got", "use": "http#get-json", "with": {"url": "http://127.0.0.1:1/"}, "pin": {"name": "Ada"}},
                  {"id": "pause", "use": "wait", "with": {"duration": "99d"}, "pin": null},
                  {"id": "answer", "use": "return", "with": {"value": "Hello, {{ nodes.got.name }}!"}}],
        "wires": [{"from": "got", "to": "pause"}, {"from": "pause", "to": "answer"}]}"#;
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("a path");
    assert_eq!(json(&["run", file, "--pins"]), json!("Hello, Ada!"), "nothing is called, so nothing need be granted");
    assert!(loom(&["run", file]).err.contains("capability.not_granted"));
}

#[test]
fn a_disabled_node_passes_on_and_asks_for_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("off.flow.json");
    let text = r#"{"loomwork": 1, "id": "off", "packages": {"http": "loom:http@0.1"}, "output": "json",
        "nodes": [{"id": "name", "use": "set", "with": {"is": "Ada"}},
                  {"id": "got", "use": "http#get-json", "with": {"url": "http://127.0.0.1:1/"}, "disabled": true},
                  {"id": "answer", "use": "return", "with": {"value": "{{ nodes.got.is }}"}}],
        "wires": [{"from": "name", "to": "got"}, {"from": "got", "to": "answer"}]}"#;
    std::fs::write(&file, text).expect("written");
    assert_eq!(json(&["run", file.to_str().expect("a path")]), json!("Ada"));
}

#[test]
fn programs_are_told_everything_as_json() {
    let told = |args: &[&str]| {
        let ran = loom(&[args, &["--json"]].concat());
        (
            ran.code,
            serde_json::from_str::<serde_json::Value>(&ran.out).unwrap_or_else(|_| panic!("{args:?}: {}{}", ran.out, ran.err)),
        )
    };
    let (code, wrong) = told(&["run", "nosuch.flow.json"]);
    assert_eq!((code, &wrong["error"]["kind"]), (2, &json!("usage")));
    let (code, wrong) = told(&["compile", "examples/order-intake/order-intake.flow.json", "-o", "/nosuch/x.wasm"]);
    assert_eq!((code, &wrong["error"]["kind"]), (4, &json!("unavailable")));
    let (code, wrong) = told(&["call", "loom:text#slgu"]);
    assert_eq!((code, wrong["error"]["hint"].is_string()), (2, true));
    let folder = tempfile::tempdir().expect("a folder");
    let bad = folder.path().join("bad.flow.json");
    std::fs::write(&bad, "{").expect("written");
    let bad = bad.to_str().expect("a path");
    for command in ["check", "compile", "run", "fmt"] {
        let (code, wrong) = told(&[command, bad]);
        assert_eq!((code, &wrong["diagnostics"][0]["code"]), (3, &json!("json.syntax")), "{command}");
    }
    let (code, wrong) = told(&["eval", "1 +"]);
    assert_eq!((code, &wrong["diagnostics"][0]["code"]), (3, &json!("expr.syntax")));
    let (code, wrong) = told(&["call", "text#slug", "--input", r#"{"txt": 1}"#]);
    assert_eq!((code, &wrong["fault"]["code"]), (1, &json!("type.unknown_field")));
}
