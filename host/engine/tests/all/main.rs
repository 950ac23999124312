//! The engine's tests: real guests, written as WebAssembly text, and what becomes of the host when they misbehave.

mod cache;
mod calls;
mod capabilities;
mod crowd;
mod guest;
mod hostile;
mod machine;
mod modules;
mod native;
mod runtime;
mod wasi;
