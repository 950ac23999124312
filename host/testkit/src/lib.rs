//! Runs the cases beside each component, `cases/*.json`, against the real engine and capabilities; what a component reaches
//! outside is faked: a local HTTP server, a store in memory, a log that is kept.
//!
//! For tests only.

pub mod case;
pub mod coverage;
pub mod fakes;
pub mod hostile;
pub mod run;
pub mod trouble;

mod expand;
mod print;

pub use run::{Bench, Report};
