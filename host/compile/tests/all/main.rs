//! Compiled flows, run by wasmtime: against goldens, against a plain interpreter, and against bad input.

mod core;
mod first;
mod generate;
mod goldens;
mod host;
mod hostile;
mod interface;
mod plans;
mod properties;
mod reference;
mod states;
mod statistics;
mod trimmed;
