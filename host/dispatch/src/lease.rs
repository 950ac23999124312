//! Runs to take up, and the right to do so for a while.

use crate::DispatchError;
use crate::error::check_name;
use async_trait::async_trait;
use std::fmt;
use std::time::Duration;

/// A run that somebody should take up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Work {
    pub run: String,
    /// Names this offer of the run (the position in its journal, say), so that offering it again does nothing.
    pub key: String,
}

impl Work {
    pub fn new(run: impl Into<String>, key: impl Into<String>) -> Self {
        Self { run: run.into(), key: key.into() }
    }

    pub(crate) fn check(&self) -> Result<(), DispatchError> {
        check_name("a run's id", &self.run)?;
        check_name("an offer's key", &self.key)
    }
}

/// Work in hand. While it is held nobody else is given the same, as long as its time has not run out; who needs longer says so by
/// [`keep`](Lease::keep). It protects from waste, not from doing things twice: that is the store's fencing.
#[must_use = "work that is dropped is given out again"]
pub struct Lease {
    work: Work,
    given: u64,
    holding: Box<dyn Holding>,
}

/// How a carrier is told of a lease's end.
#[async_trait]
pub(crate) trait Holding: Send + Sync {
    async fn end(&self, how: End) -> Result<(), DispatchError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Again(Duration),
    Keep,
}

impl Lease {
    pub(crate) fn new(work: Work, given: u64, holding: Box<dyn Holding>) -> Self {
        Self { work, given, holding }
    }

    pub fn work(&self) -> &Work {
        &self.work
    }

    /// How often it has been given out, this time included.
    pub fn given(&self) -> u64 {
        self.given
    }

    /// It is done and never given out again.
    pub async fn done(self) -> Result<(), DispatchError> {
        self.holding.end(End::Done).await
    }

    /// It is to be given out again, after a while.
    pub async fn again(self, after: Duration) -> Result<(), DispatchError> {
        self.holding.end(End::Again(after)).await
    }

    /// Starts the lease's time anew.
    pub async fn keep(&self) -> Result<(), DispatchError> {
        self.holding.end(End::Keep).await
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("work", &self.work).field("given", &self.given).finish_non_exhaustive()
    }
}
