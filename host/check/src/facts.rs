//! What is certain when a node is activated: which nodes have run, which have an output, which have failed, which wires are live.
//!
//! Sound, not complete: a node that always runs may be called uncertain, never the other way round. One pass in the graph's order
//! suffices: what a wire from within a head's own region adds to the head's facts is more than the head knew already.

use crate::draft::{Draft, Kind};
use crate::endings::Endings;
use crate::graph::{Bits, Graph};
use crate::plan::{NodeIx, Port, ScopeIx};

/// A set of facts that hold together.
#[derive(Clone)]
pub(crate) struct Facts {
    ran: Bits,
    output: Bits,
    failed: Bits,
    live: Bits,
}

impl Facts {
    fn none(draft: &Draft<'_>) -> Self {
        let nodes = Bits::new(draft.len());
        Self { ran: nodes.clone(), output: nodes.clone(), failed: nodes, live: Bits::new(draft.wires.len()) }
    }

    /// The node has completed, with any port but `error`.
    pub fn has_output(&self, node: NodeIx) -> bool {
        self.output.has(node as usize)
    }

    /// The node has completed with port `error`.
    pub fn has_failed(&self, node: NodeIx) -> bool {
        self.failed.has(node as usize)
    }

    fn keep_common(&mut self, other: &Facts) {
        self.ran.keep_common(&other.ran);
        self.output.keep_common(&other.output);
        self.failed.keep_common(&other.failed);
        self.live.keep_common(&other.live);
    }
}

/// The facts at every node and at every scope's end.
pub(crate) struct Certainty {
    at: Vec<Facts>,
    /// When a frame of the scope has become quiet.
    quiet: Vec<Facts>,
}

impl Certainty {
    pub fn new(draft: &Draft<'_>, graph: &Graph) -> Self {
        let mut at = vec![Facts::none(draft); draft.len()];
        for node in &graph.order {
            at[*node as usize] = when_activated(draft, graph, &at, *node);
        }
        let endings = Endings::new(draft, graph);
        let quiet = (0..draft.scopes.len()).map(|scope| when_quiet(draft, graph, &endings, scope as ScopeIx)).collect();
        Self { at, quiet }
    }

    pub fn at(&self, node: NodeIx) -> &Facts {
        &self.at[node as usize]
    }

    pub fn quiet(&self, scope: ScopeIx) -> &Facts {
        &self.quiet[scope as usize]
    }
}

/// What all ways to a node have in common, and what follows from it.
fn when_activated(draft: &Draft<'_>, graph: &Graph, at: &[Facts], node: NodeIx) -> Facts {
    let mut common: Option<Facts> = None;
    for wire in &draft.incoming[node as usize] {
        if let Some(facts) = along(draft, graph, at, *wire) {
            match &mut common {
                Some(common) => common.keep_common(&facts),
                None => common = Some(facts),
            }
        }
    }
    let mut facts = common.unwrap_or_else(|| Facts::none(draft));
    if !draft.is_head(node) {
        for settled in settled_before(draft, graph, node) {
            conclude(draft, graph, settled, &mut facts);
        }
    }
    facts
}

/// The facts if this wire is live; None if it adds nothing to what other wires into its end say.
fn along(draft: &Draft<'_>, graph: &Graph, at: &[Facts], ix: usize) -> Option<Facts> {
    let wire = draft.wires[ix];
    let (from, to) = (graph.place[wire.from as usize]?, graph.place[wire.to as usize]?);
    if from < to {
        let mut facts = at[wire.from as usize].clone();
        complete(draft, wire.from, wire.port, &mut facts);
        return Some(facts);
    }
    if graph.dominates(wire.to, wire.from) {
        return None;
    }
    // A loop with several ways in: only what all of them have gone through is certain.
    let up = graph.dominator[wire.to as usize];
    let mut facts = up.map_or_else(|| Facts::none(draft), |up| at[up as usize].clone());
    if let Some(up) = up {
        facts.ran.put(up as usize);
        succeed_if_only_way(draft, up, &mut facts);
    }
    Some(facts)
}

/// The node has completed with this port: all wires from it are live.
fn complete(draft: &Draft<'_>, node: NodeIx, port: Port, facts: &mut Facts) {
    facts.ran.put(node as usize);
    match port {
        Port::Error => facts.failed.put(node as usize),
        Port::Ok | Port::Case(_) => facts.output.put(node as usize),
    };
    for wire in draft.outgoing[node as usize].iter().filter(|wire| draft.wires[**wire].port == port) {
        facts.live.put(*wire);
    }
}

/// A node that ran and has no `error` wire has an output: else its frame would be over.
fn succeed_if_only_way(draft: &Draft<'_>, node: NodeIx, facts: &mut Facts) {
    if !facts.ran.has(node as usize) || draft.handles_error(node) && !draft.disabled(node) {
        return;
    }
    match draft.kinds[node as usize] {
        _ if draft.disabled(node) => complete(draft, node, Port::Ok, facts),
        Kind::Return | Kind::Fail => {}
        Kind::Branch => {
            facts.output.put(node as usize);
        }
        _ => complete(draft, node, Port::Ok, facts),
    }
}

/// What follows for a node that is known to be settled, run or skipped.
fn conclude(draft: &Draft<'_>, graph: &Graph, node: NodeIx, facts: &mut Facts) {
    let incoming = &draft.incoming[node as usize];
    let starts = incoming.is_empty() || incoming.iter().any(|wire| facts.live.has(*wire));
    if starts || graph.region[node as usize] == Some(node) && facts.ran.has(node as usize) {
        facts.ran.put(node as usize);
        succeed_if_only_way(draft, node, facts);
    }
}

/// The nodes of the same frame that are settled when an all-join is activated, in order: those that lead to it, back to the head.
fn settled_before(draft: &Draft<'_>, graph: &Graph, node: NodeIx) -> Vec<NodeIx> {
    let region = graph.region[node as usize];
    let mut seen = Bits::new(draft.len());
    let mut found = Vec::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        for wire in &draft.incoming[node as usize] {
            let from = draft.wires[*wire].from;
            let here = graph.place[from as usize].is_some() && graph.region[from as usize] == region;
            if here && seen.put(from as usize) {
                found.push(from);
                if !draft.is_head(from) {
                    waiting.push(from);
                }
            }
        }
    }
    found.sort_by_key(|node| graph.place[*node as usize]);
    found
}

/// In a quiet frame everything is settled, every visit is over, and no `return` or `fail` was reached: a node that ran has completed
/// with the one port that does not lead there, if there is only one.
fn when_quiet(draft: &Draft<'_>, graph: &Graph, endings: &Endings, scope: ScopeIx) -> Facts {
    let mut facts = Facts::none(draft);
    let mut nodes = draft.scopes[scope as usize].nodes.clone();
    nodes.retain(|node| graph.place[*node as usize].is_some());
    nodes.sort_by_key(|node| graph.place[*node as usize]);
    for node in nodes {
        conclude(draft, graph, node, &mut facts);
        if let (true, [port]) = (facts.ran.has(node as usize), &endings.open_ports(draft, node)[..]) {
            complete(draft, node, *port, &mut facts);
        }
    }
    facts
}
