//! The largest expressions the parser takes can be generated and run, and answer as the evaluator does.

use super::names::Typed;
use super::stage::{Stage, agree};
use loomwork_expr::generate::single;
use loomwork_expr::{MAX_HEIGHT, Mode, check, evaluate, parse};
use loomwork_value::{Meter, Value};

#[test]
fn the_longest_and_the_deepest_expressions_run() {
    let high = usize::from(MAX_HEIGHT) - 10;
    let nested = |open: &str, middle: &str, close: &str, count: usize| open.repeat(count) + middle + &close.repeat(count);
    for source in [
        vec!["1"; high].join(" + "),
        vec!["true"; high].join(" && "),
        vec!["[1].exists(n, n / 0 == 1)"; high / 2].join(" || "),
        nested("[", "1", "]", high),
        nested("-(", "1", ")", high),
        nested("(1 / 1 == 1 && ", "true", ")", high / 2),
        nested("[1].map(n, ", "n", ")", high / 2),
        nested("(true ? ", "1", " : 2)", high),
        nested("cel.bind(n, 1, n + ", "1", ")", high / 2),
        "[1, 2, 3] + ".repeat(high) + "[]",
        format!("[{}]", vec!["1 * 2"; 6000].join(", ")),
        format!("[{}].all(n, n && true)", vec!["1 / 1 == 1 && 2 > 1"; 1500].join(", ")),
    ] {
        same(&source);
    }
}

#[test]
fn what_would_grow_without_end_is_stopped() {
    for source in [
        "lists.range(1000000).map(n, lists.range(1000000).map(m, n * m))",
        "lists.range(1000).map(n, lists.range(1000).map(m, lists.range(1000).map(o, 'x')))",
        "lists.range(1000000).all(n, lists.range(1000000).all(m, true))",
        "cel.bind(a, [0, 0, 0, 0, 0, 0, 0, 0], cel.bind(b, a.map(n, a), cel.bind(c, b.map(n, b), cel.bind(d, c.map(n, c), d == d))))",
        "lists.range(25).map(n, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').join('a').replace('a', lists.range(5000).map(n, 'b').join('')).replace('b', 'ccccccccccccc')",
    ] {
        same(source);
    }
}

fn same(source: &str) {
    let shown: String = source.chars().take(60).collect();
    let Ok(parsed) = parse(source) else { panic!("{shown}… does not parse") };
    let checked = check(&parsed, &Typed, Mode::Strict).unwrap_or_else(|problems| panic!("{shown}…: {problems:?}"));
    let expected = evaluate(&checked, &Vec::<Value>::new(), &mut Meter::default());
    let answer = Stage::new(&[&checked]).eval(0, &single::bindings([]));
    assert!(agree(&expected, &answer), "{shown}… is not the same on both back ends");
}
