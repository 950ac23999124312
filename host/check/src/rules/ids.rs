//! `flow.bad_id`, `flow.duplicate_id`: everything that has an id has a good one of its own.

use crate::draft::{Draft, at};
use crate::plan::NodeIx;
use crate::report::{Report, brief};
use loomwork_flow::{good_id, id_mistake};

pub(super) fn check(draft: &Draft<'_>, report: &mut Report<'_>) {
    if let Some(why) = slug_mistake(&draft.flow.id) {
        let hint = "Write a short name such as `order-intake`.".to_owned();
        report.error_hint("flow.bad_id", "/id", format!("this cannot be the id of a flow: {why}"), hint);
    }
    if let Some(target) = draft.flow.error_flow.as_deref().filter(|id| slug_mistake(id).is_some()) {
        report.error("flow.bad_id", "/error_flow", format!("`{}` cannot be the id of a flow", brief(target)));
    }
    let nodes = draft.flow.nodes.iter().map(|node| node.id.as_str());
    distinct("a node", nodes, |ix| at(ix as NodeIx, "id"), report);
    let triggers = draft.flow.triggers.iter().map(|trigger| trigger.id.as_str());
    distinct("a trigger", triggers, |ix| format!("/triggers/{ix}/id"), report);
    for (alias, _) in &draft.flow.packages {
        if slug_mistake(alias).is_some() {
            let pointer = format!("/packages/{}", loomwork_flow::pointer_step(alias));
            let message = format!("`{}` cannot be the alias of a package", brief(alias));
            let hint = "An alias is made of small letters, digits, `-` and `_`.".to_owned();
            report.error_name("flow.bad_id", &pointer, message, hint);
        }
    }
}

fn distinct<'a>(what: &str, ids: impl Iterator<Item = &'a str>, pointer: impl Fn(usize) -> String, report: &mut Report<'_>) {
    let mut seen = std::collections::HashSet::new();
    for (ix, id) in ids.enumerate() {
        if let Some(why) = id_mistake(id) {
            let message = format!("`{}` cannot be the id of {what}: {why}", brief(id));
            report.error_hint("flow.bad_id", &pointer(ix), message, format!("Write for example `{}`.", good_id(id)));
        } else if !seen.insert(id) {
            let message = format!("there is {what} `{id}` already");
            report.error_hint("flow.duplicate_id", &pointer(ix), message, "Give one of the two another id.".to_owned());
        }
    }
}

/// Ids of flows are slugs: they become names of files and parts of addresses.
pub(crate) fn slug_mistake(id: &str) -> Option<&'static str> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    match id.bytes().next() {
        None => Some("it is empty"),
        Some(first) if !first.is_ascii_lowercase() => Some("it begins with something else than a small letter"),
        _ if id.len() > 64 => Some("it is longer than 64 letters"),
        _ if !id.bytes().all(good) => Some("it holds something else than small letters, digits, `-` and `_`"),
        _ => None,
    }
}
