//! `flow.misplaced_field`: a field that has no meaning on a node of this kind.

use crate::draft::{Draft, Kind, at};
use crate::plan::NodeIx;
use crate::report::Report;
use loomwork_flow::Join;

pub(super) fn check(draft: &Draft<'_>, report: &mut Report<'_>) {
    for (ix, (node, kind)) in draft.flow.nodes.iter().zip(&draft.kinds).enumerate() {
        let name = kind.name();
        let is_function = matches!(kind, Kind::Function { .. } | Kind::Unknown);
        let mut misplaced = |field: &str, hint: &str| {
            let message = format!("a `{name}` has no `{field}`");
            report.error_name("flow.misplaced_field", &at(ix as NodeIx, field), message, hint.to_owned());
        };
        if node.retry.is_some() && !is_function {
            misplaced("retry", "Only calls of functions are tried again; a `repeat` with a `try` inside does the same for more.");
        }
        if node.cache.is_some() && !is_function {
            misplaced("cache", "Only results of functions are kept.");
        }
        if node.pin.is_some() && !takes_pin(*kind) {
            misplaced("pin", "Functions, `wait`, `call` and `set` can be pinned; of a scope, pin the nodes that live in it.");
        }
        if node.timeout.is_some() && !takes_time(*kind) {
            misplaced("timeout", "It takes no time. Functions, scopes, `wait` and `call` have time limits.");
        }
        if node.max_visits.is_some() && node.join != Join::Any {
            let message = "`max_visits` means nothing without `\"join\": \"any\"`";
            let hint = "Only a node that every arrival visits anew has visits to count.".to_owned();
            report.error_name("flow.misplaced_field", &at(ix as NodeIx, "max_visits"), message, hint);
        }
    }
}

fn takes_time(kind: Kind<'_>) -> bool {
    match kind {
        Kind::Function { .. } | Kind::Each | Kind::Repeat | Kind::Try | Kind::Wait | Kind::Call | Kind::Unknown => true,
        Kind::Branch | Kind::Set | Kind::Value | Kind::Emit | Kind::Respond | Kind::Return | Kind::Fail => false,
    }
}

/// True for the nodes that do nothing but give one output.
fn takes_pin(kind: Kind<'_>) -> bool {
    matches!(kind, Kind::Function { .. } | Kind::Wait | Kind::Call | Kind::Set | Kind::Emit | Kind::Unknown)
}
