//! The rules that look at names, wires and fields; each file holds one. Rules about values are in `build`.

mod cycle_without_any;
mod flows;
mod ids;
mod join_mixes_loop;
mod may_end_without_return;
mod misplaced_field;
mod route_fields;
mod triggers;
mod unreachable;

use crate::draft::Draft;
use crate::graph::Graph;
use crate::report::Report;
use loomwork_catalog::Catalog;

pub(crate) use flows::flow_is_known;
pub(crate) use ids::slug_mistake;
pub(crate) use may_end_without_return::may_end_without_return;
pub(crate) use route_fields::route_fields;
pub(crate) use triggers::name_is_good;

/// Runs them all.
pub(crate) fn all(draft: &Draft<'_>, graph: &Graph, catalog: &Catalog, report: &mut Report<'_>) {
    ids::check(draft, report);
    misplaced_field::check(draft, report);
    cycle_without_any::check(draft, report);
    join_mixes_loop::check(draft, graph, report);
    unreachable::check(draft, graph, report);
    triggers::check(draft, report);
    flows::check(draft, catalog, report);
}
