//! Names and dotted paths: loop variables first, then the longest prefix that the environment knows, then types.

use super::report::with_hint;
use super::{Checker, constant, library};
use crate::Ty;
use crate::ast::{Expr, ExprKind};
use crate::environment::Resolved;
use crate::ir::{Kind, Node};
use loomwork_diagnostic::{Diagnostic, Span, nearest};
use loomwork_value::{TYPE_NAMES, Value};
use std::sync::Arc;

/// `.field` or `.?field`, with the place of all up to it.
pub(super) struct Segment<'e> {
    pub field: &'e Arc<str>,
    pub optional: bool,
    pub span: Span,
}

/// What a chain of selections begins with.
pub(super) enum Start<'e> {
    Name { name: &'e Arc<str>, rooted: bool },
    Other(&'e Expr),
}

/// Takes `a.b.c` apart.
pub(super) fn chain(expr: &Expr) -> (Start<'_>, Span, Vec<Segment<'_>>) {
    let mut segments = Vec::new();
    let mut at = expr;
    while let ExprKind::Select { operand, field, optional } = &at.kind {
        segments.push(Segment { field, optional: *optional, span: at.span });
        at = operand;
    }
    segments.reverse();
    let start = match &at.kind {
        ExprKind::Name { name, rooted } => Start::Name { name, rooted: *rooted },
        _ => Start::Other(at),
    };
    (start, at.span, segments)
}

impl Checker<'_> {
    /// A name, and what is selected from it.
    pub(super) fn path(&mut self, expr: &Expr) -> Node {
        let (start, span, segments) = chain(expr);
        let (mut node, taken) = match start {
            Start::Name { name, rooted } => self.start(name, rooted, span, &segments),
            Start::Other(other) => (self.expr(other), 0),
        };
        for segment in &segments[taken..] {
            node = self.select(node, segment.field, segment.optional, segment.span);
        }
        node
    }

    /// What the path begins with, and how many of its segments that took.
    fn start(&mut self, name: &Arc<str>, rooted: bool, span: Span, segments: &[Segment<'_>]) -> (Node, usize) {
        if let Some(variable) = self.variable(name).filter(|_| !rooted) {
            let node = Node { kind: Kind::Local(variable.local), ty: variable.ty.clone(), span };
            return (self.narrowed(node), 0);
        }
        if let Some(resolved) = self.resolve(name, segments) {
            let taken = resolved.consumed - 1;
            let span = taken.checked_sub(1).map_or(span, |last| segments[last].span);
            let optional = segments[..taken].iter().any(|segment| segment.optional);
            return (self.root(resolved, optional, span), taken);
        }
        if let Some((ty, taken)) = type_name(name, segments) {
            return (constant(Value::Type(ty.into()), span), taken);
        }
        (self.unknown(name, segments, span), segments.len())
    }

    /// What the environment says; what it claims to have read is held to what there is.
    pub(super) fn resolve(&self, name: &str, segments: &[Segment<'_>]) -> Option<Resolved> {
        let path: Vec<&str> = std::iter::once(name).chain(segments.iter().map(|segment| &**segment.field)).collect();
        self.environment.resolve(&path).filter(|resolved| (1..=path.len()).contains(&resolved.consumed))
    }

    fn root(&mut self, resolved: Resolved, optional: bool, span: Span) -> Node {
        let Resolved { root, ty, certain, .. } = resolved;
        if optional && !certain && !self.is_present(root) {
            return Node { kind: Kind::OptRoot(root), ty: Ty::optional(ty), span };
        }
        if !certain && !self.strict() && !self.is_present(root) {
            return self.maybe_absent(span);
        }
        let node = self.narrowed(Node { kind: Kind::Root(root), ty, span });
        if !optional {
            return node;
        }
        let ty = Ty::optional(node.ty.clone());
        library("optional.of", false, vec![node], ty, span)
    }

    fn maybe_absent(&mut self, span: Span) -> Node {
        let error =
            Diagnostic::error("expr.maybe_absent", span, "this may be absent: its node may not have run, or may have failed");
        self.problem(error.hint("Guard it with has(…) ? … : …, or read it with `.?` and give a value with orValue(…)."))
    }

    fn unknown(&mut self, name: &str, segments: &[Segment<'_>], span: Span) -> Node {
        let mut known = self.environment.names();
        known.extend(self.scope.iter().map(|variable| variable.name.to_string()));
        let (wrong, meant) = suggest(name, segments, &known).unzip();
        let taken = wrong.unwrap_or(0);
        let shown = dotted(name, &segments[..taken]);
        let span = taken.checked_sub(1).map_or(span, |last| segments[last].span);
        let error = Diagnostic::error("expr.unknown_name", span, format!("unknown name `{shown}`"));
        self.problem(with_hint(error, meant.map(|meant| format!("Did you mean `{meant}`?"))))
    }
}

fn dotted(name: &str, segments: &[Segment<'_>]) -> String {
    segments.iter().fold(name.to_owned(), |path, segment| path + "." + segment.field)
}

/// The known path nearest to the longest beginning that is near to any, and how many segments that beginning has.
fn suggest(name: &str, segments: &[Segment<'_>], known: &[String]) -> Option<(usize, String)> {
    (0..=segments.len()).rev().find_map(|taken| {
        let path = dotted(name, &segments[..taken]);
        let alike = known.iter().map(String::as_str).filter(|name| name.matches('.').count() == taken);
        nearest(&path, alike).map(|meant| (taken, meant.to_owned()))
    })
}

/// The type that a path begins with, and how many segments it takes.
fn type_name(name: &str, segments: &[Segment<'_>]) -> Option<(&'static str, usize)> {
    (0..=segments.len().min(2)).rev().find_map(|taken| {
        let path = dotted(name, &segments[..taken]);
        TYPE_NAMES.into_iter().find(|ty| *ty == path).map(|ty| (ty, taken))
    })
}
