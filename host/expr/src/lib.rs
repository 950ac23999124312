//! The expression language: CEL, its parser, its type checker, and two back ends held equal.
//!
//! The walk: text → [`ast`] → [`ir`] → a value (`evaluate`) or WebAssembly (`generate`).

pub mod generate;
pub mod ir;
mod ty;

pub use ty::Ty;
