//! `flow.join_mixes_loop`: an all-join waits only for nodes of its own region; one in a loop may fire many times, or never.

use crate::draft::{Draft, at};
use crate::graph::Graph;
use crate::plan::NodeIx;
use crate::report::Report;

pub(super) fn check(draft: &Draft<'_>, graph: &Graph, report: &mut Report<'_>) {
    for node in graph.order.iter().filter(|node| !draft.is_head(**node)) {
        let home = graph.region[*node as usize];
        let stranger = draft.incoming[*node as usize].iter().find_map(|wire| {
            let from = draft.wires[*wire].from;
            let reached = graph.place[from as usize].is_some();
            graph.region[from as usize].filter(|region| reached && Some(*region) != home).map(|head| (from, head))
        });
        if let Some((from, head)) = stranger {
            tell(draft, *node, from, head, report);
        }
    }
}

fn tell(draft: &Draft<'_>, node: NodeIx, from: NodeIx, head: NodeIx, report: &mut Report<'_>) {
    let (node_id, from, head) = (draft.id(node), draft.id(from), draft.id(head));
    let message = if from == head {
        format!("`{node_id}` waits for all its wires, but `{head}` may run many times or never (`join: any`)")
    } else {
        format!("`{node_id}` waits for all its wires, but `{from}` comes after `{head}`, which may run many times or never")
    };
    let hint = format!("Give `{node_id}` `\"join\": \"any\"` too, or put what repeats into a `repeat`, which completes once.");
    report.error_hint("flow.join_mixes_loop", &at(node, ""), message, hint);
}
