//! What a run that is not kept gives to the world beside its answer: events, and its end. Whoever keeps runs may let that start others.

use crate::ledger::Emit;
use loomwork_types::Fault;

pub(crate) trait Outlet: Send + Sync {
    fn emitted(&self, run: &str, emit: Emit);

    fn ended(&self, ending: Unkept<'_>);
}

/// A run that has ended and leaves nothing behind.
#[derive(Clone, Copy)]
pub(crate) struct Unkept<'a> {
    pub run: &'a str,
    pub flow: &'a str,
    /// The id of the trigger that fired.
    pub trigger: Option<&'a str>,
    pub input: &'a str,
    pub end: &'a Result<String, Fault>,
}
