//! A small JSON reader, and a writer of values as JSON text.
//!
//! The reader gives its own tree, with numbers as they were written, so that whoever calls it decides what they become.

mod read;
mod write;

pub use read::{Json, JsonError, read};
pub use write::{write, write_text};
