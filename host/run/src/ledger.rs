//! Where a run's events are kept, and what may only happen together with that.

use crate::progress::{Listen, Outstanding};
use loomwork_engine::{Event, Happened};
use loomwork_types::Fault;
use std::future::Future;
use std::sync::Arc;

/// What is written at once, or not at all.
#[derive(Debug, Default)]
pub struct Chunk {
    /// What the machine was told since the last chunk.
    pub told: Vec<Event>,
    /// Write calls that leave once this is written: `(step, node, attempt)`.
    pub calling: Vec<(u32, u32, u32)>,
    pub children: Vec<Child>,
    pub emits: Vec<Emit>,
    pub listens: Vec<Listen>,
    /// Children and signals that are not wanted any more, by step.
    pub cancels: Vec<u32>,
    /// What came from outside up to this number is now among `told`.
    pub taken: Option<u64>,
    /// What the trigger is answered.
    pub answer: Option<String>,
    /// Machine and outstanding, for a start from here.
    pub snapshot: Option<(Vec<u8>, Outstanding)>,
    pub stand: Stand,
}

/// What the run does after a chunk.
#[derive(Debug, Default)]
pub enum Stand {
    #[default]
    Running,
    /// It leaves this process: to be taken up when something arrives, or at the time.
    Waiting {
        wake_at: Option<u64>,
    },
    Ended(Result<String, Fault>),
}

/// Another flow to be started.
#[derive(Debug)]
pub struct Child {
    pub step: u32,
    pub node: u32,
    pub input: Arc<str>,
    /// The parent is told how it ends.
    pub wait: bool,
}

/// An event to be published. `number` counts from 1 in the run.
#[derive(Debug)]
pub struct Emit {
    pub number: u32,
    pub event: String,
    pub payload: String,
}

/// What came from outside.
#[derive(Debug, Default)]
pub struct News {
    pub happened: Vec<Happened>,
    /// The highest of their numbers, for [`Chunk::taken`].
    pub taken: Option<u64>,
}

/// Why a run cannot go on here.
#[derive(Debug)]
pub enum Lost {
    /// Another worker has it.
    Fenced,
    /// It cannot be written now, or not at all; the run stays as it was written last until that is known.
    Unwritten(Fault),
}

/// A run's place in a store, or nothing at all.
pub trait Ledger: Send {
    /// False: nothing is kept, and everything may leave at once.
    const KEEPS: bool;

    /// Writes a chunk; everything in it is on disk when this completes. Gives what is known with that already: the ids of flows
    /// that were only started.
    fn write(&mut self, chunk: Chunk) -> impl Future<Output = Result<Vec<Happened>, Lost>> + Send + 'static;

    /// Completes when there may be news. Cancel safe.
    fn nudged(&self) -> impl Future<Output = ()> + Send;

    /// What came from outside since the last time.
    fn news(&mut self) -> impl Future<Output = Result<News, Lost>> + Send;
}

/// Keeps nothing: the run lives and dies with its process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forgetful;

impl Ledger for Forgetful {
    const KEEPS: bool = false;

    fn write(&mut self, _chunk: Chunk) -> impl Future<Output = Result<Vec<Happened>, Lost>> + Send + 'static {
        std::future::ready(Ok(Vec::new()))
    }

    fn nudged(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    fn news(&mut self) -> impl Future<Output = Result<News, Lost>> + Send {
        std::future::ready(Ok(News::default()))
    }
}
