//! What is wrong, and how it is told.

use super::Checker;
use crate::Ty;
use crate::ir::{Kind, Node};
use loomwork_diagnostic::{Diagnostic, Span};

impl Checker<'_> {
    /// Something that cannot be evaluated: a diagnostic in a template, a failure at run time in strict CEL.
    pub(super) fn problem(&mut self, error: Diagnostic) -> Node {
        let failure = Kind::Fail { code: error.code, message: error.message.clone() };
        let span = error.span;
        if !self.strict() {
            self.diagnostics.push(error);
        }
        Node { kind: failure, ty: Ty::Dyn, span }
    }

    /// A mistake about a node that is all right otherwise.
    pub(crate) fn told(&mut self, error: Diagnostic, node: Node) -> Node {
        self.diagnostics.push(error);
        node
    }

    /// A mistake in the form of a macro: a diagnostic in every mode.
    pub(super) fn mistake(&mut self, error: Diagnostic) -> Node {
        let failure = Kind::Fail { code: error.code, message: error.message.clone() };
        let span = error.span;
        self.diagnostics.push(error);
        Node { kind: failure, ty: Ty::Dyn, span }
    }

    pub(super) fn no_overload(&mut self, what: &str, operands: &[&Ty], span: Span) -> Node {
        let shown: Vec<String> = operands.iter().map(ToString::to_string).collect();
        let error = Diagnostic::error("expr.no_overload", span, format!("{what} cannot take ({})", shown.join(", ")));
        self.problem(with_hint(error, conversion_hint(operands)))
    }

    /// A value that may be null where it must not be.
    pub(super) fn maybe_null(&mut self, node: &Node) -> Node {
        let error = Diagnostic::error("expr.maybe_null", node.span, format!("this may be null: it is {}", node.ty));
        self.problem(error.hint("Give a value for null: x != null ? x : …, or x.orValue(…)."))
    }
}

pub(super) fn with_hint(error: Diagnostic, hint: Option<String>) -> Diagnostic {
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// How to make two operands alike.
fn conversion_hint(operands: &[&Ty]) -> Option<String> {
    let [a, b] = operands else { return None };
    let hint = match (a, b) {
        (Ty::Int | Ty::Uint, Ty::Double) | (Ty::Double, Ty::Int | Ty::Uint) => "Convert the integer with double(…).",
        (Ty::Int, Ty::Uint) | (Ty::Uint, Ty::Int) => "Convert one of them with int(…) or uint(…).",
        (Ty::String, other) | (other, Ty::String) if other.is_number() => {
            "Convert the number with string(…), or the text with int(…) or double(…)."
        }
        (Ty::String, Ty::Timestamp) | (Ty::Timestamp, Ty::String) => "Convert the text with timestamp(…).",
        (Ty::String, Ty::Duration) | (Ty::Duration, Ty::String) => "Convert the text with duration(…).",
        _ => return None,
    };
    Some(hint.to_owned())
}
