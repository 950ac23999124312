//! One expression at one spot: read, checked, and what is wrong with it put at its place in the document.

use super::known::{Misread, Names, Why};
use super::{Builder, Spot};
use crate::report::brief;
use loomwork_diagnostic::{Diagnostic, Span};
use loomwork_expr::ast::{Expr, ExprKind};
use loomwork_expr::ir::Checked;
use loomwork_expr::{Mode, Ty};
use loomwork_flow::Json;

/// Where an expression is written: the string in the document, and how far into it.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub pointer: &'t str,
    /// Byte offset into the decoded string.
    pub offset: usize,
}

impl Builder<'_, '_, '_> {
    /// Checks the text of an expression. None if it is wrong, which has been reported.
    pub(super) fn expression(&mut self, text: &str, source: Source<'_>, spot: Spot) -> Option<Checked> {
        let parsed = match loomwork_expr::parse(text) {
            Ok(parsed) => parsed,
            Err(diagnostics) => {
                self.report.inner(source.pointer, source.offset, diagnostics);
                return None;
            }
        };
        let names = Names::new(&self.known, spot);
        let checked = loomwork_expr::check(&parsed, &names, Mode::Template);
        let misread = names.misread.into_inner();
        let sound = misread.is_empty();
        let mut told: Vec<&str> = Vec::new();
        for one in &misread {
            if !told.contains(&one.id.as_str()) {
                told.push(&one.id);
                self.tell_misread(one, &parsed, source, spot);
            }
        }
        match checked {
            Ok(checked) => sound.then_some(checked),
            Err(diagnostics) => {
                self.report.inner(source.pointer, source.offset, diagnostics);
                None
            }
        }
    }

    /// A parameter that must be exactly one expression (`{{ … }}`), of a type. A literal list or truth value will do.
    pub(super) fn value_expression(&mut self, json: &Json, pointer: &str, spot: Spot) -> Option<Checked> {
        let text = match json {
            Json::String(text) => text,
            literal => {
                // JSON without templates is an expression as it stands.
                let text = loomwork_flow::print_json(literal);
                if text.contains("{{") {
                    let hint = "Write the whole value as one expression: `{{ [nodes.a, nodes.b] }}`.".to_owned();
                    self.report.error_hint("flow.not_an_expression", pointer, "expressions stand inside this value", hint);
                    return None;
                }
                return self.expression(&text, Source { pointer, offset: 0 }, spot);
            }
        };
        match super::template::single_expression(text) {
            Some((expression, offset)) => self.expression(expression, Source { pointer, offset }, spot),
            None => {
                let hint = match text.contains("{{") {
                    true => "Leave out what stands around `{{ … }}`.".to_owned(),
                    false => format!("Write `{{{{ {} }}}}`.", brief(text.trim())),
                };
                self.report.error_hint("flow.not_an_expression", pointer, "this is text, not an expression", hint);
                None
            }
        }
    }

    /// A parameter that is a condition.
    pub(super) fn condition(&mut self, json: &Json, pointer: &str, spot: Spot) -> Option<Checked> {
        let checked = self.value_expression(json, pointer, spot)?;
        match checked.root.ty {
            Ty::Bool | Ty::Dyn => Some(checked),
            _ => {
                let hint = "A condition gives true or false: compare something, `input.total > 100`.".to_owned();
                self.report.error_hint("flow.type_mismatch", pointer, "this is not a condition", hint);
                None
            }
        }
    }

    fn tell_misread(&mut self, misread: &Misread, parsed: &Expr, source: Source<'_>, spot: Spot) {
        let id = brief(&misread.id);
        let draft = self.known.draft;
        let (code, message, hint) = match misread.why {
            Why::Unknown => {
                let hint = self.report.did_you_mean(&misread.id, draft.ids.keys().copied());
                ("flow.unknown_node", format!("there is no node `{id}`"), hint)
            }
            Why::NotUpstream => {
                let hint = match spot.when {
                    super::known::When::Node(node) if draft.id(node) == misread.id => {
                        "A node cannot read its own output, unless it is in a loop.".to_owned()
                    }
                    _ => format!("Wire `{id}` to this node, over as many steps as you like."),
                };
                ("flow.not_upstream", format!("`{id}` does not run before this"), Some(hint))
            }
            Why::Inside(owner) => {
                let owner = draft.id(owner);
                let hint = format!("What `{owner}` should give out goes into its `result`; read `nodes.{owner}`.");
                ("flow.not_upstream", format!("`{id}` lives inside `{owner}` and cannot be read from here"), Some(hint))
            }
            Why::TooEarly => {
                let hint = "Only `input` and `vars` are there before a run begins.".to_owned();
                ("flow.not_upstream", "there is no run yet when this is worked out".to_owned(), Some(hint))
            }
        };
        let span = mention(parsed, &misread.id).unwrap_or(parsed.span);
        let span = self.report.inside(source.pointer, span.shifted(source.offset));
        self.report.push(Diagnostic { hint, ..Diagnostic::error(code, span, message) });
    }
}

/// Where `nodes.<id>` stands in an expression.
fn mention(expr: &Expr, id: &str) -> Option<Span> {
    node_named(expr)
        .filter(|named| *named == id)
        .map(|_| expr.span)
        .or_else(|| expr.kind.parts().find_map(|part| mention(part, id)))
}

/// The id, if the expression is `nodes.<id>` or `nodes.?<id>`.
pub(crate) fn node_named(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Select { operand, field, .. } => match &operand.kind {
            ExprKind::Name { name, .. } if **name == *"nodes" => Some(field),
            _ => None,
        },
        _ => None,
    }
}
