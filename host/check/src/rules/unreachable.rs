//! `flow.unreachable`: a node that no way leads to, so that it never runs.

use crate::draft::{Draft, at};
use crate::graph::Graph;
use crate::plan::NodeIx;
use crate::report::Report;

pub(super) fn check(draft: &Draft<'_>, graph: &Graph, report: &mut Report<'_>) {
    for node in (0..draft.len() as NodeIx).filter(|node| graph.place[*node as usize].is_none()) {
        let message = format!("`{}` never runs: it is reached only from nodes that come after it", draft.id(node));
        let hint = "Wire something to it that starts by itself, or remove it.";
        report.warning("flow.unreachable", &at(node, "id"), message, hint);
    }
}
