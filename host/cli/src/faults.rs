//! A fault as a person or a program is shown it.

use crate::output;
use loomwork_run::FaultView;
use loomwork_types::Fault;
use serde_json::json;

/// Prints a fault: as JSON on standard output, or as text on standard error.
pub fn print(fault: &Fault, as_json: bool) {
    if as_json {
        return output::json(&json!({ "fault": FaultView::from(fault) }));
    }
    output::error(&format!("{}: {}", fault.code, fault.message), hint(&fault.code));
    if let Some(data) = &fault.data {
        eprintln!("{data}");
    }
}

/// What to do about the faults that people meet first.
fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "capability.not_granted" => {
            "Grant it: --grant http:https://HOST, --grant kv:STORE, --grant secret:NAME=HOST, --grant log."
        }
        "http.denied" => "Grant the host with --grant http:SCHEME://HOST[:PORT]; private addresses must be named exactly.",
        "limit.time" => "Give the node a longer `timeout`, or look for what it waits for.",
        "package.not_found" => "`loom nodes` lists the packages at hand; --components names their folder.",
        _ if code.starts_with("type.") => "`loom inspect` shows the types that a flow expects.",
        _ => return None,
    })
}
