//! Says whether a flow can work: names, wires, loops, types, expressions. A wrong flow is an answer, not an error.
//!
//! The walk: a flow's names become numbers ([`draft`]), its wires a graph with dominators and regions ([`graph`]), from which
//! follows what is certain where ([`facts`]); the [`rules`] look at these; [`build`] checks every parameter and expression against
//! types and makes the [`plan`]. Every code is explained in `docs/diagnostics.md`.
//!
//! Knows nothing of WebAssembly or running; the same code runs in the host and in the studio.

mod build;
mod codes;
mod draft;
mod endings;
mod facts;
mod graph;
mod key;
pub mod plan;
mod question;
mod rename;
mod report;
mod rules;
mod types;

pub use codes::CODES;
pub use question::{FormField, Question, Vote};
pub use rename::rename_in_template;

use loomwork_catalog::Catalog;
use loomwork_diagnostic::Diagnostic;
use loomwork_flow::{Flow, SourceMap};
use plan::Plan;

/// A flow with no errors left in it. Only [`check`] can make one.
#[derive(Clone, Debug)]
pub struct CheckedFlow {
    plan: Plan,
}

impl CheckedFlow {
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The same flow for tests and previews: nodes with a pin give that. See [`Plan::hold_pins`].
    pub fn with_pins(mut self) -> Self {
        self.plan.hold_pins();
        self
    }
}

impl std::ops::Deref for CheckedFlow {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.plan
    }
}

/// Checks a flow against the functions there are. With any error there is no checked flow; warnings do not hinder.
pub fn check(flow: &Flow, map: &SourceMap, catalog: &Catalog) -> (Option<CheckedFlow>, Vec<Diagnostic>) {
    let mut report = report::Report::new(map);
    let plan = plan_of(flow, catalog, &mut report);
    (plan.map(|plan| CheckedFlow { plan }), report.finish())
}

/// Reads and checks a document: the whole way from text. With any error there is no flow. What the reader has said of a place is not said
/// again in other words; diagnostics stand in the order of their places.
pub fn check_text(text: &str, catalog: &Catalog) -> (Option<(Flow, CheckedFlow)>, Vec<Diagnostic>) {
    let (flow, map, mut diagnostics) = loomwork_flow::parse(text);
    let Some(flow) = flow else { return (None, diagnostics) };
    let (checked, found) = check(&flow, &map, catalog);
    let readable = !diagnostics.iter().any(Diagnostic::is_error);
    let told: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
    diagnostics.extend(found.into_iter().filter(|diagnostic| !told.contains(&diagnostic.span)));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (checked.filter(|_| readable).map(|checked| (flow, checked)), diagnostics)
}

fn plan_of(flow: &Flow, catalog: &Catalog, report: &mut report::Report<'_>) -> Option<Plan> {
    if flow.nodes.len() > loomwork_flow::MAX_NODES || flow.wires.len() > loomwork_flow::MAX_WIRES {
        report.error("flow.too_large", "/nodes", "the flow has more nodes or wires than a flow may have");
        return None;
    }
    let functions = draft::Functions::new(flow, catalog, report);
    let draft = draft::Draft::new(flow, &functions, report);
    let graph = graph::Graph::new(&draft);
    let certainty = facts::Certainty::new(&draft, &graph);
    let ends = types::ends(flow, report);
    rules::all(&draft, &graph, catalog, report);
    rules::may_end_without_return(&draft, &graph, &ends.output, report);
    rules::route_fields(flow, &ends.input, report);
    build::plan(build::Sources { draft: &draft, graph: &graph, certainty: &certainty, catalog }, ends, report)
}
