#![doc = include_str!("docs/embedding.md")]
//!
//! # What is here
//!
//! [`Loomwork`] is the host: build it, [`deploy`](Loomwork::deploy) documents, [`run`](Deployment::run) them. [`Server`] answers
//! HTTP triggers of a folder of documents. The rest are the parts that an embedder may bring: [`Clock`], stores and policies in
//! [`capabilities`], functions in Rust as a [`NativePackage`]. [`runs`] survive the process.

pub use loomwork_diagnostic::{Diagnostic, Severity, Span};
pub use loomwork_engine::{Limits, NativePackage};
pub use loomwork_run::{
    BuildError, Builder, Clock, DeployError, Deployment, FaultView, Outcome, Platform as Loomwork, RunId, RunOptions, Step,
    SystemClock,
};
pub use loomwork_server::{Deployed, ServeError, Server, ServerConfig};
pub use loomwork_types::{Fault, Field, Type};

/// What flows may reach outside their sandboxes, and where it comes from.
pub mod capabilities {
    pub use loomwork_caps::{Capabilities, CapabilitiesBuilder, GrantError, Grants, http, kv, log, secret};
    pub use loomwork_engine::{Capability, Grant, State, wasmtime};
}

/// The functions that flows can call.
pub mod catalog {
    pub use loomwork_catalog::{Catalog, CatalogError, Effect, Function, Lock, Package};
}

/// Runs that survive the process: begun, waited for, looked at, told and repeated by a [`Runner`](runs::Runner), kept in a
/// [`Store`](runs::Store).
pub mod runs {
    pub use loomwork_run::{
        Again, Begun, Details, End, Filter, MemoryStore, NewRun, Order, Project, Reply, Retention, Role, Run, RunRow, Runner,
        RunnerSettings, State, Store, StoreError, Verdict,
    };
    #[cfg(feature = "sqlite")]
    pub use loomwork_store_sqlite::SqliteStore;
}

/// The README's program.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
