//! The functions that flows can call, as known from components' own WIT and, where there is one, their manifest.
//!
//! Knows nothing of wasmtime: it reads a component's bytes as text about types.

mod function;

pub use function::{Effect, Function, Package, Unusable};
