//! Says whether a flow can work: names, wires, loops, types, expressions. A wrong flow is an answer, not an error.
//!
//! Knows nothing of WebAssembly or running; the same code runs in the host and in the studio.

pub mod plan;
