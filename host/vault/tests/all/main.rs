//! What the crate promises to those who call it.

mod file;
mod vault;
