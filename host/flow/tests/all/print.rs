//! One layout: printing and reading are inverse, and the layout is what Git merges well.

use crate::{any, cases};
use expect_test::expect;
use loomwork_flow::{parse, print};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_printed_is_read_again(flow in any::flow()) {
        let text = print(&flow);
        let (read, _, diagnostics) = parse(&text);
        prop_assert!(diagnostics.is_empty(), "{diagnostics:?}\n{text}");
        prop_assert_eq!(&read, &Some(flow));
        prop_assert_eq!(print(&read.unwrap()), text);
    }
}

#[test]
fn the_layout() {
    let written = r#"{"nodes":[{"use":"text#split","id":"a","with":{"text":"{{ input.text }}","separators":[",",";"],
        "long":["one word of some length","another word of some length","and a third word of some length","x"]},
        "retry":{"attempts":3,"delay":"1s"},"disabled":false,"join":"all"}, {"id":"b","use":"return"}],
        "wires":[{"to":"b","port":"ok","from":"a"},{"from":"a","port":"error","to":"b"}],
        "packages":{"text":"loom:text@0.1"},"loomwork":1,"id":"demo","durability":"steps",
        "view":{"nodes":{"a":{"x":10,"y":20},"b":{"x":200,"y":20}},"zoom":1.50}}"#;
    let (flow, _, diagnostics) = parse(written);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    expect![[r#"
        {
          "loomwork": 1,
          "id": "demo",
          "packages": {
            "text": "loom:text@0.1"
          },
          "nodes": [
            {
              "id": "a",
              "use": "text#split",
              "with": {
                "text": "{{ input.text }}",
                "separators": [",", ";"],
                "long": [
                  "one word of some length",
                  "another word of some length",
                  "and a third word of some length",
                  "x"
                ]
              },
              "retry": { "attempts": 3, "delay": "1s" }
            },
            {
              "id": "b",
              "use": "return"
            }
          ],
          "wires": [
            { "from": "a", "to": "b" },
            { "from": "a", "port": "error", "to": "b" }
          ],
          "view": {
            "nodes": {
              "a": { "x": 10, "y": 20 },
              "b": { "x": 200, "y": 20 }
            },
            "zoom": 1.50
          }
        }
    "#]]
    .assert_eq(&print(&flow.unwrap()));
}
