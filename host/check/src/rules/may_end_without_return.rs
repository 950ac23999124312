//! `flow.may_end_without_return`: a flow that falls quiet without a `return` gives null, so its output type must allow null.

use crate::draft::{Draft, Kind};
use crate::graph::Graph;
use crate::plan::{NodeIx, Port, ScopeIx, Section};
use crate::report::{Report, listed};
use loomwork_types::Type;

pub(crate) fn may_end_without_return(draft: &Draft<'_>, graph: &Graph, output: &Type, report: &mut Report<'_>) {
    if output.may_be_null() {
        return;
    }
    let ends = Ends::new(draft, graph);
    if ends.scope(0) {
        return;
    }
    let loose: Vec<&str> = ends.loose().into_iter().map(|node| draft.id(node)).take(3).collect();
    let message = "the flow may end without a `return`, and its output type does not allow null";
    let hint = if loose.is_empty() {
        "Add a `return`, or make the output an `option<…>`.".to_owned()
    } else {
        format!("Lead every way to a `return` or a `fail` (see {}), or make the output an `option<…>`.", listed(loose))
    };
    report.error_hint("flow.may_end_without_return", "/output", message, hint);
}

/// Which nodes, once they run, surely lead to a `return`, a `fail` or an uncaught fault. Going round for ever counts: it never
/// falls quiet.
struct Ends<'a, 'd> {
    draft: &'a Draft<'d>,
    graph: &'a Graph,
    sure: Vec<bool>,
}

impl<'a, 'd> Ends<'a, 'd> {
    /// The greatest solution: all are taken to be sure until one is seen not to be.
    fn new(draft: &'a Draft<'d>, graph: &'a Graph) -> Self {
        let mut ends = Self { draft, graph, sure: vec![true; draft.len()] };
        // Backwards along the order, so that most is settled in the first pass; what changes is looked at again.
        let mut waiting: Vec<NodeIx> = graph.order.clone();
        while let Some(node) = waiting.pop() {
            if ends.sure[node as usize] && !ends.node(node) {
                ends.sure[node as usize] = false;
                let before = draft.incoming[node as usize].iter().map(|wire| draft.wires[*wire].from);
                waiting.extend(before);
                waiting.extend(draft.scopes[draft.scope_of[node as usize] as usize].owner.map(|(owner, _)| owner));
            }
        }
        ends
    }

    fn scope(&self, scope: ScopeIx) -> bool {
        let mut nodes = self.draft.scopes[scope as usize].nodes.iter();
        nodes.any(|node| self.draft.incoming[*node as usize].is_empty() && self.sure[*node as usize])
    }

    fn node(&self, node: NodeIx) -> bool {
        if self.draft.disabled(node) {
            return self.port(node, Port::Ok);
        }
        let error = !self.draft.handles_error(node) || self.port(node, Port::Error);
        error
            && match self.draft.kinds[node as usize] {
                Kind::Return | Kind::Fail => true,
                Kind::Branch => {
                    let cases = crate::draft::case_names(&self.draft.flow.nodes[node as usize]).len() as u32;
                    (0..=cases).all(|case| self.port(node, Port::Case(case)))
                }
                Kind::Try if self.section(node, Section::Finally) == Some(true) => true,
                Kind::Try => {
                    let caught = self.section(node, Section::Catch).unwrap_or(true);
                    self.section(node, Section::Body) == Some(true) && caught || self.port(node, Port::Ok)
                }
                Kind::Repeat if self.draft.flow.nodes[node as usize].parameter("until").is_some() => {
                    self.section(node, Section::Body) == Some(true) || self.port(node, Port::Ok)
                }
                _ => self.port(node, Port::Ok),
            }
    }

    fn section(&self, node: NodeIx, section: Section) -> Option<bool> {
        self.draft.section(node, section).map(|scope| self.scope(scope))
    }

    fn port(&self, node: NodeIx, port: Port) -> bool {
        let mut wires = self.draft.outgoing[node as usize].iter().map(|wire| self.draft.wires[*wire]);
        wires.any(|wire| wire.port == port && self.sure[wire.to as usize])
    }

    /// The nodes of the flow itself at which a way ends without a `return`.
    fn loose(&self) -> Vec<NodeIx> {
        let last = |node: &&NodeIx| {
            let reached = self.graph.place[**node as usize].is_some();
            let onward = self.draft.outgoing[**node as usize].iter().any(|wire| !self.sure[self.draft.wires[*wire].to as usize]);
            reached && !self.sure[**node as usize] && !onward
        };
        self.draft.scopes[0].nodes.iter().filter(last).copied().collect()
    }
}
