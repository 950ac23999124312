//! The public conformance cases of the expression language, through the command, on both back ends.

use crate::loom::{json, loom, root};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CASES: &str = "host/expr/tests/cel/simple.jsonl";

fn cases() -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(root().join(CASES)).expect("the cases");
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    cases.map(|case| (case["id"].as_str().expect("an id").to_owned(), case)).collect()
}

fn results(backend: &str) -> BTreeMap<String, Value> {
    let ran = loom(&["eval", "--batch", CASES, "--backend", backend]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    results.map(|result| (result["id"].as_str().expect("an id").to_owned(), result)).collect()
}

#[test]
fn both_back_ends_pass_and_agree() {
    let cases = cases();
    let (walked, generated) = (results("evaluator"), results("wasm"));
    assert_eq!(walked.len(), cases.len());
    let mut passed = 0;
    for (id, case) in &cases {
        assert_eq!(walked[id]["value"], generated[id]["value"], "{id}");
        assert_eq!(walked[id]["error"]["code"], generated[id]["error"]["code"], "{id}");
        let right =
            if case["error"] == json!(true) { walked[id].get("error").is_some() } else { walked[id]["value"] == case["value"] };
        passed += usize::from(right);
    }
    println!("{passed} of {} conformance cases pass on both back ends", cases.len());
    assert!(passed * 100 >= cases.len() * 95, "{passed} of {}", cases.len());
}

#[test]
fn one_expression() {
    for backend in ["evaluator", "wasm"] {
        let input = r#"{"prices": [1.5, 2.5], "name": "Ada"}"#;
        let shown = json(&["eval", "input.prices.map(p, p * 2.0)", "--input", input, "--backend", backend, "--json"]);
        assert_eq!(shown, json!({ "value": [3.0, 5.0] }));
        let failed = loom(&["eval", "1 / (input.n - 1)", "--input", r#"{"n": 1}"#, "--backend", backend]);
        assert_eq!(failed.code, 1);
        assert!(failed.err.contains("expr.divide_by_zero") || failed.err.contains("divi"), "{}", failed.err);
    }
}

#[test]
fn a_mistake_is_shown_in_its_place() {
    let ran = loom(&["eval", "input.name.lenght()"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("lenght"), "{}", ran.err);
}

#[test]
fn an_expression_that_would_run_for_ever_ends() {
    let list = "[1,2,3,4,5,6,7,8,9,10]";
    let nested = (0..9).fold("true".to_owned(), |body, depth| format!("{list}.all(v{depth}, {body})"));
    for backend in ["evaluator", "wasm"] {
        let ran = loom(&["eval", &nested, "--backend", backend]);
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("limit.cost"), "{}", ran.err);
    }
}
