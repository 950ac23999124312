//! How generated code reads: one golden file for each operator, macro and form, accepted with `UPDATE=1`.

use super::names::Typed;
use super::stage::print;
use loomwork_expr::generate::{Target, generate, single};
use loomwork_expr::ir::Checked;
use loomwork_expr::{Mode, check, parse};
use loomwork_value::{Value, tagged};
use std::fmt::Write;
use std::path::PathBuf;

/// File name and expression. Names are those of [`Typed`].
const CASES: &[(&str, &str)] = &[
    ("literal-int", "7"),
    ("literal-text", "'seven'"),
    ("root-int", "i"),
    ("root-guarded", "has(nodes.late) ? nodes.late : 0"),
    ("root-optional", "nodes.?late"),
    ("add-int", "i + j"),
    ("add-uint", "u + v"),
    ("add-double", "d + e"),
    ("add-text", "s + t"),
    ("add-dynamic", "x + y"),
    ("subtract-int", "i - j"),
    ("subtract-uint", "u - v"),
    ("multiply-int", "i * j"),
    ("multiply-uint", "u * v"),
    ("divide-int", "i / j"),
    ("divide-by-constant", "i / 10"),
    ("divide-double", "d / e"),
    ("modulo-int", "i % j"),
    ("negate-int", "-i"),
    ("negate-double", "-d"),
    ("negate-dynamic", "-x"),
    ("not", "!b"),
    ("equal-int", "i == j"),
    ("equal-text", "s == 'done'"),
    ("not-equal-bool", "b != c"),
    ("less-int", "i < j"),
    ("less-uint", "u <= v"),
    ("less-double", "d > e"),
    ("less-text", "s >= t"),
    ("in-list", "i in l"),
    ("and", "b && c"),
    ("and-absorbs", "i / j > 1 && b"),
    ("or", "b || c"),
    ("or-absorbs", "x || y"),
    ("conditional", "b ? i : j"),
    ("conditional-mixed", "b ? i : s"),
    ("select", "r.total"),
    ("select-dynamic", "x.total"),
    ("has", "has(x.total)"),
    ("index-list", "l[0]"),
    ("index-map", "m['a']"),
    ("list", "[i, j]"),
    ("list-optional", "[i, ?x]"),
    ("map", "{'i': i, 'd': d}"),
    ("map-optional", "{'i': i, ?'x': x}"),
    ("all", "l.all(n, n > 0)"),
    ("all-absorbs", "l.all(n, 10 / n > 0)"),
    ("exists", "l.exists(n, n > 0)"),
    ("exists-one", "l.exists_one(n, n > 0)"),
    ("map-macro", "l.map(n, n + 1)"),
    ("map-macro-filter", "l.map(n, n > 0, n + 1)"),
    ("filter", "l.filter(n, n > 0)"),
    ("filter-map-keys", "m.filter(k, k != 'a')"),
    ("all-of-dynamic", "x.all(n, n)"),
    ("transform-list", "l.transformList(at, n, at + n)"),
    ("transform-map", "m.transformMap(k, n, n + 1)"),
    ("transform-map-entry", "m.transformMapEntry(k, n, {k: n})"),
    ("bind", "cel.bind(n, i * i, n + n)"),
    ("optional-select", "x.?total"),
    ("optional-index", "l[?0]"),
    ("optional-or-value", "x.?total.orValue(0)"),
    ("optional-map", "x.?total.optMap(n, [n])"),
    ("optional-flat-map", "x.?lines.optFlatMap(n, n[?0])"),
    ("call", "s.replace('a', 'b')"),
    ("call-of-any", "math.greatest(i, j, 3)"),
    ("call-regex", "s.matches('^a+$')"),
    ("fail", "nothing"),
];

#[test]
fn generated_code_reads_as_its_goldens() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for (name, source) in CASES {
        let text = golden(source);
        let path = folder().join(name).with_extension("wat");
        if update {
            std::fs::create_dir_all(folder()).expect("the folder can be made");
            std::fs::write(&path, &text).expect("the golden can be written");
        } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{name}: `{source}` became\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "accept with UPDATE=1 if this is meant:\n{}", wrong.join("\n"));
}

#[test]
fn every_golden_file_is_of_a_case() {
    for entry in std::fs::read_dir(folder()).expect("the goldens are there") {
        let name = entry.expect("the folder can be read").file_name().into_string().expect("names are plain");
        let case = name.strip_suffix(".wat").expect("goldens end in .wat");
        assert!(CASES.iter().any(|(own, _)| *own == case), "{name} is of no case");
    }
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/generate"))
}

/// The source, the constants by handle, and the function.
fn golden(source: &str) -> String {
    let parsed = parse(source).unwrap_or_else(|problems| panic!("{source}: {problems:?}"));
    let checked = check(&parsed, &Typed, Mode::Strict).unwrap_or_else(|problems| panic!("{source}: {problems:?}"));
    let mut out = format!(";; {source}\n");
    for (handle, value) in constants(&checked) {
        let mut shown = String::new();
        tagged::write(&value, &mut shown);
        writeln!(out, ";; {handle} is {shown}").expect("a string takes all");
    }
    let module = print(&single::module(&[&checked]).module);
    let function = module.lines().skip_while(|line| !line.starts_with("  (func $expression_0"));
    for line in function.take_while(|line| *line != "  )") {
        out.push_str(line.strip_prefix("  ").unwrap_or(line));
        out.push('\n');
    }
    out.push_str(")\n");
    out
}

fn constants(checked: &Checked) -> Vec<(u32, Value)> {
    let mut notes = Notes::default();
    generate(checked, &mut notes);
    notes.constants
}

/// A target that takes notes.
#[derive(Default)]
struct Notes {
    pool: loomwork_expr::generate::Pool,
    constants: Vec<(u32, Value)>,
}

impl Target for Notes {
    fn runtime(&mut self, _: &str) -> u32 {
        0
    }

    fn root(&mut self, _: u32) -> u32 {
        0
    }

    fn constant(&mut self, value: &Value) -> u32 {
        let handle = self.pool.constant(value);
        if !self.constants.iter().any(|(own, _)| *own == handle) {
            self.constants.push((handle, value.clone()));
        }
        handle
    }
}
