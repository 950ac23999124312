//! Operators and conditions: what they give for which types, and how literal numbers adapt in templates.

use super::facts::facts_of;
use super::{Checker, library};
use crate::Ty;
use crate::ast::Expr;
use crate::environment::Mode;
use crate::ir::{BinaryOp, Kind, Node};
use loomwork_diagnostic::Span;
use loomwork_value::Value;

impl Checker<'_> {
    pub(super) fn not(&mut self, operand: &Expr, span: Span) -> Node {
        let operand = self.condition(operand);
        Node { kind: Kind::Not(Box::new(operand)), ty: Ty::Bool, span }
    }

    pub(super) fn negate(&mut self, operand: &Expr, span: Span) -> Node {
        let operand = self.expr(operand);
        match &operand.ty {
            Ty::Int | Ty::Double | Ty::Dyn => {
                let ty = operand.ty.clone();
                Node { kind: Kind::Negate(Box::new(operand)), ty, span }
            }
            Ty::Nullable(_) if !self.strict() => self.maybe_null(&operand),
            ty => self.no_overload("-", &[&ty.clone()], span),
        }
    }

    pub(super) fn and(&mut self, left: &Expr, right: &Expr, span: Span) -> Node {
        let left = self.condition(left);
        let right = self.knowing(facts_of(&left, true), |own| own.condition(right));
        Node { kind: Kind::And(Box::new(left), Box::new(right)), ty: Ty::Bool, span }
    }

    pub(super) fn or(&mut self, left: &Expr, right: &Expr, span: Span) -> Node {
        let left = self.condition(left);
        let right = self.knowing(facts_of(&left, false), |own| own.condition(right));
        Node { kind: Kind::Or(Box::new(left), Box::new(right)), ty: Ty::Bool, span }
    }

    pub(super) fn conditional(&mut self, [condition, then, otherwise]: &[Expr; 3], span: Span) -> Node {
        let condition = self.condition(condition);
        let mut then = self.knowing(facts_of(&condition, true), |own| own.expr(then));
        let mut otherwise = self.knowing(facts_of(&condition, false), |own| own.expr(otherwise));
        adapt(self.mode, &mut then, &otherwise.ty);
        adapt(self.mode, &mut otherwise, &then.ty);
        let ty = then.ty.join(&otherwise.ty);
        let kind = Kind::If { condition: Box::new(condition), then: Box::new(then), otherwise: Box::new(otherwise) };
        Node { kind, ty, span }
    }

    /// Something that must be a bool. In strict CEL what is none fails when it runs, where `&&` and `||` may absorb it.
    pub(super) fn condition(&mut self, expr: &Expr) -> Node {
        let node = self.expr(expr);
        self.bool(node)
    }

    pub(super) fn bool(&mut self, node: Node) -> Node {
        match &node.ty {
            Ty::Bool | Ty::Dyn => node,
            Ty::Nullable(inner) if **inner == Ty::Bool && !self.strict() => self.maybe_null(&node),
            ty => {
                let message = format!("a condition must be a bool, and this is {ty}");
                self.problem(loomwork_diagnostic::Diagnostic::error("expr.no_overload", node.span, message))
            }
        }
    }

    pub(super) fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Node {
        let mut left = self.expr(left);
        let mut right = self.expr(right);
        adapt(self.mode, &mut left, &right.ty);
        adapt(self.mode, &mut right, &left.ty);
        if !self.strict() && !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            let guarded = if op == BinaryOp::In { &[&right][..] } else { &[&left, &right] };
            if let Some(node) = guarded.iter().find(|node| matches!(node.ty, Ty::Nullable(_) | Ty::Null)) {
                return self.maybe_null(node);
            }
        }
        let Some(ty) = self.result_ty(op, &left.ty, &right.ty) else {
            return self.no_overload(symbol(op), &[&left.ty, &right.ty], span);
        };
        if let Some(function) = self.adapting(op, &left.ty, &right.ty) {
            return library(function, false, vec![left, right], Ty::Dyn, span);
        }
        Node { kind: Kind::Binary { op, left: Box::new(left), right: Box::new(right) }, ty, span }
    }

    /// In templates, arithmetic on what is known only at run time adapts numbers to each other.
    fn adapting(&self, op: BinaryOp, left: &Ty, right: &Ty) -> Option<&'static str> {
        if self.strict() || *left != Ty::Dyn && *right != Ty::Dyn {
            return None;
        }
        match op {
            BinaryOp::Add => Some("@add"),
            BinaryOp::Subtract => Some("@subtract"),
            BinaryOp::Multiply => Some("@multiply"),
            BinaryOp::Divide => Some("@divide"),
            BinaryOp::Modulo => Some("@modulo"),
            _ => None,
        }
    }

    /// What the operator gives, if it can take the operands.
    fn result_ty(&self, op: BinaryOp, left: &Ty, right: &Ty) -> Option<Ty> {
        match op {
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => {
                arithmetic(op, left, right)
            }
            BinaryOp::Equal | BinaryOp::NotEqual => (self.strict() || may_equal(left, right)).then_some(Ty::Bool),
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => {
                ordered(left, right).then_some(Ty::Bool)
            }
            BinaryOp::In => match right {
                Ty::List(element) => (self.strict() || may_equal(left, element)).then_some(Ty::Bool),
                Ty::Map(key, _) => (self.strict() || may_equal(left, key)).then_some(Ty::Bool),
                Ty::Record(_) => (self.strict() || may_equal(left, &Ty::String)).then_some(Ty::Bool),
                Ty::Dyn => Some(Ty::Bool),
                Ty::Nullable(_) if self.strict() => Some(Ty::Bool),
                _ => None,
            },
        }
    }
}

/// Gives a literal int the type of the double or uint beside it, in templates.
pub(super) fn adapt(mode: Mode, node: &mut Node, beside: &Ty) {
    let Kind::Const(Value::Int(int)) = node.kind else { return };
    if mode == Mode::Strict {
        return;
    }
    match beside.inner() {
        Ty::Double => (node.kind, node.ty) = (Kind::Const(Value::Double(int as f64)), Ty::Double),
        Ty::Uint => {
            if let Ok(uint) = u64::try_from(int) {
                (node.kind, node.ty) = (Kind::Const(Value::Uint(uint)), Ty::Uint);
            }
        }
        _ => {}
    }
}

/// The same for the elements of a list: literal ints beside doubles become doubles.
pub(super) fn adapt_all<'n>(mode: Mode, nodes: impl Iterator<Item = &'n mut Node>) {
    let nodes: Vec<&mut Node> = nodes.collect();
    let beside = nodes.iter().map(|node| node.ty.inner()).find(|ty| matches!(ty, Ty::Double | Ty::Uint)).cloned();
    if let Some(beside) = beside {
        nodes.into_iter().for_each(|node| adapt(mode, node, &beside));
    }
}

fn arithmetic(op: BinaryOp, left: &Ty, right: &Ty) -> Option<Ty> {
    use BinaryOp::{Add, Modulo, Subtract};
    match (left, right) {
        (Ty::Nullable(_), _) | (_, Ty::Nullable(_)) => Some(Ty::Dyn),
        (Ty::Dyn, _) | (_, Ty::Dyn) => Some(Ty::Dyn),
        (Ty::Double, Ty::Double) if op == Modulo => None,
        (a, b) if a == b && a.is_number() => Some(a.clone()),
        (Ty::String, Ty::String) | (Ty::Bytes, Ty::Bytes) if op == Add => Some(left.clone()),
        (Ty::List(a), Ty::List(b)) if op == Add => Some(Ty::list(a.join(b))),
        (Ty::Timestamp, Ty::Timestamp) if op == Subtract => Some(Ty::Duration),
        (Ty::Timestamp, Ty::Duration) if matches!(op, Add | Subtract) => Some(Ty::Timestamp),
        (Ty::Duration, Ty::Timestamp) if op == Add => Some(Ty::Timestamp),
        (Ty::Duration, Ty::Duration) if matches!(op, Add | Subtract) => Some(Ty::Duration),
        _ => None,
    }
}

fn ordered(left: &Ty, right: &Ty) -> bool {
    match (left, right) {
        (Ty::Dyn | Ty::Nullable(_), _) | (_, Ty::Dyn | Ty::Nullable(_)) => true,
        (Ty::Bool | Ty::String | Ty::Bytes | Ty::Timestamp | Ty::Duration, b) => left == b,
        (a, b) => a.is_number() && b.is_number(),
    }
}

/// Whether values of the two types can be equal at all. Null may be asked for anywhere.
fn may_equal(left: &Ty, right: &Ty) -> bool {
    match (left.inner(), right.inner()) {
        (Ty::Dyn | Ty::Null, _) | (_, Ty::Dyn | Ty::Null) => true,
        (Ty::List(a), Ty::List(b)) | (Ty::Optional(a), Ty::Optional(b)) => may_equal(a, b),
        (Ty::Map(..) | Ty::Record(_), Ty::Map(..) | Ty::Record(_)) => true,
        (a, b) => a == b || a.is_number() && b.is_number(),
    }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::In => "in",
    }
}
