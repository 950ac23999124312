//! Reading what people write, and pointing at what is wrong with it.

use crate::{cases, shown};
use expect_test::{Expect, expect};
use loomwork_diagnostic::Span;
use loomwork_flow::{SourceMap, parse};
use proptest::prelude::*;

fn wrong(text: &str, expected: Expect) {
    let (_, _, diagnostics) = parse(text);
    expected.assert_eq(&shown(text, &diagnostics));
}

#[test]
fn syntax_errors_point_at_the_place() {
    wrong(
        "",
        expect![[r#"
        json.syntax at ``: expected a value, found the end of the text
    "#]],
    );
    wrong(
        "{\"a\" 1}",
        expect![[r#"
        json.syntax at `1`: expected `:`, found `1`
    "#]],
    );
    wrong(
        "{\"a\": 01}",
        expect![[r#"
        json.syntax at `1`: not a number as JSON writes it, found `1`
    "#]],
    );
    wrong(
        "{\"a\": [1, 2,]}",
        expect![[r#"
        json.syntax at `]`: a comma before the end, found `]`
    "#]],
    );
    wrong(
        "{\"a\": \"x\ny\"}",
        expect![[r#"
        json.syntax at ``: a control character in a text
          Write a line break as `\n`.
    "#]],
    );
    wrong(
        "{\"a\": \"x",
        expect![[r#"
        json.syntax at ``: a text without an end, found the end of the text
    "#]],
    );
    wrong(
        "{\"a\": \"\\ud800\"}",
        expect![[r#"
        json.syntax at `\`: an escape that JSON does not have, found `\`
    "#]],
    );
    wrong(
        "{\"a\": tru}",
        expect![[r#"
        json.syntax at `t`: expected a value, found `t`
    "#]],
    );
    wrong(
        "{} x",
        expect![[r#"
        json.syntax at `x`: more text after the end of the document, found `x`
    "#]],
    );
    wrong(
        "{ // hello\n}",
        expect![[r#"
        json.syntax at `/`: JSON has no comments
          Put remarks into a node's `note`.
    "#]],
    );
    wrong(
        "{ \"a\": 'x' }",
        expect![[r#"
        json.syntax at `'`: texts stand in double quotes, found `'`
    "#]],
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = r#"{
      "loomwork": 1, "id": 5, "nmae": "x", "durability": "step", "packages": { "a": 1 },
      "triggers": [{ "id": "t", "kind": "htp" }, { "id": "h", "kind": "http", "method": "GET", "paht": "/" }],
      "concurrency": {},
      "nodes": [
        { "use": "set", "maxVisits": 3, "timeout": null },
        { "id": "a", "id": "b", "use": "set", "join": "some", "retry": { "attempts": -1, "facto": 2 }, "disabled": "no" },
        7
      ],
      "wires": [["a", "b"], { "from": "a" }, { "from": "a", "to": "b", "port": 1 }],
      "view": []
    }"#;
    wrong(
        text,
        expect![[r#"
        flow.wrong_shape at `5`: `id` is a text, not 5
        flow.unknown_field at `"nmae"`: a flow has no field `nmae`
          Its fields are `loomwork`, `id`, `description`, `packages`, `types`, `input`, `output`, `answer`, `triggers`, `concurrency`, `debounce`, `timeout`, `error_flow`, `durability`, `nodes`, `wires` and `view`.
        flow.wrong_shape at `"step"`: `durability` of a flow is one of `memory` and `steps`
          Did you mean `steps`?
        flow.wrong_shape at `1`: `a` is a text, not 1
        flow.wrong_shape at `"htp"`: `kind` of a trigger is one of `manual`, `http`, `cron`, `event`, `flow` and `form`
          Did you mean `http`?
        flow.missing_field at `{ "id": "h", "kind": "http", "method": "`: an HTTP trigger needs `path`
        flow.unknown_field at `"paht"`: an HTTP trigger has no field `paht`
          Did you mean `path`?
        flow.missing_field at `{}`: concurrency needs `limit`
        flow.missing_field at `{ "use": "set", "maxVisits": 3, "timeout`: a node needs `id`
        flow.unknown_field at `"maxVisits"`: a node has no field `maxVisits`
          Did you mean `max_visits`?
        flow.wrong_shape at `null`: `timeout` is a text, not null
          Leave it out to have none.
        json.duplicate_key at `"id"`: `id` is given twice
          Keep one of the two.
        flow.wrong_shape at `"some"`: `join` of a node is one of `all` and `any`
        flow.wrong_shape at `-1`: `attempts` is a whole number from 0 up, not -1
        flow.unknown_field at `"facto"`: retry has no field `facto`
          Did you mean `factor`?
        flow.wrong_shape at `"no"`: `disabled` is true or false, not a text
        flow.wrong_shape at `7`: a node is an object, not 7
        flow.wrong_shape at `["a", "b"]`: a wire is an object, not a list
        flow.missing_field at `{ "from": "a" }`: a wire needs `to`
        flow.wrong_shape at `1`: `port` is a text, not 1
        flow.wrong_shape at `[]`: `view` is an object, not a list
    "#]],
    );
}

#[test]
fn a_version_is_needed_and_must_be_known() {
    wrong(
        "[]",
        expect![[r#"
        flow.wrong_shape at `[]`: a flow document is an object, not a list
          A flow document begins with `"loomwork": 1`.
    "#]],
    );
    wrong(
        "{\"id\": \"a\"}",
        expect![[r#"
        flow.version at `{`: the format version `loomwork` is missing
          A flow document begins with `"loomwork": 1`.
    "#]],
    );
    wrong(
        "{\"loomwork\": 2, \"id\": \"a\"}",
        expect![[r#"
        flow.version at `2`: this is not a format version known here: 2
          Versions 1 to 1 can be read. A newer document needs a newer loomwork.
    "#]],
    );
}

#[test]
fn places_are_found_by_pointer() {
    let text = "{\"loomwork\":1,\"id\":\"a\",\"nodes\":[7,{\"id\":\"n\",\"use\":\"set\",\"with\":{\"a/b\":\"x\\ty\\u00e9z\"}}]}";
    let (flow, map, _) = parse(text);
    let at = |span: Span| &text[span.start as usize..span.end as usize];
    assert_eq!(flow.unwrap().nodes.len(), 1, "7 is no node");
    assert_eq!(at(map.value("/nodes/0/id").unwrap()), "\"n\"", "the map counts as the flow does");
    assert_eq!(at(map.key("/nodes/0/with/a~1b").unwrap()), "\"a/b\"");
    assert_eq!(map.value("/nodes/0/retry/when"), None);
    assert_eq!(at(map.span("/nodes/0/with/none/deeper")), "{\"a/b\":\"x\\ty\\u00e9z\"}");
    assert_eq!(at(map.inside("/nodes/0/with/a~1b", Span::new(1, 3))), "\\ty");
    assert_eq!(at(map.inside("/nodes/0/with/a~1b", Span::new(3, 5))), "\\u00e9");
    assert_eq!(at(map.inside("/nodes/0/with/a~1b", Span::new(5, 6))), "z");
    assert_eq!(at(map.inside("/nodes/0/with/a~1b", Span::new(6, 6))), "");
    assert_eq!(SourceMap::default().span("/nodes/0"), Span::default());
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        parse(&text);
    }

    #[test]
    fn broken_documents_are_answered(flow in crate::any::flow(), at in any::<prop::sample::Index>(), with in "\\PC{0,3}") {
        let mut text = loomwork_flow::print(&flow);
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &with);
        let (flow, map, diagnostics) = parse(&text);
        prop_assert!(flow.is_some() || !diagnostics.is_empty());
        for diagnostic in diagnostics {
            prop_assert!(text.get(diagnostic.span.start as usize..diagnostic.span.end as usize).is_some());
        }
        prop_assert_eq!(map.text(), &text);
    }

    #[test]
    fn json_is_read_as_others_read_it(text in json_text()) {
        let ours = loomwork_flow::scan(&text).0.map(|json| loomwork_flow::print_json(&json.to_json()));
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(ours.is_some(), theirs.is_ok(), "{}", text);
        if let Some(ours) = ours {
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&ours).unwrap(), theirs.unwrap());
        }
    }
}

/// JSON, and what nearly is.
fn json_text() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"\\n\"",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\udc00\"",
        "1",
        "-0.5",
        "1e3",
        "01",
        "true",
        "null",
        " ",
        "[1]",
        "{\"b\": 2}",
        "\"é\"",
    ]);
    prop_oneof![
        prop::collection::vec(token, 1..9).prop_map(|tokens| tokens.concat()),
        crate::any::json().prop_map(|json| loomwork_flow::print_json(&json)),
    ]
}
