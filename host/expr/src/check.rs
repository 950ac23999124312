//! The type checker: [`ast`](crate::ast) to [`ir`](crate::ir). Names are resolved, macros become loops, operators get types.
//!
//! In [`Mode::Strict`] nearly everything that is wrong becomes [`Kind::Fail`], which fails when it is evaluated, and may be absorbed
//! as CEL says. In [`Mode::Template`] it is a diagnostic, and checking goes on, so that all mistakes are told at once.

mod access;
mod build;
mod call;
mod facts;
mod macros;
mod name;
mod operator;
mod optional;
mod report;

use crate::ast::{Expr, ExprKind, Operator};
use crate::environment::{Environment, Mode};
use crate::ir::{Checked, Kind, Node};
use crate::{Ty, cost};
use facts::Fact;
use loomwork_diagnostic::{Diagnostic, Span};
use loomwork_value::Value;
use name::{Start, chain};
use std::sync::Arc;

/// Checks an expression. The diagnostics are errors; in strict mode there are few, since most mistakes fail at run time.
pub fn check(expr: &Expr, environment: &dyn Environment, mode: Mode) -> Result<Checked, Vec<Diagnostic>> {
    let mut checker = Checker::new(environment, mode);
    let root = checker.expr(expr);
    checker.finish(root)
}

pub(crate) struct Checker<'a> {
    environment: &'a dyn Environment,
    mode: Mode,
    diagnostics: Vec<Diagnostic>,
    /// Loop variables and bindings, the innermost last.
    scope: Vec<Variable>,
    /// How many locals there are in all.
    locals: u32,
    /// What is known here because of conditions around.
    facts: Vec<Fact>,
}

struct Variable {
    name: Arc<str>,
    local: u32,
    ty: Ty,
}

impl<'a> Checker<'a> {
    pub fn new(environment: &'a dyn Environment, mode: Mode) -> Self {
        Self { environment, mode, diagnostics: Vec::new(), scope: Vec::new(), locals: 0, facts: Vec::new() }
    }

    /// The checked expression, if nothing was wrong.
    pub fn finish(self, mut root: Node) -> Result<Checked, Vec<Diagnostic>> {
        if !self.diagnostics.is_empty() {
            return Err(self.diagnostics);
        }
        let cost = cost::assign(&mut root);
        Ok(Checked { root, locals: self.locals, cost })
    }

    pub fn expr(&mut self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Literal(value) => constant(value.clone(), expr.span),
            ExprKind::Name { .. } | ExprKind::Select { .. } => self.path(expr),
            ExprKind::Index { operand, index, optional } => self.index(operand, index, *optional, expr.span),
            ExprKind::Call(call) => self.call(call, expr.span),
            ExprKind::List(elements) => self.list(elements, expr.span),
            ExprKind::Map(entries) => self.map(entries, expr.span),
            ExprKind::Not(operand) => self.not(operand, expr.span),
            ExprKind::Negate(operand) => self.negate(operand, expr.span),
            ExprKind::Binary { op: Operator::And, left, right } => self.and(left, right, expr.span),
            ExprKind::Binary { op: Operator::Or, left, right } => self.or(left, right, expr.span),
            ExprKind::Binary { op: Operator::Binary(op), left, right } => self.binary(*op, left, right, expr.span),
            ExprKind::Conditional(parts) => self.conditional(parts, expr.span),
        }
    }

    fn strict(&self) -> bool {
        self.mode == Mode::Strict
    }

    /// A new local with a name, known until [`Checker::leave`] is called as often.
    fn enter(&mut self, name: &Arc<str>, ty: Ty) -> u32 {
        let local = self.local();
        self.scope.push(Variable { name: name.clone(), local, ty });
        local
    }

    fn leave(&mut self) {
        self.scope.pop();
    }

    /// A new local without a name.
    fn local(&mut self) -> u32 {
        self.locals += 1;
        self.locals - 1
    }

    fn variable(&self, name: &str) -> Option<&Variable> {
        self.scope.iter().rev().find(|variable| *variable.name == *name)
    }

    /// Checks with more known.
    fn knowing(&mut self, facts: Vec<Fact>, check: impl FnOnce(&mut Self) -> Node) -> Node {
        let before = self.facts.len();
        self.facts.extend(facts);
        let node = check(self);
        self.facts.truncate(before);
        node
    }
}

fn constant(value: Value, span: Span) -> Node {
    let ty = match &value {
        Value::Null => Ty::Null,
        Value::Bool(_) => Ty::Bool,
        Value::Int(_) => Ty::Int,
        Value::Uint(_) => Ty::Uint,
        Value::Double(_) => Ty::Double,
        Value::String(_) => Ty::String,
        Value::Bytes(_) => Ty::Bytes,
        Value::Type(_) => Ty::Type,
        Value::Timestamp(_) => Ty::Timestamp,
        Value::Duration(_) => Ty::Duration,
        Value::List(_) | Value::Map(_) | Value::Optional(_) => Ty::Dyn,
    };
    Node { kind: Kind::Const(value), ty, span }
}

/// A call of a library function that is known to exist.
fn library(name: &str, method: bool, args: Vec<Node>, ty: Ty, span: Span) -> Node {
    let function = loomwork_value::library::find(name, method, args.len()).expect("the library has what the checker uses");
    Node { kind: Kind::Call { function, args }, ty, span }
}
