//! Wires with their ends and ports resolved.

use super::{Draft, Kind, WireDraft};
use crate::plan::{NodeIx, Port};
use crate::report::{Report, brief, listed};
use loomwork_flow::{Json, Node, Wire};
use std::collections::HashSet;

/// The wires that can be used. The others have been reported.
pub(super) fn wires(draft: &Draft<'_>, report: &mut Report<'_>) -> Vec<WireDraft> {
    let mut seen = HashSet::new();
    let mut wires = Vec::new();
    for (ix, wire) in draft.flow.wires.iter().enumerate() {
        if !seen.insert((&wire.from, &wire.port, &wire.to)) {
            let message = format!("a second wire from `{}` to `{}`", brief(&wire.from), brief(&wire.to));
            report.error_hint("flow.duplicate_wire", &format!("/wires/{ix}"), message, "Remove one.".to_owned());
            continue;
        }
        let (from, to) = (end(draft, ix, "from", &wire.from, report), end(draft, ix, "to", &wire.to, report));
        let (Some(from), Some(to)) = (from, to) else { continue };
        let Some(port) = port(draft, ix, wire, from, report) else { continue };
        if draft.scope_of[from as usize] != draft.scope_of[to as usize] {
            crosses(draft, ix, wire, report);
            continue;
        }
        wires.push(WireDraft { from, port, to, at: ix });
    }
    wires
}

fn end(draft: &Draft<'_>, ix: usize, side: &str, id: &str, report: &mut Report<'_>) -> Option<NodeIx> {
    let found = draft.ids.get(id).copied();
    if found.is_none() {
        let hint = report.did_you_mean(id, draft.ids.keys().copied());
        let message = format!("there is no node `{}`", brief(id));
        report.error_hint("flow.wire_to_nowhere", &format!("/wires/{ix}/{side}"), message, hint);
    }
    found
}

fn crosses(draft: &Draft<'_>, ix: usize, wire: &Wire, report: &mut Report<'_>) {
    let place = |id: &str| match draft.flow.nodes.iter().find(|node| node.id == id).and_then(|node| node.scope.as_ref()) {
        Some(scope) => format!("in `{scope}`"),
        None => "in the flow itself".to_owned(),
    };
    let (from, to) = (&wire.from, &wire.to);
    let message = format!("the wire crosses a border: `{from}` lives {}, `{to}` {}", place(from), place(to));
    let hint = "Wire the scope node instead; what it should give out goes into its `result`.".to_owned();
    report.error_hint("flow.wire_crosses_scope", &format!("/wires/{ix}"), message, hint);
}

fn port(draft: &Draft<'_>, ix: usize, wire: &Wire, from: NodeIx, report: &mut Report<'_>) -> Option<Port> {
    let kind = draft.kinds[from as usize];
    let node = &draft.flow.nodes[from as usize];
    if kind.is_end() && !node.disabled {
        let message = format!("`{}` is a `{}`: nothing comes after it", node.id, kind.name());
        report.error("flow.wire_out_of_end", &format!("/wires/{ix}"), message);
        return None;
    }
    let cases = if matches!(kind, Kind::Branch) { case_names(node) } else { Vec::new() };
    let found = match (wire.port.as_str(), kind) {
        ("error", _) => Some(Port::Error),
        (_, Kind::Unknown) => Some(Port::Ok),
        ("else", Kind::Branch) => Some(Port::Case(cases.len() as u32)),
        (name, Kind::Branch) => cases.iter().position(|case| *case == Some(name)).map(|case| Port::Case(case as u32)),
        ("ok", _) => Some(Port::Ok),
        _ => None,
    };
    if found.is_none() {
        let ports = || {
            cases.iter().flatten().copied().chain(match kind {
                Kind::Branch => ["else", "error"],
                _ => ["ok", "error"],
            })
        };
        let message = format!("`{}` has no port `{}`", node.id, brief(&wire.port));
        let hint = report.did_you_mean(&wire.port, ports()).unwrap_or_else(|| format!("Its ports are {}.", listed(ports())));
        report.error_hint("flow.unknown_port", &port_pointer(ix), message, hint);
    }
    found
}

/// The port's own place; a wire that states none is meant as a whole.
fn port_pointer(ix: usize) -> String {
    format!("/wires/{ix}/port")
}

/// The names of a branch's cases, in order; None for one without.
pub(crate) fn case_names(node: &Node) -> Vec<Option<&str>> {
    match node.parameter("cases") {
        Some(Json::List(cases)) => cases.iter().map(|case| case.get("name").and_then(Json::as_str)).collect(),
        _ => Vec::new(),
    }
}
