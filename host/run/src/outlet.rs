//! What a run that is not kept gives to the world beside its answer, and takes from it: events, its end, other flows. Whoever keeps runs
//! may let the former start others.

use crate::Deployment;
use crate::ledger::Emit;
use futures::future::BoxFuture;
use loomwork_types::Fault;

pub(crate) trait Outlet: Send + Sync {
    /// `starter` began the run.
    fn emitted(&self, run: &str, starter: Option<&str>, emit: Emit);

    fn ended(&self, ending: Unkept<'_>);

    /// A deployed flow that is not loaded.
    fn flow<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Deployment, Fault>>;
}

/// A run that has ended and leaves nothing behind.
#[derive(Clone, Copy)]
pub(crate) struct Unkept<'a> {
    pub run: &'a str,
    pub flow: &'a str,
    /// The id of the trigger that fired.
    pub trigger: Option<&'a str>,
    /// Who began it.
    pub starter: Option<&'a str>,
    pub input: &'a str,
    pub end: &'a Result<String, Fault>,
}
