//! Which ways lead to a `return` or a `fail` for certain. A frame that has fallen quiet did not go there: it would be over.

use crate::draft::{Draft, Kind};
use crate::graph::{Bits, Graph};
use crate::plan::{NodeIx, Port};

/// The nodes whose activation ends their frame, whatever else happens.
pub(crate) struct Endings {
    ends: Bits,
}

impl Endings {
    /// In the graph's order backwards: a wire that closes a loop says nothing, since the loop may go on.
    pub fn new(draft: &Draft<'_>, graph: &Graph) -> Self {
        let mut endings = Self { ends: Bits::new(draft.len()) };
        for node in graph.order.iter().rev() {
            if endings.always(draft, *node) {
                endings.ends.put(*node as usize);
            }
        }
        endings
    }

    /// The ports with which the node can have completed in a frame that fell quiet.
    pub fn open_ports(&self, draft: &Draft<'_>, node: NodeIx) -> Vec<Port> {
        let mut ports = ports(draft, node);
        ports.retain(|port| !self.port_ends(draft, node, *port));
        ports
    }

    fn always(&self, draft: &Draft<'_>, node: NodeIx) -> bool {
        match draft.kinds[node as usize] {
            _ if draft.disabled(node) => self.open_ports(draft, node).is_empty(),
            Kind::Return | Kind::Fail => true,
            _ => self.open_ports(draft, node).is_empty(),
        }
    }

    /// A live wire activates its end: an all-join runs once the others are settled, a head starts a visit.
    fn port_ends(&self, draft: &Draft<'_>, node: NodeIx, port: Port) -> bool {
        let wires = draft.outgoing[node as usize].iter().map(|wire| draft.wires[*wire]);
        wires.filter(|wire| wire.port == port).any(|wire| self.ends.has(wire.to as usize))
    }
}

/// Every port with which a node can complete. A fault without an `error` wire ends the frame, so it is none of them.
fn ports(draft: &Draft<'_>, node: NodeIx) -> Vec<Port> {
    if draft.disabled(node) {
        return vec![Port::Ok];
    }
    let mut ports = match draft.kinds[node as usize] {
        Kind::Branch => (0..=draft.cases(node)).map(Port::Case).collect(),
        _ => vec![Port::Ok],
    };
    if draft.handles_error(node) {
        ports.push(Port::Error);
    }
    ports
}
