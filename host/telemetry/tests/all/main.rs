//! What the crate promises to those who call it.

mod collector;
mod log;
mod metrics;
mod traces;
