//! What an expression costs, so that both back ends count the same.
//!
//! - When evaluation starts, [`Checked::cost`](crate::ir::Checked) is charged: the number of nodes outside loop bodies,
//!   whether or not they will run.
//! - Before each round of a loop, [`Loop::cost`](crate::ir::Loop) is charged: 1 and the nodes of its filter and body outside
//!   inner loops.
//! - Operators and functions on values charge for themselves (`loomwork_value::ops`, `::library`). Those that a back
//!   end computes on unboxed numbers and booleans charge nothing there either.
//!
//! When the meter is empty the evaluation fails with `limit.cost`, which `&&`, `||`, `all` and `exists` do not absorb.

use crate::ir::{Kind, Loop, Node};

/// Sets the cost of every loop in a tree, and returns what the tree costs outside them.
pub(crate) fn assign(node: &mut Node) -> u32 {
    1 + match &mut node.kind {
        Kind::Const(_) | Kind::Local(_) | Kind::Root(_) | Kind::Fail { .. } | Kind::HasRoot(_) | Kind::OptRoot(_) => 0,
        Kind::Select { operand, .. } | Kind::Has { operand, .. } | Kind::OptSelect { operand, .. } => assign(operand),
        Kind::Not(operand) | Kind::Negate(operand) | Kind::Coerce(operand) => assign(operand),
        Kind::Index { operand, index } | Kind::OptIndex { operand, index } => assign(operand) + assign(index),
        Kind::Binary { left, right, .. } | Kind::And(left, right) | Kind::Or(left, right) => assign(left) + assign(right),
        Kind::If { condition, then, otherwise } => assign(condition) + assign(then) + assign(otherwise),
        Kind::List(elements) => elements.iter_mut().map(|element| assign(&mut element.value)).sum(),
        Kind::Map(entries) => entries.iter_mut().map(|entry| assign(&mut entry.key) + assign(&mut entry.value)).sum(),
        Kind::Loop(each) => assign_loop(each),
        Kind::Bind { value, body, .. } => assign(value) + assign(body),
        Kind::OptBind { operand, body, .. } => assign(operand) + assign(body),
        Kind::Call { args, .. } => args.iter_mut().map(assign).sum(),
    }
}

/// The range is evaluated once, outside.
fn assign_loop(each: &mut Loop) -> u32 {
    each.cost = 1 + assign(&mut each.body) + each.filter.as_mut().map_or(0, assign);
    assign(&mut each.range)
}
