//! The fields of nodes and flows that commands set, one at a time.

use crate::document::{Concurrency, Debounce, Durability, Flow, Join, Node, Retry, Trigger};
use crate::json::Json;
use std::mem::replace;

/// A field of a node with its new value.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeField {
    Uses(String),
    Join(Join),
    MaxVisits(Option<u32>),
    Timeout(Option<String>),
    Retry(Option<Retry>),
    Cache(Option<String>),
    Pin(Option<Json>),
    Disabled(bool),
    Note(Option<String>),
}

impl NodeField {
    /// Sets the field and returns it as it was.
    pub(super) fn swap(&self, node: &mut Node) -> Self {
        match self.clone() {
            Self::Uses(new) => Self::Uses(replace(&mut node.uses, new)),
            Self::Join(new) => Self::Join(replace(&mut node.join, new)),
            Self::MaxVisits(new) => Self::MaxVisits(replace(&mut node.max_visits, new)),
            Self::Timeout(new) => Self::Timeout(replace(&mut node.timeout, new)),
            Self::Retry(new) => Self::Retry(replace(&mut node.retry, new)),
            Self::Cache(new) => Self::Cache(replace(&mut node.cache, new)),
            Self::Pin(new) => Self::Pin(replace(&mut node.pin, new)),
            Self::Disabled(new) => Self::Disabled(replace(&mut node.disabled, new)),
            Self::Note(new) => Self::Note(replace(&mut node.note, new)),
        }
    }
}

/// A field of a flow with its new value.
#[derive(Clone, Debug, PartialEq)]
pub enum FlowField {
    Id(String),
    Description(Option<String>),
    Packages(Vec<(String, String)>),
    Types(Vec<(String, String)>),
    Input(Option<String>),
    Output(Option<String>),
    Answer(Option<String>),
    Triggers(Vec<Trigger>),
    Concurrency(Option<Concurrency>),
    Debounce(Option<Debounce>),
    Timeout(Option<String>),
    ErrorFlow(Option<String>),
    Durability(Durability),
}

impl FlowField {
    /// Sets the field and returns it as it was.
    pub(super) fn swap(&self, flow: &mut Flow) -> Self {
        match self.clone() {
            Self::Id(new) => Self::Id(replace(&mut flow.id, new)),
            Self::Description(new) => Self::Description(replace(&mut flow.description, new)),
            Self::Packages(new) => Self::Packages(replace(&mut flow.packages, new)),
            Self::Types(new) => Self::Types(replace(&mut flow.types, new)),
            Self::Input(new) => Self::Input(replace(&mut flow.input, new)),
            Self::Output(new) => Self::Output(replace(&mut flow.output, new)),
            Self::Answer(new) => Self::Answer(replace(&mut flow.answer, new)),
            Self::Triggers(new) => Self::Triggers(replace(&mut flow.triggers, new)),
            Self::Concurrency(new) => Self::Concurrency(replace(&mut flow.concurrency, new)),
            Self::Debounce(new) => Self::Debounce(replace(&mut flow.debounce, new)),
            Self::Timeout(new) => Self::Timeout(replace(&mut flow.timeout, new)),
            Self::ErrorFlow(new) => Self::ErrorFlow(replace(&mut flow.error_flow, new)),
            Self::Durability(new) => Self::Durability(replace(&mut flow.durability, new)),
        }
    }
}
