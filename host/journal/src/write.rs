//! What can be done to a store.

mod check;

use crate::{Answer, Concurrency, End, Entry, Happened, Kind, Parent, Pin, Project, Put, Question, Run, RunId, State};
use bytes::Bytes;

/// Writes that happen together, in order, or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Now, in milliseconds since 1970, as the caller's clock has it.
    pub at: u64,
    pub writes: Vec<Write>,
}

impl Batch {
    pub fn new(at: u64, writes: impl Into<Vec<Write>>) -> Self {
        Self { at, writes: writes.into() }
    }
}

/// One change, with the [`Outcome`] that answers it.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// [`Outcome::Created`], or [`Outcome::Existing`], or [`Outcome::Debounced`], or [`Outcome::Left`].
    Create(Box<Create>),
    /// [`Outcome::Done`].
    Append(Box<Append>),
    /// [`Outcome::Delivered`].
    Signal(Signal),
    /// [`Outcome::Answered`].
    Answer(Answer),
    /// Asks a run to stop: [`Outcome::Cancelled`].
    Cancel(RunId),
    /// Takes a run that nobody has, or whose worker is lost, whatever its time: [`Outcome::Claimed`], empty if it cannot be had. The
    /// worker must have a lease that holds.
    Claim { worker: String, run: RunId },
    /// Takes runs that are due and runs of lost workers, the longest due first: [`Outcome::Claimed`]. Runs of the versions `except`
    /// (digests of flows' components) are left to others, unless they were asked to stop and nobody came for [`LEFT`].
    ClaimDue { worker: String, limit: usize, except: Vec<String> },
    /// A worker keeps what it has until then: [`Outcome::Done`]. Runs of workers that never did this are as good as lost.
    Lease { worker: String, until: u64 },
    /// A worker is gone, and what it still has may be claimed at once: [`Outcome::Done`].
    Retire { worker: String },
    /// [`Outcome::Put`].
    Put(Put),
    /// Adds to a decimal integer; an absent record is 0: [`Outcome::Sum`].
    Add { project: Project, kind: Kind, name: String, by: i64 },
    /// Deletes what is no longer kept: [`Outcome::Pruned`].
    Prune(Prune),
}

/// How long a run that was asked to stop is left to workers that have its version, in milliseconds.
pub const LEFT: u64 = 60_000;

/// An idempotency key that begins so stands for its run only until that ends: then the next may have it.
pub const INSTANCE: &str = "instance/";

/// A new run.
///
/// It is not made, and the run that stands for it is answered, if the store has a run of the same id, of the same project, flow and
/// idempotency key, or of the same parent's step. A run that has not begun yet, with the same project, flow and debounce key, takes
/// over input, pin, starter, trace and start instead. A run with a concurrency key takes one of its places when it is to start, and waits for one,
/// oldest first, if there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Create {
    pub id: RunId,
    pub project: Project,
    pub flow: String,
    pub pin: Pin,
    /// JSON.
    pub input: String,
    /// When it is to begin; what is not later than now is now.
    pub start_at: u64,
    pub trigger: Option<String>,
    pub parent: Option<Parent>,
    pub concurrency: Option<Concurrency>,
    pub idempotency: Option<String>,
    pub debounce: Option<String>,
    /// Made only if this run has ended, by an earlier write of the batch perhaps: [`Outcome::Left`] if it has not.
    pub after: Option<RunId>,
    pub starter: Option<String>,
    pub trace: Option<String>,
    pub origin: Option<RunId>,
    /// Digests of the blobs that the input refers to.
    pub blobs: Vec<String>,
    /// The worker that has it from the start, and how far it has brought it: a short run is written whole. If the concurrency key is
    /// at its limit the run waits like any other: this is dropped if the worker has it still, and kept if it has put it aside or ended it.
    pub begin: Option<(String, Progress)>,
}

impl Create {
    /// A run that begins at once and that nothing else is said of.
    pub fn new(id: RunId, project: Project, flow: impl Into<String>, pin: Pin, input: impl Into<String>) -> Self {
        Self {
            id,
            project,
            flow: flow.into(),
            pin,
            input: input.into(),
            start_at: 0,
            trigger: None,
            parent: None,
            concurrency: None,
            idempotency: None,
            debounce: None,
            after: None,
            starter: None,
            trace: None,
            origin: None,
            blobs: Vec::new(),
            begin: None,
        }
    }
}

/// The owner of a run has gone on with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Append {
    pub run: RunId,
    /// As the claim gave it.
    pub fence: u64,
    /// Of the first entry.
    pub seq: u64,
    pub progress: Progress,
}

/// How far a run has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    pub entries: Vec<Entry>,
    /// The messages up to this number have been told to the machine, in these entries.
    pub taken: Option<u64>,
    pub listens: Vec<Listen>,
    /// Steps that listen no more, and wait no more for the runs that they called: those are asked to stop.
    pub unlisten: Vec<u32>,
    /// The machine's state behind these entries, instead of the snapshot before.
    pub snapshot: Option<Bytes>,
    /// What its trigger is answered, JSON. Only the first counts.
    pub answer: Option<String>,
    /// Binds the run to another version.
    pub pin: Option<Pin>,
    /// Digests of the blobs that entries refer to.
    pub blobs: Vec<String>,
    pub next: Next,
}

/// What becomes of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Next {
    #[default]
    Running,
    /// It waits, and its owner keeps it.
    Waiting { until: Option<u64> },
    /// It waits, and nobody has it until then, or until a message comes. What is in its inbox already makes it due at once.
    Released { until: Option<u64> },
    /// Frees its place for the next of its concurrency key, and tells the parent's step that waits for it.
    Ended(End),
}

/// A step waits for one signal. If one came early it is in the inbox at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    pub step: u32,
    pub name: String,
    /// JSON in one canonical form; compared as text.
    pub key: String,
    /// Makes it an approval: answers are heard instead of signals.
    pub question: Option<Question>,
}

/// Is heard once by each step that listens for it now; if there is none, kept for the first that will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    pub project: Project,
    pub name: String,
    /// Only steps that listen with this key; none: with any.
    pub key: Option<String>,
    /// Only this run.
    pub run: Option<RunId>,
    /// JSON.
    pub payload: String,
    /// How long it is kept; not at all if that is not later than now.
    pub until: u64,
}

/// Deletes ended runs of a project, the oldest first, and signals that nobody came for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prune {
    pub project: Project,
    /// Only of this flow.
    pub flow: Option<String>,
    /// What ended before this.
    pub before: u64,
    /// And in any case all but the newest so many ended ones of that flow or project.
    pub keep: Option<u64>,
    /// At most so many runs at once; the rest is for the next time.
    pub limit: usize,
}

/// What came of a [`Write`].
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Done,
    /// `fence` is 0 and the state is queued unless it began with its worker.
    Created {
        fence: u64,
        state: State,
    },
    Existing(RunId),
    Debounced(RunId),
    /// The run that it was to follow has not ended.
    Left,
    /// To how many steps; with none it is kept.
    Delivered(u32),
    /// Whether it was the last answer that was needed.
    Answered {
        complete: bool,
    },
    /// Whether it is at its end already, as it had not begun.
    Cancelled {
        ended: bool,
    },
    Claimed(Vec<Run>),
    /// Whether there was one before.
    Put {
        existed: bool,
    },
    Sum(i64),
    /// How many runs.
    Pruned(usize),
}

impl End {
    /// What the parent's step is told.
    pub fn told(&self, step: u32) -> Happened {
        match self {
            Self::Finished(json) => Happened::Returned(step, json.clone()),
            Self::Failed(fault) | Self::Cancelled(fault) => Happened::Threw(step, fault.clone()),
        }
    }
}
