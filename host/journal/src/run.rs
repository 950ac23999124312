//! What is known of a run now, apart from its journal.

mod id;

use crate::End;
use std::fmt;
use std::sync::Arc;

pub use id::{NotARunId, RunId};

/// To whom a row belongs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Project {
    pub org: Arc<str>,
    pub name: Arc<str>,
}

impl Project {
    pub fn new(org: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self { org: org.into(), name: name.into() }
    }

    /// The one there is where nobody made any.
    pub fn local() -> Self {
        Self::new("local", "local")
    }
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.org, self.name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Not begun: its time has not come, no worker has taken it, or its concurrency key is at its limit.
    Queued,
    Running,
    /// For a time, a signal, an answer, another run.
    Waiting,
    Finished,
    Failed,
    Cancelled,
}

impl State {
    pub const ALL: [Self; 6] = [Self::Queued, Self::Running, Self::Waiting, Self::Finished, Self::Failed, Self::Cancelled];

    pub fn ended(self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// The version of the flow that a run is bound to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pin {
    /// 0 for a flow that was never deployed under a number.
    pub version: u64,
    /// Of the flow's component.
    pub digest: String,
}

/// The step that called a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parent {
    pub run: RunId,
    pub step: u32,
    /// Whether the step is told how the run ends.
    pub waits: bool,
}

/// At most `limit` runs of a project with this key go at the same time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Concurrency {
    pub key: String,
    pub limit: u32,
}

/// What lists show. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRow {
    /// The place in the order in which the store came to know its runs; lists are paged by it.
    pub number: u64,
    pub id: RunId,
    pub project: Project,
    pub flow: String,
    pub pin: Pin,
    pub state: State,
    pub created: u64,
    /// Last written to.
    pub updated: u64,
    /// When an unowned run is next to be taken up; none for one that waits for something else than time.
    pub wake_at: Option<u64>,
    /// The worker that has it.
    pub owner: Option<String>,
    /// Grows with each claim; who writes with an older one is refused.
    pub fence: u64,
    /// How often a worker was lost while it had this run, since the run's last entry. A run that takes its workers along can be
    /// told by it.
    pub lost: u32,
    /// Of the next journal entry; how many there are.
    pub next_seq: u64,
    pub trigger: Option<String>,
    pub parent: Option<Parent>,
    pub concurrency: Option<Concurrency>,
    /// Only one run of a project's flow has it.
    pub idempotency: Option<String>,
    pub debounce: Option<String>,
    /// Who began it, as far as that is known. A run that another one starts has the same.
    pub starter: Option<String>,
    /// Whose trace it is in: the `traceparent` of whoever began it, if there was one.
    pub trace: Option<String>,
    /// The run this one repeats, wholly or in part.
    pub origin: Option<RunId>,
    /// Whether it counts for its concurrency key.
    pub slot: bool,
    /// How many messages its inbox has had; the number of the last.
    pub messages: u64,
    /// The messages up to this have been taken.
    pub taken: u64,
    /// Somebody asked for it to be cancelled.
    pub cancel: bool,
    /// Why it failed or was cancelled, as a fault's code.
    pub fault: Option<String>,
}

impl RunRow {
    /// Nobody has ever had it.
    pub fn unbegun(&self) -> bool {
        self.state == State::Queued && self.fence == 0
    }

    /// It waits for a place of its concurrency key.
    pub fn blocked(&self) -> bool {
        self.unbegun() && self.concurrency.is_some() && !self.slot && self.wake_at.is_none()
    }
}

/// A run with what it was given and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub row: RunRow,
    /// JSON.
    pub input: String,
    /// What it answered its trigger while it went on, JSON.
    pub answer: Option<String>,
    pub end: Option<End>,
}

impl Run {
    pub fn new(row: RunRow, input: &str) -> Self {
        Self { row, input: input.to_owned(), answer: None, end: None }
    }
}
