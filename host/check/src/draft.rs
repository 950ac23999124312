//! A flow with its names resolved to numbers, as far as they can be: what all rules look at.

mod functions;
mod kinds;
mod ports;
mod scopes;

pub(crate) use functions::Functions;
pub(crate) use kinds::Kind;
pub(crate) use ports::case_names;
pub(crate) use scopes::ScopeDraft;

use crate::plan::{NodeIx, Port, ScopeIx, Section};
use crate::report::Report;
use loomwork_flow::Flow;
use std::collections::HashMap;

pub(crate) struct Draft<'a> {
    pub flow: &'a Flow,
    /// The first node of each id.
    pub ids: HashMap<&'a str, NodeIx>,
    pub kinds: Vec<Kind<'a>>,
    /// `scopes[0]` is the flow; owners before what they own.
    pub scopes: Vec<ScopeDraft>,
    pub scope_of: Vec<ScopeIx>,
    sections: HashMap<(NodeIx, Section), ScopeIx>,
    /// The wires that lead from a node to a node of the same scope, in document order.
    pub wires: Vec<WireDraft>,
    pub incoming: Vec<Vec<usize>>,
    pub outgoing: Vec<Vec<usize>>,
}

#[derive(Clone, Copy)]
pub(crate) struct WireDraft {
    pub from: NodeIx,
    pub port: Port,
    pub to: NodeIx,
    /// Its place in the document.
    pub at: usize,
}

impl<'a> Draft<'a> {
    /// Resolves every name, and reports those that cannot be.
    pub fn new(flow: &'a Flow, functions: &Functions<'a>, report: &mut Report<'_>) -> Self {
        let mut ids = HashMap::new();
        for (ix, node) in flow.nodes.iter().enumerate() {
            ids.entry(node.id.as_str()).or_insert(ix as NodeIx);
        }
        let kinds: Vec<Kind<'a>> =
            flow.nodes.iter().enumerate().map(|(ix, node)| kinds::kind(ix, node, functions, report)).collect();
        let (scopes, scope_of) = scopes::resolve(flow, &ids, &kinds, report);
        let sections = scopes.iter().enumerate().filter_map(|(ix, scope)| Some((scope.owner?, ix as ScopeIx))).collect();
        let mut draft = Self {
            flow,
            ids,
            kinds,
            scopes,
            scope_of,
            sections,
            wires: Vec::new(),
            incoming: vec![Vec::new(); flow.nodes.len()],
            outgoing: vec![Vec::new(); flow.nodes.len()],
        };
        draft.wires = ports::wires(&draft, report);
        for (ix, wire) in draft.wires.iter().enumerate() {
            draft.outgoing[wire.from as usize].push(ix);
            draft.incoming[wire.to as usize].push(ix);
        }
        draft
    }

    pub fn len(&self) -> usize {
        self.flow.nodes.len()
    }

    pub fn id(&self, node: NodeIx) -> &'a str {
        &self.flow.nodes[node as usize].id
    }

    /// A scope node's section, if any node lives in it; `Body` of a scope node always is there.
    pub fn section(&self, owner: NodeIx, section: Section) -> Option<ScopeIx> {
        self.sections.get(&(owner, section)).copied()
    }

    pub fn disabled(&self, node: NodeIx) -> bool {
        self.flow.nodes[node as usize].disabled
    }

    /// True for a node that is visited anew by every arrival.
    pub fn is_head(&self, node: NodeIx) -> bool {
        self.flow.nodes[node as usize].join == loomwork_flow::Join::Any && !self.incoming[node as usize].is_empty()
    }

    /// How many cases a branch has, besides `else`.
    pub fn cases(&self, node: NodeIx) -> u32 {
        let cases = self.flow.nodes[node as usize].with.iter().find(|(name, _)| name == "cases");
        match cases {
            Some((_, loomwork_flow::Json::List(cases))) => cases.len() as u32,
            _ => 0,
        }
    }

    /// True if a wire leaves the node's `error` port.
    pub fn handles_error(&self, node: NodeIx) -> bool {
        self.outgoing[node as usize].iter().any(|wire| self.wires[*wire].port == Port::Error)
    }
}

/// The JSON pointer of a node's part: `at(3, "with/url")`; with an empty part, of the node.
pub(crate) fn at(node: NodeIx, part: &str) -> String {
    match part {
        "" => format!("/nodes/{node}"),
        _ => format!("/nodes/{node}/{part}"),
    }
}

impl Draft<'_> {
    /// Whose output a node passes on when it is disabled, and through which port: the single node wired into it.
    pub fn passes(&self, node: NodeIx) -> Option<(NodeIx, Port)> {
        match self.incoming[node as usize].as_slice() {
            [wire] => Some((self.wires[*wire].from, self.wires[*wire].port)),
            _ => None,
        }
    }

    /// The single node of a scope after which nothing comes, unless it fails.
    pub fn result_node(&self, scope: ScopeIx) -> Option<NodeIx> {
        let goes_on = |node: NodeIx| self.outgoing[node as usize].iter().any(|wire| self.wires[*wire].port != Port::Error);
        let ends = |node: &NodeIx| self.kinds[*node as usize].is_end() && !self.disabled(*node);
        let mut last = self.scopes[scope as usize].nodes.iter().copied().filter(|node| !goes_on(*node) && !ends(node));
        last.next().filter(|_| last.next().is_none())
    }
}
