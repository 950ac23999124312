//! What this crate promises.

mod changes;
mod memory;
mod text;
