//! Expressions and templates: text as it comes, and well-typed expressions chosen by the bytes.

use crate::assert_valid_wasm;
use loomwork_expr::generate::single;
use loomwork_expr::ir::Checked;
use loomwork_expr::testing::{World, expression as chosen, has_type};
use loomwork_expr::{Environment, Mode, Names, Roots, check, evaluate, parse, template};
use loomwork_value::{Meter, Value};
use std::borrow::Cow;

/// Split, parsed, checked in both modes, evaluated within a small budget, generated. A value is of its static type; generated code is
/// valid. Bytes that are no text choose an expression that is right.
pub fn expression(data: &[u8]) {
    let text = match std::str::from_utf8(data) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(chosen(data)),
    };
    let _ = template::split(&text);
    let Ok(parsed) = parse(&text) else { return };
    for mode in [Mode::Strict, Mode::Template] {
        let judged = |names: &dyn Environment, roots: &dyn Roots| {
            let checked = check(&parsed, names, mode).ok()?;
            judge(&checked, roots, &text);
            Some(checked)
        };
        if let Some(checked) = judged(&World, &World) {
            assert_valid_wasm(&single::module(&[&checked]).module, &text);
        }
        // Names that may hold anything: what the checker cannot know, evaluation must bear.
        judged(&Names::new(["input", "x"]), &Fixed);
    }
}

fn judge(checked: &Checked, roots: &dyn Roots, text: &str) {
    if let Ok(value) = evaluate(checked, roots, &mut Meter::new(100_000)) {
        assert!(has_type(&value, &checked.root.ty), "{text}\nis {value:?}, not {}", checked.root.ty);
    }
}

struct Fixed;

impl Roots for Fixed {
    fn get(&self, root: u32) -> Option<Value> {
        (root == 0).then_some(Value::Int(7))
    }
}
