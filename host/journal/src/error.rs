//! Why a store did not do what was asked. After an error nothing of the batch has happened.

use crate::RunId;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another worker has the run, or nobody: who wrote must drop it.
    #[error("run {run} is not (any more) this worker's")]
    Fenced { run: RunId },
    /// The journal does not end where the writer thinks.
    #[error("run {run} expects entry {expected} next")]
    Gap { run: RunId, expected: u64 },
    #[error("there is no run {run}")]
    NoRun { run: RunId },
    #[error("run {run} has ended")]
    Ended { run: RunId },
    /// Only who says first how long it will keep it may claim.
    #[error("worker {worker} has no lease that holds")]
    NoLease { worker: String },
    /// The run does not ask this question, not any more, or too late.
    #[error("step {step} of run {run} takes no answer")]
    Closed { run: RunId, step: u32 },
    #[error("{who} may not answer this")]
    NotEntitled { who: String },
    /// The question is for others.
    #[error("{who} has begun this run and may not answer its question")]
    OwnRun { who: String },
    #[error("{who} has answered already")]
    Answered { who: String },
    /// The record is not what it was expected to be.
    #[error("`{name}` has been changed by somebody else")]
    Conflict { name: String },
    /// The record's value is not a decimal integer, or the sum is none of 64 bits.
    #[error("`{name}` is not a number that can be added to")]
    NotANumber { name: String },
    /// Above one of [`crate::limits`].
    #[error("{what} is above its bound of {limit}")]
    TooLarge { what: &'static str, limit: usize },
    #[error("a name cannot hold the character NUL")]
    NotAName,
    /// Cannot be kept just now: no space, no connection, too much to do. Trying again later is right.
    #[error("the store cannot be used just now: {0}")]
    Unavailable(String),
    /// Others were in the way each time it was tried.
    #[error("the store is busy: {0}")]
    Busy(String),
    /// What is stored cannot be read back.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The store is of a later version, or in use by another server.
    #[error("the store cannot be opened: {0}")]
    Refused(String),
}

impl StoreError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fenced { .. } => "store.fenced",
            Self::Gap { .. } => "store.gap",
            Self::NoRun { .. } => "run.unknown",
            Self::Ended { .. } => "run.ended",
            Self::NoLease { .. } => "store.no_lease",
            Self::Closed { .. } => "approval.closed",
            Self::NotEntitled { .. } => "approval.not_entitled",
            Self::OwnRun { .. } => "approval.own_run",
            Self::Answered { .. } => "approval.answered",
            Self::Conflict { .. } => "store.conflict",
            Self::NotANumber { .. } => "store.not_a_number",
            Self::TooLarge { .. } => "store.too_large",
            Self::NotAName => "store.not_a_name",
            Self::Unavailable(_) => "store.unavailable",
            Self::Busy(_) => "store.busy",
            Self::Damaged(_) => "store.damaged",
            Self::Refused(_) => "store.refused",
        }
    }

    /// What the reader can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Self::hint_of(self.code())
    }

    /// The hint for an error of which only the code is left.
    pub fn hint_of(code: &str) -> Option<&'static str> {
        match code {
            "run.unknown" => Some("runs are deleted when they are older than their retention"),
            "run.ended" => Some("start a new run with the same input"),
            "approval.closed" => Some("look at the run: it may have been answered, or gone on without"),
            "approval.not_entitled" => Some("ask one of the approvers"),
            "approval.own_run" => Some("ask somebody else to answer: the flow has `self_approval: false`"),
            "store.conflict" => Some("read it again, then repeat the change"),
            "store.unavailable" => Some("free disk space or bring the database back; nothing acknowledged is lost"),
            "store.damaged" => Some("restore the last backup; do not delete the damaged file"),
            "store.refused" => Some("stop the other server, or start the version that wrote the store"),
            _ => None,
        }
    }
}
