//! Wires: what follows when a node completes with a port, and how joins count.

use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::{ON_FRAME, ON_FRAME_AND};
use crate::shape::is_head;
use loomwork_check::plan::{NodeIx, Port, What, WireIx};
use wasm_encoder::Instruction;

/// Where the second parameter of `arrive` is.
const LIVE: u32 = 1;

/// The name of the function that settles a node's wires after it has completed with a port; None is for a skipped node.
pub(crate) fn settle_name(flow: &FlowModule<'_>, node: NodeIx, port: Option<Port>) -> String {
    let of = &flow.plan.nodes[node as usize];
    let wired = |port: &Port| of.outgoing.iter().any(|wire| flow.plan.wires[*wire as usize].port == *port);
    let port = match port.filter(wired) {
        None => "dead".to_owned(),
        Some(Port::Ok) => "ok".to_owned(),
        Some(Port::Error) => "error".to_owned(),
        Some(Port::Case(case)) => format!("case.{}", case_name(&of.what, case)),
    };
    flow.name(node, &port)
}

fn case_name(what: &What, case: u32) -> String {
    match what {
        What::Branch { cases } => cases.get(case as usize).map_or("else".to_owned(), |(name, _)| name.to_string()),
        _ => case.to_string(),
    }
}

/// Defines `settle_name`'s function for every port that has wires, and the one for no port.
pub(crate) fn define(flow: &mut FlowModule<'_>, node: NodeIx) {
    let mut ports = vec![None];
    for wire in &flow.plan.nodes[node as usize].outgoing {
        let port = Some(flow.plan.wires[*wire as usize].port);
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    for port in ports {
        settle(flow, node, port);
    }
    if flow.shape.offset(node).is_some() {
        arrive(flow, node);
    }
}

fn settle(flow: &mut FlowModule<'_>, node: NodeIx, port: Option<Port>) {
    let name = settle_name(flow, node, port);
    let (plan, shape) = (flow.plan, &flow.shape);
    let wires: Vec<(WireIx, bool, Option<u32>)> = plan.nodes[node as usize]
        .outgoing
        .iter()
        .map(|wire| (*wire, Some(plan.wires[*wire as usize].port) == port, shape.offset(plan.wires[*wire as usize].to)))
        .collect();
    let hops: Vec<u32> = wires.iter().map(|(wire, ..)| shape.hops(plan, *wire)).collect();
    let joins: Vec<String> = wires.iter().map(|(wire, ..)| flow.name(plan.wires[*wire as usize].to, "arrive")).collect();
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    for (place, (wire, live, counted)) in wires.iter().enumerate() {
        let to = plan.wires[*wire as usize].to;
        match (is_head(plan, to), live, counted) {
            (true, true, _) => code.get(FRAME).number(hops[place]).number(to).runtime("frame_arrive"),
            // A dead wire into a head is dropped.
            (true, false, _) => &mut code,
            (false, live, Some(_)) => code.get(FRAME).number((*live).into()).call(&joins[place], ON_FRAME_AND),
            (false, true, None) => code.get(FRAME).number(to).runtime("frame_ready"),
            (false, false, None) => code.get(FRAME).number(to).runtime("frame_skip"),
        };
    }
    code.get(FRAME).runtime("frame_release");
    code.define(&name);
}

/// A join's count: how many wires have settled in the low half, how many of them live in the high half.
fn arrive(flow: &mut FlowModule<'_>, node: NodeIx) {
    let name = flow.name(node, "arrive");
    let offset = flow.shape.offset(node).unwrap_or_default();
    let wires = flow.plan.nodes[node as usize].incoming.len() as u32;
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "live", "count"]);
    let count = 2;
    code.get(FRAME).get(FRAME).load(offset);
    code.get(LIVE).number(16).op(Instruction::I32Shl).op(Instruction::I32Add);
    code.number(1).op(Instruction::I32Add).tee(count).store(offset);
    code.get(count).number(0xffff).op(Instruction::I32And).number(wires).op(Instruction::I32Ne).when().leave().end();
    code.get(count).number(16).op(Instruction::I32ShrU).when();
    code.get(FRAME).number(node).runtime("frame_ready").otherwise();
    code.get(FRAME).number(node).runtime("frame_skip").end();
    code.define(&name);
}
