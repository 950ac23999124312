//! Expressions as written: macros are still calls, names are not resolved.

use loomwork_diagnostic::Span;
use loomwork_value::Value;
use std::sync::Arc;

/// An expression with its place in the source.
#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
    /// 1 + that of the highest part. The parser bounds it, so that walking the tree is safe.
    pub height: u16,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    /// Null, a bool, a number, a text or bytes. A `-` before a number belongs to it.
    Literal(Value),
    /// A name; `rooted` with a leading dot, which skips loop variables.
    Name {
        name: Arc<str>,
        rooted: bool,
    },
    /// `operand.field`, `operand.?field`
    Select {
        operand: Box<Expr>,
        field: Arc<str>,
        optional: bool,
    },
    /// `operand[index]`, `operand[?index]`
    Index {
        operand: Box<Expr>,
        index: Box<Expr>,
        optional: bool,
    },
    /// `f(args)`, `receiver.f(args)`; functions with a dotted name look like methods here.
    Call(Box<Call>),
    List(Vec<Element>),
    Map(Vec<Entry>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary {
        op: Operator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Conditional(Box<[Expr; 3]>),
}

#[derive(Clone, Debug)]
pub struct Call {
    pub receiver: Option<Expr>,
    pub function: Arc<str>,
    pub function_span: Span,
    pub args: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub struct Element {
    pub value: Expr,
    /// `[?x]`
    pub optional: bool,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Expr,
    pub value: Expr,
    /// `{?k: v}`
    pub optional: bool,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Binary(crate::ir::BinaryOp),
}

impl Expr {
    pub fn new(kind: ExprKind, span: Span) -> Self {
        let height = 1 + kind.parts().map(|part| part.height).max().unwrap_or(0);
        Self { kind, span, height }
    }

    /// Calls `change` with each expression that this one is made of.
    pub(crate) fn each_part(&mut self, mut change: impl FnMut(&mut Expr)) {
        match &mut self.kind {
            ExprKind::Literal(_) | ExprKind::Name { .. } => {}
            ExprKind::Select { operand, .. } | ExprKind::Not(operand) | ExprKind::Negate(operand) => change(operand),
            ExprKind::Index { operand, index, .. } => {
                change(operand);
                change(index);
            }
            ExprKind::Call(call) => call.receiver.iter_mut().chain(&mut call.args).for_each(change),
            ExprKind::List(elements) => elements.iter_mut().for_each(|element| change(&mut element.value)),
            ExprKind::Map(entries) => entries.iter_mut().for_each(|entry| {
                change(&mut entry.key);
                change(&mut entry.value);
            }),
            ExprKind::Binary { left, right, .. } => {
                change(left);
                change(right);
            }
            ExprKind::Conditional(parts) => parts.iter_mut().for_each(change),
        }
    }
}

impl ExprKind {
    /// The expressions this one is made of, as written from left to right.
    pub fn parts(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        match self {
            ExprKind::Literal(_) | ExprKind::Name { .. } => Box::new(std::iter::empty()),
            ExprKind::Select { operand, .. } | ExprKind::Not(operand) | ExprKind::Negate(operand) => {
                Box::new(std::iter::once(&**operand))
            }
            ExprKind::Index { operand, index, .. } => Box::new([&**operand, &**index].into_iter()),
            ExprKind::Call(call) => Box::new(call.receiver.iter().chain(&call.args)),
            ExprKind::List(elements) => Box::new(elements.iter().map(|element| &element.value)),
            ExprKind::Map(entries) => Box::new(entries.iter().flat_map(|entry| [&entry.key, &entry.value])),
            ExprKind::Binary { left, right, .. } => Box::new([&**left, &**right].into_iter()),
            ExprKind::Conditional(parts) => Box::new(parts.iter()),
        }
    }
}
