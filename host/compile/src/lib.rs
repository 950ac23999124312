//! A checked flow becomes a WebAssembly component: a state machine that exports `loom:flow/machine` and imports nothing.
//!
//! In reading order: `source` and `artifact` put all together; `flow` generates the core module, with `node` (one file for each kind),
//! `wiring`, `template` and `root`; `shape` works out beforehand what they need; `module` and `code` are how code is written;
//! `encode` and `component` are the bytes. What the generated code calls is `host/flow-rt`; the rules it follows are
//! `docs/machine.md`; how to run the core modules without a component host is `docs/core-interface.md`.
//!
//! The same flow gives the same bytes on every machine: nothing here depends on time, place or the order of a hash map.

mod artifact;
mod code;
mod component;
mod encode;
mod error;
mod flow;
mod imports;
mod interface;
mod module;
mod node;
mod root;
mod runtime;
mod sections;
mod shape;
mod source;
mod source_map;
mod template;
mod trim;
mod verify;
mod wiring;

pub use artifact::{Artifact, COMPILER_VERSION, Texts, compile_plan};
pub use error::{CompileError, OpenError};
pub use runtime::{runtime, runtimes};
pub use sections::{Opened, open, sizes};
pub use source::compile;
pub use verify::{VerifyError, verify};
