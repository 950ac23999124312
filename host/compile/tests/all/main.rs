//! Compiled flows, run by wasmtime: against goldens, against a plain interpreter, and against bad input.

mod host;
mod plans;
mod first;
