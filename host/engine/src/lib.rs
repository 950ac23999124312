//! Loads components and calls their functions, each call in a sandbox of its own. Besides the capabilities this is the only
//! place that knows wasmtime.
//!
//! In reading order: [`Engine`] compiles and keeps native code; [`Component`] is a loaded package whose functions are called with
//! JSON and answer with JSON or a `Fault`; [`Capability`] is what a host offers to guests and [`Grants`] what a call is given of
//! it; [`Machine`] is a compiled flow; [`NativePackage`] lets an embedder's closures be called like components.
//!
//! Knows nothing of flows' documents, runs, projects' stores or HTTP.
//!
//! An engine starts one thread (the ticker of time limits) that ends when the engine is dropped, and uses the caller's tokio
//! runtime, whose timer must be enabled. The only thing that is global to the process is wasmtime's handler for the signals of
//! hardware faults, which passes on what is not its own.

mod baseline;
mod budget;
mod cache;
mod call;
mod callable;
mod capability;
mod compile;
mod component;
mod dice;
mod digest;
mod engine;
mod limits;
mod machine;
mod mapping;
mod modules;
mod native;
mod needs;
mod profile;
mod runtime;
mod slots;
mod state;
mod ticker;
mod trap;
mod warm;

pub use call::{Call, Context, Level, Log};
pub use callable::Callable;
pub use capability::{Capability, Grant, Grants};
pub use component::Component;
pub use dice::scatter;
pub use engine::{Engine, Settings, StartError};
pub use limits::Limits;
pub use machine::{Command, Machine, MachineTemplate};
pub use modules::Expressions;
pub use native::NativePackage;
pub use needs::Need;
pub use profile::{Profile, Sizes};
pub use state::State;

/// What machines are told.
pub use loomwork_journal::{Event, Happened, Start};

/// What a capability is linked with, so that embedders need not name the version of wasmtime themselves.
pub use wasmtime;
