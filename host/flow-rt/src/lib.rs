//! The runtime that every compiled flow carries: a WebAssembly module that generated code calls by name.
//!
//! It keeps values, works on them, and reads and writes JSON. It has no parser of expressions, no tree walker and no
//! bytecode: what is to be done is generated code, in the module beside it. `expr::generate::runtime` lists what it exports.

pub mod machine;
#[cfg(target_family = "wasm")]
mod memory;
pub mod values;
