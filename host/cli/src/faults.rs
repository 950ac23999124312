//! A fault as a person or a program is shown it.

use crate::output;
use loomwork_run::FaultView;
use loomwork_types::Fault;
use serde_json::{Value, json};

/// Prints a fault: as JSON on standard output, or as text on standard error.
pub fn print(fault: &Fault, as_json: bool) {
    if as_json {
        return output::json(&json!({ "fault": FaultView::from(fault) }));
    }
    let (own_hint, data) = told(fault);
    output::error(&format!("{}: {}", fault.code, fault.message), own_hint.as_deref().or(hint(&fault.code)));
    if let Some(data) = data {
        eprintln!("{data:#}");
    }
}

/// A hint that the fault itself carries, and of its data what the message does not say already.
fn told(fault: &Fault) -> (Option<String>, Option<Value>) {
    let data: Option<Value> = fault.data.as_deref().and_then(|data| serde_json::from_str(data).ok());
    match data {
        // A value that is not of its type: the message names the place.
        Some(Value::Object(mut fields))
            if fields.contains_key("path") && fields.keys().all(|key| key == "path" || key == "hint") =>
        {
            (fields.remove("hint").and_then(|hint| hint.as_str().map(str::to_owned)), None)
        }
        // Most errors of functions are one text, which is the message too.
        Some(Value::String(text)) if text == fault.message => (None, None),
        data => (None, data),
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
        _ if code.starts_with("type.") => "The flow's `input` says what is expected; `loom nodes NAME` says it of a function.",
        _ => return None,
    })
}
