//! The types of a flow, and the one home of their mapping to JSON and to expression values.
//!
//! Knows nothing of wasmtime, documents or expressions' syntax.

mod fault;
mod ty;

pub use fault::Fault;
pub use ty::{Case, Field, Labels, Record, ResultType, Type, Variant};
