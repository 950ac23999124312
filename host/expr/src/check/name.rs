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
        let span = segments.last().map_or(span, |last| last.span);
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
        let error = Diagnostic::error("expr.maybe_absent", span, "this may be absent: its node may not have run, or may have failed");
        self.problem(error.hint("Guard it with has(…) ? … : …, or read it with `.?` and give a value with orValue(…)."))
    }

    fn unknown(&mut self, name: &str, segments: &[Segment<'_>], span: Span) -> Node {
        let mut path = name.to_owned();
        for segment in segments {
            path.push('.');
            path.push_str(segment.field);
        }
        let mut known = self.environment.names();
        known.extend(self.scope.iter().map(|variable| variable.name.to_string()));
        let suggestion = suggest(&path, &known);
        // Only as much of the path as could be a name is shown.
        let shown = if suggestion.is_some() { &path } else { name };
        let error = Diagnostic::error("expr.unknown_name", span, format!("unknown name `{shown}`"));
        self.problem(with_hint(error, suggestion.map(|meant| format!("Did you mean `{meant}`?"))))
    }
}

/// The known path nearest to one of the path's prefixes.
fn suggest(path: &str, known: &[String]) -> Option<String> {
    let ends = path.match_indices('.').map(|(at, _)| at).chain(std::iter::once(path.len()));
    let mut prefixes: Vec<&str> = ends.map(|end| &path[..end]).collect();
    prefixes.reverse();
    prefixes.into_iter().find_map(|prefix| {
        let dots = prefix.matches('.').count();
        let alike = known.iter().map(String::as_str).filter(|name| name.matches('.').count() == dots);
        nearest(prefix, alike).map(str::to_owned)
    })
}

/// The type that a path begins with, and how many segments it takes.
fn type_name(name: &str, segments: &[Segment<'_>]) -> Option<(&'static str, usize)> {
    (0..=segments.len().min(2)).rev().find_map(|taken| {
        let path = segments[..taken].iter().fold(name.to_owned(), |path, segment| path + "." + segment.field);
        TYPE_NAMES.into_iter().find(|ty| *ty == path).map(|ty| (ty, taken))
    })
}
