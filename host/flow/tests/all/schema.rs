//! The published schema and the reader say yes to the same documents.

use crate::{any, cases};
use loomwork_flow::{json_schema, parse, print};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(&json_schema()).expect("the schema is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::draft202012::new(&schema).expect("the schema can be used")
});

fn judge(text: &str) -> bool {
    SCHEMA.is_valid(&serde_json::from_str(text).expect("the document is JSON"))
}

/// The reader looks at shapes only; the form of ids is the checker's business, so the properties use good ones.
fn named(mut flow: loomwork_flow::Flow) -> loomwork_flow::Flow {
    flow.id = format!("a{}", flow.id);
    flow
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_printed_satisfies_the_schema(flow in any::flow()) {
        let text = print(&named(flow));
        let json: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = SCHEMA.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        prop_assert!(errors.is_empty(), "{errors:?}\n{text}");
    }

    /// One value anywhere is replaced by something else, or one member renamed: both say the same of the result.
    #[test]
    fn reader_and_schema_agree_on_changed_documents(flow in any::flow(), at in any::<prop::sample::Index>(), with in 0usize..8) {
        let mut json: Value = serde_json::from_str(&print(&named(flow))).unwrap();
        change(&mut json, &mut at.index(40), with);
        let text = json.to_string();
        let readable = parse(&text).2.is_empty();
        prop_assert_eq!(readable, judge(&text), "{}", text);
    }
}

const OTHERS: [fn() -> Value; 7] = [
    || Value::Null,
    || Value::from(true),
    || Value::from(7),
    || Value::from(-1.5),
    || Value::from("any"),
    || Value::from(Vec::<Value>::new()),
    || Value::Object(Default::default()),
];

/// Changes the value that is `left` steps into a walk over the document. What is free in form is left alone.
fn change(json: &mut Value, left: &mut usize, with: usize) -> bool {
    if *left == 0 {
        match (with.checked_sub(1), &mut *json) {
            (Some(other), json) => *json = OTHERS[other](),
            (None, Value::Object(members)) => {
                members.insert("stranger".into(), Value::from("any"));
            }
            (None, json) => *json = Value::from("other"),
        }
        return true;
    }
    *left -= 1;
    match json {
        Value::Array(items) => items.iter_mut().any(|item| change(item, left, with)),
        Value::Object(members) => members
            .iter_mut()
            .filter(|(name, _)| !["view", "id"].contains(&name.as_str()))
            .any(|(_, value)| change(value, left, with)),
        _ => false,
    }
}

/// Every example in the tree, and every case of the checker that is not about its shape.
#[test]
fn examples_satisfy_the_schema() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let mut seen = 0;
    let mut folders = vec![format!("{root}examples"), format!("{root}host/check/cases")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path.display().to_string());
            } else if path.to_string_lossy().ends_with(".flow.json") {
                let text = std::fs::read_to_string(&path).unwrap();
                let (_, _, diagnostics) = parse(&text);
                if let Ok(json) = serde_json::from_str(&text) {
                    let shapely = diagnostics.iter().all(|d| d.code.starts_with("json."));
                    assert!(!shapely || SCHEMA.is_valid(&json) || !judged(&text), "{}", path.display());
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "there are examples");
}

/// The schema also knows the form of ids, which only the checker does on this side.
fn judged(text: &str) -> bool {
    let (flow, _, _) = parse(text);
    flow.is_some_and(|flow| flow.nodes.iter().all(|node| loomwork_flow::id_mistake(&node.id).is_none()))
}
