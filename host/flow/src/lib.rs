//! The flow document: parsed with spans, printed in one canonical form, changed by edit commands, migrated by named steps.
//!
//! Knows nothing of types, components or running.

mod document;
mod json;

pub use document::{
    Answer, Backoff, Concurrency, Durability, Flow, HttpInput, HttpTrigger, Join, Node, Retry, Trigger, TriggerKind, Wire,
};
pub use json::Json;
