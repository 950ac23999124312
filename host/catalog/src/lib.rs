//! The functions that flows can call, as known from components' own WIT and, where there is one, their manifest.
//!
//! In reading order: [`Package::read`] makes a [`Package`] of a component's bytes; [`Catalog`] is a set of them and answers what a
//! flow names; [`Lock`] pins what was answered; a [`FlowSignature`] is what is
//! known of another flow; [`signature`] and [`palette`] are their text for people.
//!
//! Knows nothing of wasmtime: it reads a component's bytes as text about types.

mod catalog;
mod error;
mod flow;
mod function;
mod lock;
mod manifest;
mod package;
mod signature;
mod wit;

pub use catalog::{Catalog, Found, NotFound};
pub use error::CatalogError;
pub use flow::FlowSignature;
pub use function::{Choices, Code, Effect, Example, FieldHint, Function, Need, Package, Unusable};
pub use lock::{Lock, LockError};
pub use package::{MANIFEST_SECTION, MAX_COMPONENT};
pub use signature::{palette, signature};
