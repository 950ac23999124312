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
    check("{{ 1 + }}", expect!["expr.syntax at ``: expected an expression, found the end"]);
    check("{{ input.price = 2 }}", expect!["expr.syntax at `=`: unexpected `=` | write == to compare"]);
    check("{{ 'open }}", expect!["expr.syntax at `'open }}`: a text without an end"]);
    check(r"{{ '\q' }}", expect![[r#"expr.syntax at `\q`: an unknown escape"#]]);
    check("{{ if }}", expect!["expr.reserved at `if`: `if` is a reserved word"]);
    check(
        "{{ 99999999999999999999 }}",
        expect![
            "expr.number at `99999999999999999999`: the number does not fit in an int | Write a `u` after it for a uint, or `.0` for a double."
        ],
    );
    check(
        "{{ Order{id: 1} }}",
        expect![
            "expr.syntax at `{`: expected an operator or the end, found `{` | Messages with a name are not known here: write a map, {'field': value}."
        ],
    );
    check("{{ }}", expect!["expr.syntax at `{{ }}`: an empty expression"]);
    check(
        "total {{ input.price",
        expect!["expr.unclosed at `{{`: `{{` without `}}` | Write {{{{ for two braces that are only text."],
    );
    check(
        &format!("{{{{ {}1{} }}}}", "(".repeat(200), ")".repeat(200)),
        expect!["expr.too_deep at `(`: an expression nested more than 100 deep | Take a part of it out into a `set` node."],
    );
    check(
        &format!("{{{{ 1{} }}}}", " ".repeat(70_000) + "+ 1"),
        expect!["expr.too_long at ``: an expression of more than 64 KiB"],
    );
}

#[test]
fn names_and_fields() {
    check("{{ inptu.price }}", expect!["expr.unknown_name at `inptu`: unknown name `inptu` | Did you mean `input`?"]);
    check(
        "{{ nodes.fetsh.status }}",
        expect!["expr.unknown_name at `nodes.fetsh`: unknown name `nodes.fetsh` | Did you mean `nodes.fetch`?"],
    );
    check(
        "{{ input.pirce * 2 }}",
        expect!["expr.no_such_field at `input.pirce`: there is no field `pirce` | Did you mean `price`?"],
    );
    check(
        "{{ input.customer.phone }}",
        expect!["expr.no_such_field at `input.customer.phone`: there is no field `phone` | It has `name`, `email`."],
    );
    check("{{ input.count.x }}", expect!["expr.no_such_field at `input.count.x`: int has no field `x`"]);
    check(
        "{{ nodes.maybe.status }}",
        expect![
            "expr.maybe_absent at `nodes.maybe`: this may be absent: its node may not have run, or may have failed | Guard it with has(…) ? … : …, or read it with `.?` and give a value with orValue(…)."
        ],
    );
    check(
        "{{ input.customer.email.size() }}",
        expect![
            "expr.maybe_null at `input.customer.email`: this may be null: it is string or null | Give a value for null: x != null ? x : …, or x.orValue(…)."
        ],
    );
}

#[test]
fn types() {
    check(
        "{{ input.price * input.count }}",
        expect![
            "expr.no_overload at `input.price * input.count`: * cannot take (double, int) | Convert the integer with double(…)."
        ],
    );
    check(
        "{{ input.count + '1' }}",
        expect![
            "expr.no_overload at `input.count + '1'`: + cannot take (int, string) | Convert the number with string(…), or the text with int(…) or double(…)."
        ],
    );
    check(
        "{{ input.count == 'one' }}",
        expect![
            "expr.no_overload at `input.count == 'one'`: == cannot take (int, string) | Convert the number with string(…), or the text with int(…) or double(…)."
        ],
    );
    check("{{ input.count ? 1 : 2 }}", expect!["expr.no_overload at `input.count`: a condition must be a bool, and this is int"]);
    check("{{ {1.5: 2} }}", expect!["expr.key_type at `1.5`: double cannot be a key of a map"]);
    check("{{ {'a': 1, 'a': 2} }}", expect!["expr.duplicate_key at `'a'`: this key is there twice"]);
    check(
        "{{ input.customer.email + '!' }}",
        expect![
            "expr.maybe_null at `input.customer.email`: this may be null: it is string or null | Give a value for null: x != null ? x : …, or x.orValue(…)."
        ],
    );
    check(
        "{{ input.count.map(x, x) }}",
        expect!["expr.no_overload at `input.count`: there is nothing to go over in int | It must be a list or a map."],
    );
}

#[test]
fn functions() {
    check("{{ siez(input.lines) }}", expect!["expr.unknown_function at `siez`: unknown function `siez` | Did you mean `size`?"]);
    check(
        "{{ input.customer.name.substring() }}",
        expect!["expr.argument_count at `substring`: `substring` takes 1 to 2 arguments, and here are 0"],
    );
    check(
        "{{ trim(input.customer.name) }}",
        expect!["expr.unknown_function at `trim`: `trim` is not called this way | Write x.trim()."],
    );
    check("{{ input.count.trim() }}", expect!["expr.no_overload at `input.count.trim()`: trim cannot take (int)"]);
    check("{{ has(input) }}", expect!["expr.macro at `has(input)`: has() asks for a field | Write has(a.b)."]);
    check(
        "{{ input.lines.all(1, true) }}",
        expect!["expr.macro at `1`: here must be a name for each element | Write for example list.all(x, x > 0)."],
    );
}

#[test]
fn text() {
    check(
        "Dear {{ input.customer.email }}",
        expect![
            "expr.null_text at `input.customer.email`: this may be null, and null has no text | Give a value for null: x != null ? x : '', or x.orValue('')."
        ],
    );
    check(
        "Status {{ nodes.?maybe.status }}",
        expect!["expr.no_text at `nodes.?maybe.status`: this may have no value | Give a value for none with orValue(…)."],
    );
    check(
        "Raw {{ b'1' }}",
        expect!["expr.no_text at `b'1'`: bytes have no text | Write string(…) if they are UTF-8, or base64.encode(…)."],
    );
}

#[test]
fn guards_narrow() {
    check("{{ has(nodes.maybe) ? nodes.maybe.status : 0 }}", expect!["fine: int"]);
    check("{{ has(nodes.maybe) && nodes.maybe.status == 200 }}", expect!["fine: bool"]);
    check("{{ has(nodes.maybe.status) }}", expect!["fine: bool"]);
    check("{{ !has(nodes.maybe) || nodes.maybe.status == 200 }}", expect!["fine: bool"]);
    check("{{ nodes.?maybe.status.orValue(0) }}", expect!["fine: int"]);
    check("{{ input.customer.email != null ? input.customer.email + '!' : '' }}", expect!["fine: string"]);
    check("{{ has(input.customer.email) ? input.customer.email : 'none' }}", expect!["fine: string"]);
    check("{{ input.customer.email.orValue('none') }}", expect!["fine: string"]);
    check("{{ input.customer.?email.orValue('none') }}", expect!["fine: string"]);
}

#[test]
fn literal_numbers_adapt() {
    check("{{ input.price * 2 }}", expect!["fine: double"]);
    check("{{ 1 - input.price }}", expect!["fine: double"]);
    check("{{ input.price > 0 ? input.price : 0 }}", expect!["fine: double"]);
    check("{{ [1, input.price] }}", expect!["fine: list<double>"]);
    check("{{ input.lines[0].amount * 2 }}", expect!["fine: any value"]);
    check("{{ math.round(2) }}", expect!["fine: double"]);
}

#[test]
fn templates_keep_types_and_make_text() {
    check("{{ input.count }}", expect!["fine: int"]);
    check("{{ input.count }} pieces", expect!["fine: string"]);
    check("{{{{ not an expression }}", expect!["fine: string"]);
    check("{{ {'a': {'b': '}}'}} }}", expect!["fine: record{a}"]);
}
