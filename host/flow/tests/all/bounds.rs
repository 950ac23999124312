//! What is too large or too deep is refused, quickly and with a reason.

use crate::shown;
use expect_test::expect;
use loomwork_flow::{MAX_DEPTH, MAX_VALUES, parse};

#[test]
fn a_hundred_megabytes_are_refused_by_length() {
    let text = "[".repeat(100_000_000);
    let (flow, map, diagnostics) = parse(&text);
    assert!(flow.is_none());
    expect![[r#"
        flow.too_large at ``: the document has 100000000 bytes; at most 4194304 are read
          Keep large data out of the flow: pass it as input, or as a blob.
    "#]]
    .assert_eq(&shown(&text, &diagnostics));
    assert_eq!(map.text(), "", "it is not kept either");
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let codes = |text: &str| parse(text).2.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>();
    assert_eq!(codes(&nested(MAX_DEPTH)), ["flow.wrong_shape"]);
    assert_eq!(codes(&nested(MAX_DEPTH + 1)), ["json.too_deep"]);
    assert_eq!(codes(&"[".repeat(1_000_000)), ["json.too_deep"]);
}

#[test]
fn the_number_of_values_is_bounded() {
    let text = format!("[{}1]", "1,".repeat(MAX_VALUES));
    assert_eq!(parse(&text).2[0].code, "flow.too_large");
}

#[test]
fn nodes_and_wires_are_counted() {
    let nodes = vec!["{\"id\":\"a\",\"use\":\"set\"}"; 2_001].join(",");
    let wires = vec!["{\"from\":\"a\",\"to\":\"a\"}"; 10_001].join(",");
    let text = format!("{{\"loomwork\":1,\"id\":\"a\",\"nodes\":[{nodes}],\"wires\":[{wires}]}}");
    let (flow, _, diagnostics) = parse(&text);
    let flow = flow.unwrap();
    assert_eq!((flow.nodes.len(), flow.wires.len()), (2_000, 10_000));
    assert_eq!(diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), ["flow.too_large", "flow.too_large"]);
}
