//! Values between JSON and a guest's memory.
//!
//! The mapping of JSON to values has its home in `loomwork-types`; here values are laid into a guest's memory and read back, by
//! the canonical ABI. wasmtime offers `component::Val` for functions whose types are known only at run time, but builds one
//! `Val` per byte of a byte list and one text per field of every record; this does the same work on our own values, so that byte
//! lists are copied whole at any depth. It stands on the same traits that wasmtime's derive macros implement.

mod arguments;
mod fail;
mod lift;
mod lower;
mod returned;
#[cfg(test)]
mod tests;

pub(crate) use arguments::Arguments;
pub(crate) use fail::failed;
pub(crate) use lift::Returned;
pub(crate) use returned::{Raw, to_json};
