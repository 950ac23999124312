//! What a machine can be told.

use loomwork_types::Fault;

/// Something that happened, at `at` milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub at: u64,
    pub what: Happened,
}

/// `step` is the number that the command gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    Start(Start),
    /// A call answered with this JSON.
    Returned(u32, String),
    Threw(u32, Fault),
    /// A timer is due.
    Fired(u32),
    /// A signal arrived with this JSON.
    Heard(u32, String),
    /// Somebody cancels the run.
    Stop,
}

/// How a run begins. `input` and `vars` are JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    pub input: String,
    pub run: String,
    pub seed: u64,
    pub vars: String,
}
