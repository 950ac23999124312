//! `flow.bad_path`: what a route's parameters become must be fields that the flow's input has.

use crate::report::{Report, brief, listed};
use loomwork_flow::{Flow, HttpInput, TriggerKind};
use loomwork_types::Type;

pub(crate) fn route_fields(flow: &Flow, input: &Type, report: &mut Report<'_>) {
    let Type::Record(record) = input else { return };
    for (ix, trigger) in flow.triggers.iter().enumerate() {
        let TriggerKind::Http(http) = &trigger.kind else { continue };
        if http.input != HttpInput::Body {
            continue;
        }
        for name in parameters(&http.path).filter(|name| record.field(name).is_none()) {
            let names = || record.fields.iter().map(|field| &*field.json);
            let hint = report.did_you_mean(name, names()).unwrap_or_else(|| match record.fields.len() {
                0 => "Add it to the flow's `input`.".to_owned(),
                _ => format!("Add it to the flow's `input`, or use one of {}.", listed(names())),
            });
            let message = format!("the flow's input has no field `{}` for this part of the path", brief(name));
            report.error_hint("flow.bad_path", &format!("/triggers/{ix}/path"), message, hint);
        }
    }
}

/// The names between braces.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| Some(part.strip_prefix('{')?.strip_suffix('}')?.trim_start_matches('*')))
}
