//! Random expressions have the same answer and the same cost on both back ends.

use super::names::{Typed, bindings};
use super::random::Random;
use super::stage::{Stage, agree};
use loomwork_expr::generate::single;
use loomwork_expr::ir::Checked;
use loomwork_expr::{Mode, Roots, check, evaluate, parse};
use loomwork_value::{Meter, Value};

/// Expressions in one module: compiling is quicker for many together.
const BATCH: usize = 250;

#[test]
fn random_expressions_have_the_same_answer_and_cost_on_both_back_ends() {
    let cases = std::env::var("LOOMWORK_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let rows = bindings();
    let mut tally = Tally::default();
    for batch in 0..usize::div_ceil(cases, BATCH) {
        let expressions: Vec<_> = expressions(&mut Random::new(batch as u64)).take(BATCH).collect();
        let checked: Vec<_> = expressions.iter().map(|(_, checked)| checked).collect();
        let mut stage = Stage::new(&checked);
        for (number, (source, checked)) in expressions.iter().enumerate() {
            let row = &rows[(number + batch) % rows.len()];
            compare(&mut stage, number as u32, source, checked, row, &mut tally);
        }
    }
    eprintln!("{} values, {} errors, {} stopped by their limit", tally.values, tally.errors, tally.stopped);
    // The generator makes enough of everything.
    assert!(tally.values * 4 > tally.errors, "nearly all expressions fail");
    assert!(tally.stopped > tally.values / 8, "limits are hardly tried");
}

#[derive(Default)]
pub struct Tally {
    values: usize,
    errors: usize,
    stopped: usize,
}

/// Expressions that parse and check, endlessly.
fn expressions(random: &mut Random) -> impl Iterator<Item = (String, Checked)> {
    std::iter::repeat_with(|| random.expression()).filter_map(|source| {
        let parsed = parse(&source).ok()?;
        let checked = check(&parsed, &Typed, Mode::Strict).ok()?;
        Some((source, checked))
    })
}

/// What the names hold.
struct Bound<'a>(&'a [Option<Value>]);

impl Roots for Bound<'_> {
    fn get(&self, root: u32) -> Option<Value> {
        self.0.get(root as usize)?.clone()
    }
}

/// Once with the usual limit, then with one just too small and with one that is just enough.
pub fn compare(stage: &mut Stage, number: u32, source: &str, checked: &Checked, row: &[Option<Value>], tally: &mut Tally) {
    let bound = (0..).zip(row.iter().cloned()).filter_map(|(root, value)| Some((root, value?)));
    let bytes = single::bindings(bound);
    let mut meter = Meter::new(100_000);
    let _ = evaluate(checked, &Bound(row), &mut meter);
    let spent = meter.spent();
    for limit in [100_000, spent - 1, spent, spent / 2] {
        let expected = evaluate(checked, &Bound(row), &mut Meter::new(limit));
        stage.limit(limit);
        let answer = stage.eval(number, &bytes);
        assert!(agree(&expected, &answer), "`{source}` with limit {limit} and {row:?}\nis {expected:?}\nbut {answer:?}");
        match expected {
            Ok(_) => tally.values += 1,
            Err(error) if error.code == "limit.cost" => tally.stopped += 1,
            Err(_) => tally.errors += 1,
        }
    }
}
