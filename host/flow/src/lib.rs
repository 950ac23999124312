//! The flow document: parsed with spans, printed in one canonical form, changed by edit commands, migrated by named steps.
//!
//! Knows nothing of types, components or running.

mod document;
mod edit;
mod identifier;
mod json;
mod located;
mod migrate;
mod print;
mod read;
mod scan;
mod schema;
mod source_map;
mod states;
mod write;

pub use document::{
    Answer, Backoff, Concurrency, Debounce, Durability, Flow, HttpInput, HttpTrigger, Join, Missed, Node, Retry, Scheme, Trigger,
    TriggerKind, Verify, Wire, is_document_name, scope_owner,
};
pub use edit::{Command, EditError, FlowField, NodeField, RenameInTemplate};
pub use identifier::{MAX_ID, good_id, id_mistake};
pub use json::Json;
pub use located::{Located, Member, Shape};
pub use migrate::{MIGRATIONS, Migration, VERSION, migrate};
pub use print::{print, print_json};
pub use read::{MAX_NODES, MAX_WIRES, parse};
pub use scan::{MAX_BYTES, MAX_DEPTH, MAX_VALUES, scan};
pub use schema::{json_schema, machine_json_schema};
pub use source_map::{SourceMap, pointer_step};
pub use states::Machine;
