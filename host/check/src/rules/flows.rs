//! `flow.unknown_flow`: other flows that are named where it is known which there are. What a `call` names is looked at there.

use super::ids::slug_mistake;
use crate::draft::Draft;
use crate::report::{Report, brief};
use loomwork_catalog::Catalog;
use loomwork_flow::TriggerKind;

pub(super) fn check(draft: &Draft<'_>, catalog: &Catalog, report: &mut Report<'_>) {
    let good = |id: &&str| slug_mistake(id).is_none() && **id != draft.flow.id;
    if let Some(flow) = draft.flow.error_flow.as_deref().filter(good) {
        flow_is_known(flow, catalog, "/error_flow", report);
    }
    for (ix, trigger) in draft.flow.triggers.iter().enumerate() {
        if let TriggerKind::Flow { flow } = &trigger.kind
            && good(&flow.as_str())
        {
            flow_is_known(flow, catalog, &format!("/triggers/{ix}/flow"), report);
        }
    }
}

/// Reports a flow that is not there, if it is known which are.
pub(crate) fn flow_is_known(id: &str, catalog: &Catalog, pointer: &str, report: &mut Report<'_>) {
    let Some(flows) = catalog.flows() else { return };
    if catalog.flow(id).is_none() {
        let hint = report.did_you_mean(id, flows).unwrap_or_else(|| "Deploy it first, or mend the id.".to_owned());
        report.error_hint("flow.unknown_flow", pointer, format!("there is no flow `{}`", brief(id)), hint);
    }
}
