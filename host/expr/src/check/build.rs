//! List and map literals.

use super::Checker;
use super::operator::adapt_all;
use crate::Ty;
use crate::ast;
use crate::ir::{Element, Entry, Kind, Node};
use loomwork_diagnostic::{Diagnostic, Span};
use loomwork_value::Value;
use std::sync::Arc;

impl Checker<'_> {
    pub(super) fn list(&mut self, elements: &[ast::Element], span: Span) -> Node {
        let mut checked: Vec<Element> = Vec::with_capacity(elements.len());
        for element in elements {
            let value = self.part(&element.value, element.optional);
            checked.push(Element { value, optional: element.optional });
        }
        adapt_all(self.mode, checked.iter_mut().filter(|element| !element.optional).map(|element| &mut element.value));
        let ty = joined(checked.iter().map(|element| held(&element.value.ty, element.optional)));
        Node { kind: Kind::List(checked), ty: Ty::list(ty), span }
    }

    pub(super) fn map(&mut self, entries: &[ast::Entry], span: Span) -> Node {
        let mut checked: Vec<Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = self.expr(&entry.key);
            let value = self.part(&entry.value, entry.optional);
            if !matches!(key.ty, Ty::Bool | Ty::Int | Ty::Uint | Ty::String | Ty::Dyn) {
                let error = Diagnostic::error("expr.key_type", key.span, format!("{} cannot be a key of a map", key.ty));
                return self.problem(error);
            }
            if checked.iter().any(|other| same_text(&other.key, &key)) {
                let error = Diagnostic::error("expr.duplicate_key", key.span, "this key is there twice");
                return self.problem(error);
            }
            checked.push(Entry { key, value, optional: entry.optional });
        }
        let ty = record_ty(&checked).unwrap_or_else(|| map_ty(&checked));
        Node { kind: Kind::Map(checked), ty, span }
    }

    /// An element or a value; behind `?` it must be an optional.
    fn part(&mut self, expr: &ast::Expr, optional: bool) -> Node {
        let node = self.expr(expr);
        if !optional || matches!(node.ty, Ty::Optional(_) | Ty::Dyn) {
            return node;
        }
        let error = Diagnostic::error("expr.no_overload", node.span, format!("`?` needs an optional, and this is {}", node.ty));
        self.problem(error)
    }
}

fn held(ty: &Ty, optional: bool) -> Ty {
    match ty {
        Ty::Optional(inner) if optional => (**inner).clone(),
        _ if optional => Ty::Dyn,
        ty => ty.clone(),
    }
}

fn joined(types: impl Iterator<Item = Ty>) -> Ty {
    types.reduce(|a, b| a.join(&b)).unwrap_or(Ty::Dyn)
}

fn same_text(a: &Node, b: &Node) -> bool {
    matches!((&a.kind, &b.kind), (Kind::Const(Value::String(a)), Kind::Const(Value::String(b))) if a == b)
}

/// A map whose keys are written out and all there.
fn record_ty(entries: &[Entry]) -> Option<Ty> {
    let mut fields: Vec<(Arc<str>, Ty)> = Vec::with_capacity(entries.len());
    for entry in entries {
        match &entry.key.kind {
            Kind::Const(Value::String(name)) if !entry.optional => fields.push((name.clone(), entry.value.ty.clone())),
            _ => return None,
        }
    }
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    (!fields.is_empty()).then(|| Ty::Record(Arc::new(fields)))
}

fn map_ty(entries: &[Entry]) -> Ty {
    let keys = joined(entries.iter().map(|entry| entry.key.ty.clone()));
    Ty::map(keys, joined(entries.iter().map(|entry| held(&entry.value.ty, entry.optional))))
}
