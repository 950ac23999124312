//! The second kind of document, `*.machine.json`: a state machine, read as the flow that does what it says.
//!
//! A machine becomes a loop around one wait, of nodes that every flow has, so nothing after the reader knows of states: what is checked,
//! compiled and run is the flow. Each part of it keeps the place where the machine's text has it. `docs/machine-document.md` describes the
//! document, and [`build`] says what it becomes.

mod build;
mod order;
mod read;

use crate::json::Json;
use crate::located::{Located, Shape};
use crate::read::Problems;
pub(crate) use order::ordered;

/// What a flow keeps of the machine that it was written as.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// The document, in canonical order.
    pub source: Json,
    /// A template over `input` and `vars`: the text by which a running instance is found.
    pub key: Option<String>,
    /// The events that it takes, each once for every state that does, with the node that holds what came with it.
    pub events: Vec<(String, String)>,
}

/// A flow's JSON in place of a machine's, and what stands for `data` and `event` in each node.
pub(crate) struct Lowered {
    pub root: Located,
    pub aliases: Vec<Vec<(String, String)>>,
    pub machine: Machine,
}

/// True for a document that says it is a machine.
pub(crate) fn is_machine(root: &Located) -> bool {
    root.member("kind").is_some_and(|member| matches!(&member.value.value, Shape::String(kind) if kind == "machine"))
}

/// Rewrites a machine as a flow. None if there is too little of it to make one, which has been reported.
pub(crate) fn lower(root: &Located, problems: &mut Problems) -> Option<Lowered> {
    let machine = read::machine(root, problems)?;
    let key = machine.key.clone();
    let build::Built { flow, aliases, events } = build::flow(root, &machine, problems);
    Some(Lowered { root: flow, aliases, machine: Machine { source: ordered(&root.to_json()), key, events } })
}
