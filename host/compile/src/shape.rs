//! What is worked out of a plan before code is written: where wires are counted, and how far up a wire's head has its home.

use crate::CompileError;
use loomwork_check::plan::{Node, NodeIx, Plan, ScopeIx, WireIx};
use std::collections::BTreeMap;

pub(crate) struct Shape {
    /// For each join of several wires, its word in a frame.
    words: BTreeMap<NodeIx, u32>,
    /// How many words a frame of each scope has.
    counts: Vec<u32>,
    /// For each head, the head around it.
    parents: BTreeMap<NodeIx, Option<NodeIx>>,
}

/// True for a node whose live arrivals each start a visit.
pub(crate) fn is_head(plan: &Plan, node: NodeIx) -> bool {
    plan.nodes[node as usize].region == Some(node)
}

impl Shape {
    pub fn of(plan: &Plan) -> Result<Self, CompileError> {
        let mut counts = vec![0; plan.scopes.len()];
        let mut words = BTreeMap::new();
        for (place, node) in plan.nodes.iter().enumerate() {
            let index = place as NodeIx;
            if node.incoming.len() > 0xffff {
                return Err(CompileError::TooLarge { what: format!("`{}` has more than 65 535 incoming wires", node.id) });
            }
            if node.incoming.len() > 1 && !is_head(plan, index) {
                let count = &mut counts[node.scope as usize];
                words.insert(index, *count);
                *count += 1;
            }
        }
        let heads = (0..plan.nodes.len() as NodeIx).filter(|node| is_head(plan, *node));
        let parents = heads.map(|head| (head, parent(plan, head))).collect();
        Ok(Self { words, counts, parents })
    }

    /// The byte offset of a join's count in a frame's words, whose first is the frame's number.
    pub fn offset(&self, node: NodeIx) -> Option<u32> {
        self.words.get(&node).map(|word| 4 * (word + 1))
    }

    pub fn words(&self, scope: ScopeIx) -> u32 {
        self.counts[scope as usize]
    }

    /// How many homes up from the frame of a wire's start its head has its home.
    pub fn hops(&self, plan: &Plan, wire: WireIx) -> u32 {
        let wire = &plan.wires[wire as usize];
        let home = self.parents.get(&wire.to).copied().flatten();
        let mut region = plan.nodes[wire.from as usize].region;
        let mut hops = 0;
        while region != home
            && let Some(head) = region
            && hops < self.parents.len() as u32
        {
            region = self.parents.get(&head).copied().flatten();
            hops += 1;
        }
        hops
    }
}

/// The innermost head, other than itself, that every way to `head` leads through.
fn parent(plan: &Plan, head: NodeIx) -> Option<NodeIx> {
    if !reachable_without(plan, head, NodeIx::MAX) {
        // What never runs is nowhere.
        return None;
    }
    let scope = plan.nodes[head as usize].scope;
    let others = plan.scopes[scope as usize].nodes.iter().copied().filter(|other| *other != head && is_head(plan, *other));
    let around: Vec<NodeIx> = others.filter(|other| !reachable_without(plan, head, *other)).collect();
    // The innermost is the one that all the others are around.
    around.iter().copied().find(|inner| around.iter().all(|outer| outer == inner || !reachable_without(plan, *inner, *outer)))
}

/// True if there is a way from the scope's start to `node` that avoids `avoided`.
fn reachable_without(plan: &Plan, node: NodeIx, avoided: NodeIx) -> bool {
    let scope = &plan.scopes[plan.nodes[node as usize].scope as usize];
    let mut seen = vec![false; plan.nodes.len()];
    let mut open: Vec<NodeIx> = scope.entries.iter().copied().filter(|entry| *entry != avoided).collect();
    while let Some(next) = open.pop() {
        if next == node {
            return true;
        }
        if std::mem::replace(&mut seen[next as usize], true) {
            continue;
        }
        let Node { outgoing, .. } = &plan.nodes[next as usize];
        open.extend(outgoing.iter().map(|wire| plan.wires[*wire as usize].to).filter(|to| *to != avoided));
    }
    false
}
