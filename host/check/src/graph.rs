//! The shape of the wires: order, dominators, regions of heads, ancestors. No scope's wires leave it, so all scopes are one graph.

use crate::draft::Draft;
use crate::plan::NodeIx;

pub(crate) struct Graph {
    /// Reachable nodes, each before those that come after it, loops aside.
    pub order: Vec<NodeIx>,
    /// The place of each node in `order`; None for one that nothing leads to.
    pub place: Vec<Option<usize>>,
    /// The nearest node that every way to a node goes through. None for what starts by itself or is reached in ways that share nothing.
    pub dominator: Vec<Option<NodeIx>>,
    /// The head of the innermost region a node belongs to.
    pub region: Vec<Option<NodeIx>>,
    /// For each node, the nodes from which wires lead to it, over any number of steps; itself only if it is in a cycle.
    ancestors: Vec<Bits>,
}

/// A set of small numbers.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub fn new(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    pub fn has(&self, bit: usize) -> bool {
        self.0[bit / 64] & (1 << (bit % 64)) != 0
    }

    /// Puts a number in; true if it is new.
    pub fn put(&mut self, bit: usize) -> bool {
        let new = !self.has(bit);
        self.0[bit / 64] |= 1 << (bit % 64);
        new
    }

    pub fn keep_common(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
    }
}

impl Graph {
    pub fn new(draft: &Draft<'_>) -> Self {
        let order = order(draft);
        let mut place = vec![None; draft.len()];
        for (at, node) in order.iter().enumerate() {
            place[*node as usize] = Some(at);
        }
        let dominator = dominators(draft, &order, &place);
        let mut region = vec![None; draft.len()];
        for node in &order {
            let outer = dominator[*node as usize].and_then(|up: NodeIx| region[up as usize]);
            region[*node as usize] = if draft.is_head(*node) { Some(*node) } else { outer };
        }
        let ancestors = (0..draft.len() as NodeIx).map(|node| ancestors(draft, node)).collect();
        Self { order, place, dominator, region, ancestors }
    }

    pub fn is_ancestor(&self, ancestor: NodeIx, of: NodeIx) -> bool {
        self.ancestors[of as usize].has(ancestor as usize)
    }

    /// True if every way to `node` goes through `other`, or they are the same.
    pub fn dominates(&self, other: NodeIx, node: NodeIx) -> bool {
        let mut at = Some(node);
        while let Some(node) = at {
            if node == other {
                return true;
            }
            at = self.dominator[node as usize];
        }
        false
    }
}

/// Reverse post-order of a depth-first walk from the nodes without incoming wires.
fn order(draft: &Draft<'_>) -> Vec<NodeIx> {
    let mut seen = Bits::new(draft.len());
    let mut finished = Vec::new();
    for start in (0..draft.len()).rev().filter(|node| draft.incoming[*node].is_empty()) {
        seen.put(start);
        let mut path = vec![(start, draft.outgoing[start].len())];
        while let Some((node, left)) = path.last_mut() {
            if *left == 0 {
                finished.push(*node as NodeIx);
                path.pop();
                continue;
            }
            *left -= 1;
            let next = draft.wires[draft.outgoing[*node][*left]].to as usize;
            if seen.put(next) {
                path.push((next, draft.outgoing[next].len()));
            }
        }
    }
    finished.reverse();
    finished
}

/// Cooper, Harvey and Kennedy's algorithm, with a virtual start above all nodes without incoming wires.
fn dominators(draft: &Draft<'_>, order: &[NodeIx], place: &[Option<usize>]) -> Vec<Option<NodeIx>> {
    // Numbers are places in the order plus one; 0 is the virtual start.
    let mut up: Vec<Option<usize>> = vec![None; order.len() + 1];
    up[0] = Some(0);
    let mut changed = true;
    while changed {
        changed = false;
        for (at, node) in order.iter().enumerate() {
            let mut common = draft.incoming[*node as usize].is_empty().then_some(0);
            for wire in &draft.incoming[*node as usize] {
                let from = place[draft.wires[*wire].from as usize].map(|place| place + 1);
                if let Some(from) = from.filter(|from| up[*from].is_some()) {
                    common = Some(common.map_or(from, |common| meet(&up, common, from)));
                }
            }
            if common.is_some() && up[at + 1] != common {
                up[at + 1] = common;
                changed = true;
            }
        }
    }
    let mut dominators = vec![None; draft.len()];
    for (at, node) in order.iter().enumerate() {
        dominators[*node as usize] = up[at + 1].and_then(|up| up.checked_sub(1)).map(|up| order[up]);
    }
    dominators
}

fn meet(up: &[Option<usize>], mut a: usize, mut b: usize) -> usize {
    while a != b {
        if a > b {
            a = up[a].expect("the places compared have been reached");
        } else {
            b = up[b].expect("the places compared have been reached");
        }
    }
    a
}

fn ancestors(draft: &Draft<'_>, node: NodeIx) -> Bits {
    let mut found = Bits::new(draft.len());
    let mut waiting = vec![node as usize];
    while let Some(node) = waiting.pop() {
        for wire in &draft.incoming[node] {
            let from = draft.wires[*wire].from as usize;
            if found.put(from) {
                waiting.push(from);
            }
        }
    }
    found
}
