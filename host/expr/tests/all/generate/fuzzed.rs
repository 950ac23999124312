//! What fuzzing found to reach new code has the same answer and the same cost on both back ends.

use super::differential::{Tally, compare};
use super::stage::Stage;
use loomwork_expr::ir::Checked;
use loomwork_expr::testing::{World, expression};
use loomwork_expr::{Mode, Roots, check, parse};
use loomwork_value::Value;

/// Expressions in one module.
const BATCH: usize = 200;

#[test]
fn the_fuzzed_expressions_have_the_same_answer_on_both_back_ends() {
    let expressions = corpus();
    assert!(expressions.len() > 300, "a corpus of {} expressions is none", expressions.len());
    let row: Vec<Option<Value>> = (0..).map_while(|root| World.get(root)).map(Some).collect();
    let mut tally = Tally::default();
    for batch in expressions.chunks(BATCH) {
        let checked: Vec<&Checked> = batch.iter().map(|(_, checked)| checked).collect();
        let mut stage = Stage::new(&checked);
        for (number, (source, checked)) in (0..).zip(batch) {
            compare(&mut stage, number, source, checked, &row, &mut tally);
        }
    }
}

/// The committed inputs that are expressions of [`World`], in both modes.
fn corpus() -> Vec<(String, Checked)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/fuzz/corpus/expression");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("there is a corpus").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let mut expressions = Vec::new();
    for path in paths {
        let bytes = std::fs::read(path).expect("a readable file");
        let source = String::from_utf8(bytes).unwrap_or_else(|error| expression(error.as_bytes()));
        let Ok(parsed) = parse(&source) else { continue };
        for mode in [Mode::Strict, Mode::Template] {
            expressions.extend(check(&parsed, &World, mode).ok().map(|checked| (source.clone(), checked)));
        }
    }
    expressions
}
