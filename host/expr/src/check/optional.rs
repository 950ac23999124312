//! Optionals and nulls: what is evaluated only where there is no value.

use super::access::is_not_null;
use super::operator::adapt;
use super::{Checker, constant, library};
use crate::Ty;
use crate::ast::Expr;
use crate::ir::{Kind, Node};
use loomwork_diagnostic::Span;
use loomwork_value::Value;

impl Checker<'_> {
    /// `a.orValue(b)`: of an optional; in templates also of what may be null.
    pub(super) fn or_value(&mut self, receiver: &Expr, other: &Expr, span: Span) -> Node {
        let receiver = self.expr(receiver);
        let mut other = self.expr(other);
        let inner = match &receiver.ty {
            Ty::Optional(inner) => (**inner).clone(),
            Ty::Dyn => Ty::Dyn,
            Ty::Nullable(inner) if !self.strict() => {
                let inner = (**inner).clone();
                return self.null_or(receiver, &inner, other, span);
            }
            // Inside a guard the value is known to be there: a second belt does no harm.
            ty if !self.strict() && *ty == other.ty && matches!(receiver.kind, Kind::Select { .. } | Kind::Root(_)) => {
                return receiver;
            }
            ty => return self.no_overload("orValue", &[&ty.clone(), &other.ty], span),
        };
        adapt(self.mode, &mut other, &inner);
        let ty = inner.join(&other.ty);
        self.or_else(receiver, |held| library("value", true, vec![held], inner, span), other, ty, span)
    }

    /// `a.or(b)`: both optionals.
    pub(super) fn or_optional(&mut self, receiver: &Expr, other: &Expr, span: Span) -> Node {
        let receiver = self.expr(receiver);
        let other = self.expr(other);
        let is_optional = |ty: &Ty| matches!(ty, Ty::Optional(_) | Ty::Dyn);
        if !is_optional(&receiver.ty) || !is_optional(&other.ty) {
            return self.no_overload("or", &[&receiver.ty, &other.ty], span);
        }
        let ty = receiver.ty.join(&other.ty);
        self.or_else(receiver, |held| held, other, ty, span)
    }

    /// `let local = receiver in local.hasValue() ? made(local) : other`
    fn or_else(&mut self, receiver: Node, made: impl FnOnce(Node) -> Node, other: Node, ty: Ty, span: Span) -> Node {
        let local = self.local();
        let held = Node { kind: Kind::Local(local), ty: receiver.ty.clone(), span };
        let condition = library("hasValue", true, vec![held.clone()], Ty::Bool, span);
        let body = choice(condition, made(held), other, ty.clone(), span);
        Node { kind: Kind::Bind { local, value: Box::new(receiver), body: Box::new(body) }, ty, span }
    }

    /// `let local = value in local != null ? local : other`
    fn null_or(&mut self, value: Node, inner: &Ty, mut other: Node, span: Span) -> Node {
        adapt(self.mode, &mut other, inner);
        let local = self.local();
        let held = Node { kind: Kind::Local(local), ty: value.ty.clone(), span };
        let condition = is_not_null(held.clone(), span);
        let ty = inner.join(&other.ty);
        let body = choice(condition, Node { ty: inner.clone(), ..held }, other, ty.clone(), span);
        Node { kind: Kind::Bind { local, value: Box::new(value), body: Box::new(body) }, ty, span }
    }

    /// None for null, else an optional of the value.
    pub(super) fn optional_of_nullable(&mut self, value: Node, inner: &Ty, span: Span) -> Node {
        let local = self.local();
        let held = Node { kind: Kind::Local(local), ty: value.ty.clone(), span };
        let condition = is_not_null(held.clone(), span);
        let ty = Ty::optional(inner.clone());
        let some = library("optional.of", false, vec![Node { ty: inner.clone(), ..held }], ty.clone(), span);
        let none = Node { ty: ty.clone(), ..constant(Value::none(), span) };
        let body = choice(condition, some, none, ty.clone(), span);
        Node { kind: Kind::Bind { local, value: Box::new(value), body: Box::new(body) }, ty, span }
    }
}

fn choice(condition: Node, then: Node, otherwise: Node, ty: Ty, span: Span) -> Node {
    let kind = Kind::If { condition: Box::new(condition), then: Box::new(then), otherwise: Box::new(otherwise) };
    Node { kind, ty, span }
}
