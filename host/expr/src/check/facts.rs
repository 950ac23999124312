//! What a condition tells about the places it guards: `has(nodes.x)`, `input.name != null`.

use super::Checker;
use crate::Ty;
use crate::ir::{BinaryOp, Kind, Node};
use loomwork_value::Value;
use std::sync::Arc;

/// Something known wherever a condition holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fact {
    /// The root is not absent.
    Present(u32),
    /// The place does not hold null.
    NotNull(Place),
}

/// A root or a local, and fields from there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    base: Base,
    fields: Vec<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Base {
    Root(u32),
    Local(u32),
}

/// What is known if the condition gives `truth`.
///
/// An error of one side of `&&` lets the other side be evaluated all the same. That is sound: a side that failed could
/// only have been about a place that cannot be read at all.
pub(super) fn facts_of(condition: &Node, truth: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    collect(condition, truth, &mut facts);
    facts
}

fn collect(condition: &Node, truth: bool, facts: &mut Vec<Fact>) {
    match &condition.kind {
        Kind::HasRoot(root) if truth => facts.push(Fact::Present(*root)),
        Kind::Not(operand) => collect(operand, !truth, facts),
        Kind::And(left, right) if truth => {
            collect(left, truth, facts);
            collect(right, truth, facts);
        }
        Kind::Or(left, right) if !truth => {
            collect(left, truth, facts);
            collect(right, truth, facts);
        }
        Kind::Binary { op: BinaryOp::NotEqual, left, right } if truth => facts.extend(not_null(left, right)),
        Kind::Binary { op: BinaryOp::Equal, left, right } if !truth => facts.extend(not_null(left, right)),
        _ => {}
    }
}

fn not_null(left: &Node, right: &Node) -> Option<Fact> {
    let is_null = |node: &Node| matches!(node.kind, Kind::Const(Value::Null));
    let other = if is_null(right) { left } else { is_null(left).then_some(right)? };
    place(other).map(Fact::NotNull)
}

fn place(node: &Node) -> Option<Place> {
    match &node.kind {
        Kind::Root(root) => Some(Place { base: Base::Root(*root), fields: Vec::new() }),
        Kind::Local(local) => Some(Place { base: Base::Local(*local), fields: Vec::new() }),
        Kind::Select { operand, field } => {
            let mut place = place(operand)?;
            place.fields.push(field.clone());
            Some(place)
        }
        _ => None,
    }
}

impl Checker<'_> {
    pub(super) fn is_present(&self, root: u32) -> bool {
        self.facts.contains(&Fact::Present(root))
    }

    /// Takes `Nullable` off a place that is known not to hold null.
    pub(super) fn narrowed(&self, mut node: Node) -> Node {
        if let Ty::Nullable(inner) = &node.ty {
            let known = place(&node).is_some_and(|place| self.facts.contains(&Fact::NotNull(place)));
            if known {
                node.ty = (**inner).clone();
            }
        }
        node
    }
}
