//! What people are told: one case for each code, in templates.

use expect_test::{Expect, expect};
use loomwork_diagnostic::Diagnostic;
use loomwork_expr::template::{check_template, parse_template};
use loomwork_expr::{Environment, Resolved, Ty};

/// A flow with an input, a node that has run, and one that may not have.
struct Flow;

impl Environment for Flow {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let customer = Ty::record([("name", Ty::String), ("email", Ty::nullable(Ty::String))]);
        let input = [("price", Ty::Double), ("count", Ty::Int), ("customer", customer), ("lines", Ty::list(Ty::Dyn))];
        let (root, consumed, ty, certain) = match path {
            ["input", ..] => (0, 1, Ty::record(input), true),
            ["nodes", "fetch", ..] => (1, 2, Ty::record([("status", Ty::Int)]), true),
            ["nodes", "maybe", ..] => (2, 2, Ty::record([("status", Ty::Int)]), false),
            _ => return None,
        };
        Some(Resolved { root, consumed, ty, certain })
    }

    fn names(&self) -> Vec<String> {
        ["input", "nodes.fetch", "nodes.maybe"].map(str::to_owned).into()
    }
}

fn told(template: &str) -> String {
    let found = parse_template(template).and_then(|parsed| check_template(&parsed, &Flow));
    match found {
        Ok(checked) => format!("fine: {}", checked.root.ty),
        Err(errors) => errors.iter().map(|error| line(template, error)).collect::<Vec<_>>().join("\n"),
    }
}

fn line(template: &str, error: &Diagnostic) -> String {
    let place = &template[error.span.start as usize..error.span.end as usize];
    let hint = error.hint.as_ref().map(|hint| format!(" | {hint}")).unwrap_or_default();
    format!("{} at `{place}`: {}{hint}", error.code, error.message)
}

fn check(template: &str, expected: Expect) {
    expected.assert_eq(&told(template));
}

#[test]
fn syntax() {
    check("{{ 1 + }}", expect![[]]);
    check("{{ input.price = 2 }}", expect![[]]);
    check("{{ 'open }}", expect![[]]);
    check(r"{{ '\q' }}", expect![[]]);
    check("{{ if }}", expect![[]]);
    check("{{ 99999999999999999999 }}", expect![[]]);
    check("{{ Order{id: 1} }}", expect![[]]);
    check("{{ }}", expect![[]]);
    check("total {{ input.price", expect![[]]);
    check(&format!("{{{{ {}1{} }}}}", "(".repeat(200), ")".repeat(200)), expect![[]]);
    check(&format!("{{{{ 1{} }}}}", " ".repeat(70_000) + "+ 1"), expect![[]]);
}

#[test]
fn names_and_fields() {
    check("{{ inptu.price }}", expect![[]]);
    check("{{ nodes.fetsh.status }}", expect![[]]);
    check("{{ input.pirce * 2 }}", expect![[]]);
    check("{{ input.customer.phone }}", expect![[]]);
    check("{{ input.count.x }}", expect![[]]);
    check("{{ nodes.maybe.status }}", expect![[]]);
    check("{{ input.customer.email.size() }}", expect![[]]);
}

#[test]
fn types() {
    check("{{ input.price * input.count }}", expect![[]]);
    check("{{ input.count + '1' }}", expect![[]]);
    check("{{ input.count == 'one' }}", expect![[]]);
    check("{{ input.count ? 1 : 2 }}", expect![[]]);
    check("{{ {1.5: 2} }}", expect![[]]);
    check("{{ {'a': 1, 'a': 2} }}", expect![[]]);
    check("{{ input.customer.email + '!' }}", expect![[]]);
    check("{{ input.count.map(x, x) }}", expect![[]]);
}

#[test]
fn functions() {
    check("{{ siez(input.lines) }}", expect![[]]);
    check("{{ input.customer.name.substring() }}", expect![[]]);
    check("{{ trim(input.customer.name) }}", expect![[]]);
    check("{{ input.count.trim() }}", expect![[]]);
    check("{{ has(input) }}", expect![[]]);
    check("{{ input.lines.all(1, true) }}", expect![[]]);
}

#[test]
fn text() {
    check("Dear {{ input.customer.email }}", expect![[]]);
    check("Status {{ nodes.?maybe.status }}", expect![[]]);
    check("Raw {{ b'1' }}", expect![[]]);
}

#[test]
fn guards_narrow() {
    check("{{ has(nodes.maybe) ? nodes.maybe.status : 0 }}", expect![[]]);
    check("{{ has(nodes.maybe) && nodes.maybe.status == 200 }}", expect![[]]);
    check("{{ has(nodes.maybe.status) }}", expect![[]]);
    check("{{ !has(nodes.maybe) || nodes.maybe.status == 200 }}", expect![[]]);
    check("{{ nodes.?maybe.status.orValue(0) }}", expect![[]]);
    check("{{ input.customer.email != null ? input.customer.email + '!' : '' }}", expect![[]]);
    check("{{ has(input.customer.email) ? input.customer.email : 'none' }}", expect![[]]);
    check("{{ input.customer.email.orValue('none') }}", expect![[]]);
    check("{{ input.customer.?email.orValue('none') }}", expect![[]]);
}

#[test]
fn literal_numbers_adapt() {
    check("{{ input.price * 2 }}", expect![[]]);
    check("{{ 1 - input.price }}", expect![[]]);
    check("{{ input.price > 0 ? input.price : 0 }}", expect![[]]);
    check("{{ [1, input.price] }}", expect![[]]);
    check("{{ input.lines[0].amount * 2 }}", expect![[]]);
    check("{{ math.round(2) }}", expect![[]]);
}

#[test]
fn templates_keep_types_and_make_text() {
    check("{{ input.count }}", expect![[]]);
    check("{{ input.count }} pieces", expect![[]]);
    check("{{{{ not an expression }}", expect![[]]);
    check("{{ {'a': {'b': '}}'}} }}", expect![[]]);
}
