//! From a draft to the plan: every node's parameters checked against what they should be, every type worked out.
//!
//! Nodes are taken in the order of the wires, a scope's body within its owner, so that what an expression can read has its type
//! before it is read. What only a loop's earlier visit can give is `json` if its type is not declared.

mod approval;
mod begin;
mod control;
mod expression;
mod function;
mod infer;
mod known;
mod literal;
mod loops;
mod params;
mod template;
mod time;
mod wait;

pub(crate) use expression::node_named;
pub(crate) use known::{Known, Spot};

use crate::draft::{Draft, Kind, at};
use crate::facts::Certainty;
use crate::graph::Graph;
use crate::plan::{Need, Node, NodeIx, Plan, Port, Scope, ScopeIx, Section, What, Wire};
use crate::report::Report;
use loomwork_catalog::Catalog;
use loomwork_types::{Names, Type};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The default of `max_visits`, and its bound.
const MAX_VISITS: u32 = 10_000;
const MOST_VISITS: u32 = 1_000_000;

pub(crate) struct Builder<'a, 'r, 'm> {
    pub known: Known<'a>,
    pub report: &'r mut Report<'m>,
    whats: Vec<Option<What>>,
}

/// What is known before anything is built.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub draft: &'a Draft<'a>,
    pub graph: &'a Graph,
    pub certainty: &'a Certainty,
    pub catalog: &'a Catalog,
}

/// What a checked flow is made of, besides its nodes.
pub(crate) struct Ends {
    pub input: Type,
    pub output: Type,
    pub answer: Type,
    /// The flow's own types.
    pub names: Names,
}

/// Checks all nodes. None if there is any error, also one found before.
pub(crate) fn plan(sources: Sources<'_>, ends: Ends, report: &mut Report<'_>) -> Option<Plan> {
    let draft = sources.draft;
    let mut builder = Builder { known: Known::new(sources, ends), report, whats: vec![None; draft.len()] };
    builder.scope(0);
    let timeout_ms = builder.time_limit(draft.flow.timeout.as_deref(), "/timeout");
    let (concurrency, debounce) = (builder.concurrency(), builder.debounce());
    builder.offers();
    let (idempotency, instance) = (builder.idempotency(), builder.instance());
    let nodes: Vec<Option<Node>> = (0..draft.len() as NodeIx).map(|node| builder.finish(node)).collect();
    if builder.report.has_errors() {
        return None;
    }
    let scopes = (0..draft.scopes.len()).map(|scope| builder.plan_scope(scope as ScopeIx)).collect();
    let nodes: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
    Some(Plan {
        events: events(draft, &nodes),
        timeout_ms,
        concurrency,
        debounce,
        idempotency,
        instance,
        scopes,
        nodes,
        wires: draft.wires.iter().map(|wire| Wire { from: wire.from, port: wire.port, to: wire.to }).collect(),
        needs: needs(draft),
        input: builder.known.ends.input.clone(),
        output: builder.known.ends.output.clone(),
        answer: builder.known.ends.answer.clone(),
        roots: builder.known.into_roots(),
    })
}

impl Builder<'_, '_, '_> {
    /// Checks the nodes of a scope, in the order of its wires.
    fn scope(&mut self, scope: ScopeIx) {
        let draft = self.known.draft;
        let mut nodes = draft.scopes[scope as usize].nodes.clone();
        nodes.sort_by_key(|node| self.known.graph.place[*node as usize].unwrap_or(usize::MAX));
        for node in nodes {
            let (what, output) = self.node(node);
            let output = if draft.disabled(node) { self.passed_through(node) } else { output };
            self.whats[node as usize] = what;
            self.known.outputs[node as usize] = Some(output);
        }
    }

    /// What the node does, and the type of its output. A node of unknown kind gives `json`.
    fn node(&mut self, node: NodeIx) -> (Option<What>, Type) {
        match self.known.draft.kinds[node as usize] {
            Kind::Function { package, function } => self.function(node, package, function),
            Kind::Branch => self.branch(node),
            Kind::Each => self.each(node),
            Kind::Repeat => self.repeat(node),
            Kind::Try => self.try_(node),
            Kind::Wait => self.wait(node),
            Kind::Call => self.call(node),
            Kind::Set => self.set(node),
            Kind::Value => self.value(node),
            Kind::Emit => self.emit(node),
            Kind::Respond => self.respond(node),
            Kind::Return => self.return_(node),
            Kind::Fail => self.fail(node),
            Kind::Unknown => (None, Type::Json),
        }
    }

    /// What a disabled node gives: the output of the single node wired into it, else null.
    fn passed_through(&self, node: NodeIx) -> Type {
        match self.known.draft.passes(node) {
            Some((from, Port::Ok | Port::Case(_))) => self.known.output(from).unwrap_or(Type::Json),
            _ => Type::Json,
        }
    }

    fn finish(&mut self, ix: NodeIx) -> Option<Node> {
        let draft = self.known.draft;
        let node = &draft.flow.nodes[ix as usize];
        let timeout_ms = self.time_limit(node.timeout.as_deref(), &at(ix, "timeout"));
        let max_visits = node.max_visits.unwrap_or(MAX_VISITS);
        self.in_range(max_visits.into(), 1.0..=MOST_VISITS.into(), &at(ix, "max_visits"));
        let output = self.known.output(ix).unwrap_or(Type::Json);
        let pin = node.pin.as_ref().and_then(|pin| self.literal(pin, Some(&output), &at(ix, "pin")));
        Some(Node {
            id: node.id.as_str().into(),
            scope: draft.scope_of[ix as usize],
            region: self.known.graph.region[ix as usize],
            any: draft.is_head(ix),
            max_visits,
            incoming: draft.incoming[ix as usize].iter().map(|wire| *wire as u32).collect(),
            outgoing: draft.outgoing[ix as usize].iter().map(|wire| *wire as u32).collect(),
            handles_error: draft.handles_error(ix),
            disabled: node.disabled,
            passes: draft.passes(ix).filter(|_| node.disabled).map(|(from, _)| from),
            pin: pin.map(|pin| pin.template),
            output,
            timeout_ms,
            what: self.whats[ix as usize].take()?,
        })
    }

    fn plan_scope(&self, ix: ScopeIx) -> Scope {
        let draft = self.known.draft;
        let scope = &draft.scopes[ix as usize];
        let entries = scope.nodes.iter().copied().filter(|node| draft.incoming[*node as usize].is_empty()).collect();
        Scope { owner: scope.owner, nodes: scope.nodes.clone(), entries, result_node: draft.result_node(ix) }
    }

    /// The scope of a section that always is there once its owner is known to be a scope node.
    fn body(&self, owner: NodeIx) -> Option<ScopeIx> {
        self.known.draft.section(owner, Section::Body)
    }
}

/// The types of a state machine's events, as its nodes read them.
fn events(draft: &Draft<'_>, nodes: &[Node]) -> Vec<(Arc<str>, Type)> {
    let known = draft.flow.machine.iter().flat_map(|machine| &machine.events);
    let ty = |(event, payload): &(String, String)| {
        let node = nodes.iter().find(|node| *node.id == **payload)?;
        Some((event.as_str().into(), node.output.clone()))
    };
    known.filter_map(ty).collect()
}

/// Which capabilities the flow's functions may use, and for whom.
fn needs(draft: &Draft<'_>) -> Vec<Need> {
    let mut needs: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
    for kind in &draft.kinds {
        if let Kind::Function { package, .. } = kind {
            for capability in &package.capabilities {
                let packages = needs.entry(capability.clone()).or_default();
                if !packages.contains(&package.id) {
                    packages.push(package.id.clone());
                }
            }
        }
    }
    needs.into_iter().map(|(capability, packages)| Need { capability, packages }).collect()
}
