//! The examples do what their folders say, through the server that the demo starts.

use crate::loom::{Served, json, loom, root, serve};
use serde_json::{Value, json};

/// All examples together, as the demo serves them.
fn server() -> Served {
    serve(&root().join("examples"))
}

fn file(path: &str) -> String {
    std::fs::read_to_string(root().join("examples").join(path)).expect("an example's file")
}

fn expected(example: &str) -> Value {
    serde_json::from_str(&file(&format!("{example}/expected.json"))).expect("JSON")
}

/// An input that names the demo's address, for the server of this test.
fn here(server: &Served, input: &str) -> String {
    file(input).replace("127.0.0.1:7420", &server.address.to_string())
}

#[test]
fn an_order_is_priced_and_accepted() {
    let answer = server().post("/orders", &file("order-intake/input.json"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json(), expected("order-intake"));
}

#[test]
fn a_large_order_goes_to_review() {
    let answer = server().post("/orders", r#"{"customer": "Ada", "lines": [{"sku": "desk", "quantity": 3}]}"#);
    assert_eq!((answer.status, &answer.json()["status"]), (200, &json!("review")), "{}", answer.body);
}

#[test]
fn an_order_that_is_not_one_is_a_typed_422() {
    let wrong = [
        (r#"{"customer": " ", "lines": []}"#, "order.customer"),
        (r#"{"customer": "Ada", "lines": []}"#, "order.lines"),
        (r#"{"customer": "Ada", "lines": [{"sku": "pen", "quantity": 0}]}"#, "order.quantity"),
        (r#"{"customer": "Ada", "lines": [{"sku": "moon", "quantity": 1}]}"#, "order.sku"),
        (r#"{"customer": "Ada", "lines": [{"sku": "pen"}]}"#, "type.missing_field"),
    ];
    let server = server();
    for (body, code) in wrong {
        let answer = server.post("/orders", body);
        assert_eq!((answer.status, &answer.json()["code"]), (422, &json!(code)), "{}", answer.body);
        assert!(answer.head.contains("application/problem+json"));
    }
}

#[test]
fn a_report_over_real_data() {
    let answer = server().send_as("POST", "/report", "content-type: text/csv", &file("weather-report/seattle-weather.csv"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json(), json!(file("weather-report/expected.md")));
}

#[test]
fn a_job_is_polled_until_it_is_done() {
    let server = server();
    let answer = server.post("/poll", &here(&server, "poll-job/input.json"));
    assert_eq!((answer.status, answer.json()), (200, expected("poll-job")), "{}", answer.body);
}

#[test]
fn a_job_that_cannot_be_asked_for_is_an_error_of_its_own() {
    let answer = server().post("/poll", r#"{"url": "http://127.0.0.1:1/jobs/1"}"#);
    assert_eq!((answer.status, &answer.json()["code"]), (502, &json!("job.unreachable")), "{}", answer.body);
}

#[test]
fn two_hundred_calls_and_what_failed_of_them() {
    let server = server();
    let answer = server.post("/fan-out", &here(&server, "fan-out/input.json"));
    assert_eq!((answer.status, answer.json()), (200, expected("fan-out")), "{}", answer.body);
}

#[test]
fn every_example_checks_and_is_in_canonical_form() {
    let checked =
        json(&["check", "examples/order-intake", "examples/weather-report", "examples/poll-job", "examples/fan-out", "--json"]);
    assert_eq!(checked["diagnostics"], json!([]), "{checked:#}");
    let formatted = loom(&["fmt", "--check", "examples"]);
    assert_eq!(formatted.code, 0, "not in canonical form:\n{}", formatted.out);
}
