//! Text → [`Flow`]: reads as much as it can and reports everything that is wrong at once.
//!
//! Looks only at shapes. What ids, types and expressions mean is for `loomwork-check`.

mod fields;
mod node;
mod trigger;

use crate::document::{Concurrency, Debounce, Durability, Flow, Wire};
use crate::json::Json;
use crate::located::{Located, Shape};
use crate::migrate::{MIGRATIONS, VERSION, migrate};
use crate::scan::{MAX_BYTES, scan};
use crate::source_map::SourceMap;
use crate::states;
pub(crate) use fields::{Fields, Problems};
use loomwork_diagnostic::{Diagnostic, Span};
pub(crate) use node::{BACKOFFS, JOINS};
pub(crate) use trigger::{ANSWERS, HTTP_INPUTS, MISSED, SCHEMES};

/// How many nodes a flow may have.
pub const MAX_NODES: usize = 2_000;
/// How many wires a flow may have.
pub const MAX_WIRES: usize = 10_000;

/// Reads a flow document. There is a flow as soon as the text is a JSON object of a known version; it is sound only if no
/// diagnostic is an error. Parts that cannot be read are left out of it.
pub fn parse(text: &str) -> (Option<Flow>, SourceMap, Vec<Diagnostic>) {
    let (root, found) = scan(text);
    let Some(mut root) = root else {
        let text = if text.len() > MAX_BYTES { "" } else { text };
        return (None, SourceMap::new(text, Located::default()), found);
    };
    let mut problems = Problems { found, ..Problems::default() };
    let current = version(&root, &mut problems).is_some_and(|version| migrate(&mut root, version, MIGRATIONS));
    let flow = match current {
        true if states::is_machine(&root) => machine(&mut root, &mut problems),
        true => flow(&root, &mut problems),
        false => None,
    };
    prune(&mut root, &problems.left_out);
    problems.found.sort_by_key(|problem| problem.span);
    (flow, SourceMap::new(text, root), problems.found)
}

/// Reads a state machine: the flow that it is, and that flow's JSON in place of the machine's.
fn machine(root: &mut Located, problems: &mut Problems) -> Option<Flow> {
    let lowered = states::lower(root, problems)?;
    let key = root.member("key").cloned();
    *root = lowered.root;
    let mut flow = flow(root, problems)?;
    for (node, aliases) in flow.nodes.iter_mut().zip(lowered.aliases) {
        node.aliases = aliases;
    }
    if let Shape::Object(members) = &mut root.value {
        members.extend(key);
    }
    flow.machine = Some(lowered.machine);
    Some(flow)
}

/// Takes the elements that were left out of the flow from its lists, so that places are found by the flow's own indices.
fn prune(root: &mut Located, left_out: &[Span]) {
    let Shape::Object(members) = &mut root.value else {
        return;
    };
    for member in members.iter_mut().filter(|_| !left_out.is_empty()) {
        if let Shape::List(items) = &mut member.value.value {
            items.retain(|item| !left_out.contains(&item.span));
        }
    }
}

/// The format version the document states, if it can be read here.
fn version(root: &Located, problems: &mut Problems) -> Option<u32> {
    const HINT: &str = "A flow document begins with `\"loomwork\": 1`.";
    if !matches!(root.value, Shape::Object(_)) {
        let message = format!("a flow document is an object, not {}", root.kind());
        problems.report(Diagnostic::error("flow.wrong_shape", root.span, message).hint(HINT));
        return None;
    }
    let Some(member) = root.member("loomwork") else {
        let start = Span::new(root.span.start as usize, root.span.start as usize + 1);
        problems.report(Diagnostic::error("flow.version", start, "the format version `loomwork` is missing").hint(HINT));
        return None;
    };
    let version = match &member.value.value {
        Shape::Number(digits) => digits.parse().ok().filter(|version| (1..=VERSION).contains(version)),
        _ => None,
    };
    if version.is_none() {
        let message = format!("this is not a format version known here: {}", brief(&member.value));
        let hint = format!("Versions 1 to {VERSION} can be read. A newer document needs a newer loomwork.");
        problems.report(Diagnostic::error("flow.version", member.value.span, message).hint(hint));
    }
    version
}

fn brief(value: &Located) -> String {
    match &value.value {
        Shape::Number(digits) => crate::scan::shorten(digits),
        _ => value.kind().to_owned(),
    }
}

pub(crate) const FLOW_FIELDS: &[&str] = &[
    "loomwork",
    "id",
    "description",
    "packages",
    "types",
    "input",
    "output",
    "answer",
    "triggers",
    "concurrency",
    "debounce",
    "timeout",
    "error_flow",
    "durability",
    "nodes",
    "wires",
    "view",
];

fn flow(root: &Located, problems: &mut Problems) -> Option<Flow> {
    let mut fields = Fields::open(root, "a flow", FLOW_FIELDS, problems)?;
    Some(Flow {
        id: fields.required_text("id").unwrap_or_default(),
        description: fields.text("description"),
        packages: fields.texts("packages"),
        types: fields.texts("types"),
        input: fields.text("input"),
        output: fields.text("output"),
        answer: fields.text("answer"),
        triggers: fields.list("triggers", usize::MAX, trigger::trigger),
        concurrency: fields.part("concurrency", concurrency),
        debounce: fields.part("debounce", debounce),
        timeout: fields.text("timeout"),
        error_flow: fields.text("error_flow"),
        durability: fields.choice("durability", DURABILITIES).unwrap_or_default(),
        nodes: fields.list("nodes", MAX_NODES, node::node),
        wires: fields.list("wires", MAX_WIRES, wire),
        view: fields.object("view").unwrap_or(Json::Null),
        machine: None,
    })
}

pub(crate) const DURABILITIES: &[(&str, Durability)] = &[("memory", Durability::Memory), ("steps", Durability::Steps)];

fn wire(located: &Located, problems: &mut Problems) -> Option<Wire> {
    let mut fields = Fields::open(located, "a wire", &["from", "port", "to"], problems)?;
    let from = fields.required_text("from");
    let port = fields.text("port").unwrap_or_else(|| "ok".to_owned());
    let to = fields.required_text("to");
    Some(Wire { from: from?, port, to: to? })
}

fn concurrency(located: &Located, problems: &mut Problems) -> Option<Concurrency> {
    let mut fields = Fields::open(located, "concurrency", &["key", "limit"], problems)?;
    Some(Concurrency { key: fields.text("key"), limit: fields.required_count("limit").unwrap_or(1) })
}

fn debounce(located: &Located, problems: &mut Problems) -> Option<Debounce> {
    let mut fields = Fields::open(located, "debounce", &["key", "delay"], problems)?;
    let key = fields.text("key");
    Some(Debounce { key, delay: fields.required_text("delay")? })
}
