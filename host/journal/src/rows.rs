//! What a store's tables must be able to do, so that [`crate::logic`] can mean the same over all of them: one method, one
//! statement. Everything happens inside one transaction, which is taken back if a batch is refused.

use crate::{Change, End, Entry, Given, Kind, Listening, Message, Project, Prune, Run, RunId, RunRow, Signal, StoreError};
use bytes::Bytes;
use std::future::Future;

pub type Done<T = ()> = Result<T, StoreError>;

/// Who refers to a blob.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// By number.
    Run(u64),
    Record(Project, Kind, String),
}

/// Rows read here may be changed until the transaction ends: a store with several writers locks them.
pub trait Rows: Send {
    /// Kept until the batch is committed, then told to all who listen.
    fn tell(&mut self, change: Change);

    /// Only one transaction at a time goes on behind this; for what has no row yet that could be locked.
    fn lock(&mut self, topic: &[&str]) -> impl Future<Output = Done> + Send;

    fn run(&mut self, id: &RunId) -> impl Future<Output = Done<Option<RunRow>>> + Send;

    /// The run with what it was given and gave.
    fn whole(&mut self, row: RunRow) -> impl Future<Output = Done<Run>> + Send;

    /// The run of a project's flow with this idempotency key.
    fn idempotent(&mut self, project: &Project, flow: &str, key: &str) -> impl Future<Output = Done<Option<RunId>>> + Send;

    /// The run that this step called.
    fn child(&mut self, parent: &RunId, step: u32) -> impl Future<Output = Done<Option<RunId>>> + Send;

    /// The run that nobody has had yet, with this debounce key.
    fn debounced(&mut self, project: &Project, flow: &str, key: &str) -> impl Future<Output = Done<Option<RunRow>>> + Send;

    /// A number for a new run, larger than all before.
    fn number(&mut self) -> impl Future<Output = Done<u64>> + Send;

    fn insert(&mut self, row: &RunRow, payload: &Payload<'_>) -> impl Future<Output = Done> + Send;

    fn save(&mut self, row: &RunRow) -> impl Future<Output = Done> + Send;

    fn set_input(&mut self, number: u64, input: &str) -> impl Future<Output = Done> + Send;

    /// Answers whether it is the first.
    fn set_answer(&mut self, number: u64, answer: &str) -> impl Future<Output = Done<bool>> + Send;

    fn set_end(&mut self, number: u64, end: &End) -> impl Future<Output = Done> + Send;

    /// Drops what only a living run needs: listens, messages, snapshot.
    fn clear(&mut self, number: u64) -> impl Future<Output = Done> + Send;

    /// How many runs have a place of this concurrency key.
    fn slots(&mut self, project: &Project, key: &str) -> impl Future<Output = Done<u64>> + Send;

    /// The oldest run that waits for a place of it.
    fn blocked(&mut self, project: &Project, key: &str) -> impl Future<Output = Done<Option<RunRow>>> + Send;

    /// Runs nobody has whose time has come, in order of time and number: not of the versions `except`, but for those that were
    /// asked to stop and have been due for [`crate::LEFT`].
    fn due(&mut self, at: u64, limit: usize, except: &[String]) -> impl Future<Output = Done<Vec<RunRow>>> + Send;

    /// Runs whose owner has no lease behind `at`, in order of number.
    fn orphans(&mut self, at: u64, limit: usize) -> impl Future<Output = Done<Vec<RunRow>>> + Send;

    /// Until when the worker keeps what it has.
    fn lease(&mut self, worker: &str) -> impl Future<Output = Done<Option<u64>>> + Send;

    /// None removes it.
    fn set_lease(&mut self, worker: &str, until: Option<u64>) -> impl Future<Output = Done> + Send;

    /// Entries go behind what is there, the first at `seq`; there is at least one.
    fn push(&mut self, number: u64, seq: u64, entries: &[Entry]) -> impl Future<Output = Done> + Send;

    fn set_snapshot(&mut self, number: u64, seq: u64, state: &Bytes) -> impl Future<Output = Done> + Send;

    fn post(&mut self, number: u64, message: &Message) -> impl Future<Output = Done> + Send;

    /// Removes the messages up to this.
    fn take(&mut self, number: u64, through: u64) -> impl Future<Output = Done> + Send;

    /// Instead of what this step listened for, if it did.
    fn listen(&mut self, project: &Project, listening: &Listening) -> impl Future<Output = Done> + Send;

    fn unlisten(&mut self, number: u64, step: u32) -> impl Future<Output = Done> + Send;

    fn listening(&mut self, number: u64, step: u32) -> impl Future<Output = Done<Option<Listening>>> + Send;

    /// One more answer to a question; `place` counts from 0.
    fn give(&mut self, number: u64, step: u32, place: usize, given: &Given) -> impl Future<Output = Done> + Send;

    /// Who hears the signal, by number and step.
    fn listeners(&mut self, signal: &Signal) -> impl Future<Output = Done<Vec<Listening>>> + Send;

    /// Takes out the first signal that was kept for this.
    fn early(&mut self, at: u64, wanted: &Wanted<'_>) -> impl Future<Output = Done<Option<String>>> + Send;

    /// Keeps a signal, unless there are already `limit` of the same address whose time is not over; answers whether it did.
    fn keep(&mut self, at: u64, signal: &Signal, limit: usize) -> impl Future<Output = Done<bool>> + Send;

    /// Removes at most `limit` signals whose time is over.
    fn expire(&mut self, at: u64, limit: usize) -> impl Future<Output = Done> + Send;

    fn record(&mut self, project: &Project, kind: Kind, name: &str) -> impl Future<Output = Done<Option<Bytes>>> + Send;

    /// None removes it.
    fn set_record(&mut self, at: u64, key: &RecordKey<'_>, value: Option<&Bytes>) -> impl Future<Output = Done> + Send;

    fn hold(&mut self, holder: &Holder, digests: &[String]) -> impl Future<Output = Done> + Send;

    fn release(&mut self, holder: &Holder) -> impl Future<Output = Done> + Send;

    /// Ended runs that are no longer kept, by number.
    fn outdated(&mut self, prune: &Prune) -> impl Future<Output = Done<Vec<u64>>> + Send;

    /// Removes an ended run with its journal and all that belongs to it.
    fn forget(&mut self, number: u64) -> impl Future<Output = Done> + Send;
}

/// What a new run is given, and what it has given already.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    pub input: &'a str,
    pub answer: Option<&'a str>,
    pub end: Option<&'a End>,
}

/// What a step that begins to listen wants to hear.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub project: &'a Project,
    pub run: &'a RunId,
    pub name: &'a str,
    pub key: &'a str,
}

#[derive(Clone, Copy, Debug)]
pub struct RecordKey<'a> {
    pub project: &'a Project,
    pub kind: Kind,
    pub name: &'a str,
}
