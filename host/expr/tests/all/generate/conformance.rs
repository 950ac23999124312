//! The conformance cases on the generated code: the same answer as the evaluator's, value or error.

use super::stage::{Stage, agree};
use loomwork_expr::generate::single;
use loomwork_expr::ir::Checked;
use loomwork_expr::{Mode, Names, check, evaluate, parse};
use loomwork_value::json::{self, Json};
use loomwork_value::{Meter, Value, tagged};

struct Case {
    id: String,
    checked: Checked,
    bindings: Vec<Value>,
}

#[test]
fn every_conformance_case_has_the_same_answer_on_both_back_ends() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cel/simple.jsonl")).expect("the cases are there");
    let cases: Vec<_> = text.lines().filter_map(case).collect();
    assert!(cases.len() > 900, "only {} cases can be checked", cases.len());
    let checked: Vec<_> = cases.iter().map(|case| &case.checked).collect();
    let mut stage = Stage::new(&checked);
    let mut differences = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let expected = evaluate(&case.checked, &case.bindings, &mut Meter::default());
        let bindings = single::bindings((0..).zip(case.bindings.iter().cloned()));
        let answer = stage.eval(number as u32, &bindings);
        if !agree(&expected, &answer) {
            differences.push(format!("{}: {expected:?} but {answer:?}", case.id));
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// A case, unless it does not parse or check: then there is nothing to generate.
fn case(line: &str) -> Option<Case> {
    let Json::Object(fields) = json::read(line).expect("a case is JSON") else { panic!("a case is an object") };
    let field = |name: &str| fields.iter().find(|(own, _)| own == name).map(|(_, value)| value);
    let text = |name: &str| match field(name) {
        Some(Json::String(text)) => text.to_string(),
        _ => panic!("a case has a text `{name}`"),
    };
    let bound = match field("bindings") {
        Some(Json::Object(bound)) => bound.as_slice(),
        _ => &[],
    };
    let names = Names::new(bound.iter().map(|(name, _)| name.to_string()));
    let bindings = bound.iter().map(|(_, value)| tagged::from_json(value).expect("a binding is a tagged value")).collect();
    let parsed = parse(&text("expr")).ok()?;
    let checked = check(&parsed, &names, Mode::Strict).ok()?;
    Some(Case { id: text("id"), checked, bindings })
}
