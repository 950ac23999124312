//! CEL's public conformance cases, on the evaluator, in strict mode.

use loomwork_expr::{Mode, Names, check, evaluate, parse};
use loomwork_value::json::{self, Json};
use loomwork_value::{Meter, Value, ops, tagged};
use std::collections::BTreeMap;

/// One line of the file.
struct Case {
    id: String,
    expr: String,
    bindings: Vec<(String, Value)>,
    /// None if it must fail.
    expected: Option<Value>,
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<String>,
}

#[test]
fn the_simple_tests_pass() {
    let mut families: BTreeMap<String, Tally> = BTreeMap::new();
    for case in cases() {
        let family = case.id.split('/').next().unwrap_or_default().to_owned();
        let tally = families.entry(family).or_default();
        match run(&case) {
            Ok(()) => tally.passed += 1,
            Err(reason) => tally.failed.push(format!("{}: {} — {reason}", case.id, case.expr)),
        }
    }
    let known = include_str!("../cel/known.md");
    let (mut passed, mut total) = (0, 0);
    for (family, tally) in &families {
        let count = tally.passed + tally.failed.len();
        eprintln!("{family:16} {:4} of {count:4}", tally.passed);
        tally.failed.iter().for_each(|failure| eprintln!("  {failure}"));
        assert!(tally.passed * 10 >= count * 9, "{family} is below 90 %");
        for failure in &tally.failed {
            let id = failure.split(':').next().unwrap_or_default();
            assert!(known.contains(id), "{id} fails, and known.md gives no reason");
        }
        passed += tally.passed;
        total += count;
    }
    eprintln!("total            {passed:4} of {total:4}");
    assert!(total == 968 && passed * 100 >= total * 95);
}

/// Whether the case gives what it should.
fn run(case: &Case) -> Result<(), String> {
    match (outcome(case), &case.expected) {
        (Err(_), None) => Ok(()),
        (Err(error), Some(_)) => Err(error),
        (Ok(value), None) => Err(format!("gave {value:?}")),
        (Ok(value), Some(expected)) if same(&value, expected) => Ok(()),
        (Ok(value), Some(expected)) => Err(format!("gave {value:?}, not {expected:?}")),
    }
}

fn outcome(case: &Case) -> Result<Value, String> {
    let told = |found: Vec<loomwork_diagnostic::Diagnostic>| found[0].message.clone();
    let parsed = parse(&case.expr).map_err(told)?;
    let names = Names::new(case.bindings.iter().map(|(name, _)| name.clone()));
    let checked = check(&parsed, &names, Mode::Strict).map_err(told)?;
    let roots: Vec<Value> = case.bindings.iter().map(|(_, value)| value.clone()).collect();
    evaluate(&checked, &roots, &mut Meter::default()).map_err(|error| error.to_string())
}

/// Equal, of the same type all through, and NaN is NaN.
fn same(a: &Value, b: &Value) -> bool {
    let text = |value: &Value| {
        let mut out = String::new();
        tagged::write(value, &mut out);
        out
    };
    text(a) == text(b)
        || a.type_name() == b.type_name()
            && ops::equal(&mut Meter::default(), a, b) == Ok(true)
            && !matches!(a, Value::Map(_) | Value::List(_))
}

fn cases() -> Vec<Case> {
    include_str!("../cel/simple.jsonl").lines().map(read).collect()
}

fn read(line: &str) -> Case {
    let Json::Object(fields) = json::read(line).expect("a case is JSON") else { panic!("a case is an object") };
    let field = |name: &str| fields.iter().find(|(own, _)| own == name).map(|(_, json)| json);
    let text = |name: &str| match field(name) {
        Some(Json::String(text)) => text.to_string(),
        _ => panic!("a case has a {name}"),
    };
    let value = |json: &Json<'_>| tagged::from_json(json).expect("a tagged value");
    let bindings = match field("bindings") {
        Some(Json::Object(bound)) => bound.iter().map(|(name, json)| (name.to_string(), value(json))).collect(),
        _ => Vec::new(),
    };
    Case { id: text("id"), expr: text("expr"), bindings, expected: field("value").map(value) }
}
