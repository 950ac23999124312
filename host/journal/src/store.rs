//! The contract of what keeps runs.

use crate::{Batch, Changes, Counts, Entry, Filter, Kind, Listening, Message, Outcome, Project, Record, Run, RunId, RunRow};
use crate::{Snapshot, StoreError, Worker};
use async_trait::async_trait;

/// Keeps runs, their journals, and the records of projects. [`crate::MemoryStore`] is its meaning; every other store answers
/// everything as that does.
///
/// When [`Store::commit`] has answered, the batch is on disk (as far as the store has one), and every later read sees it.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Does all of the batch, or nothing and says why. Gives one outcome for each write. Waits if there is too much to do.
    async fn commit(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError>;

    /// What happens from now on, as far as a worker or somebody who waits for a run wants to know it. Also what other
    /// processes do to the same store.
    fn changes(&self) -> Changes;

    async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError>;

    async fn runs(&self, filter: &Filter) -> Result<Vec<RunRow>, StoreError>;

    /// Of a project, or of one flow of it.
    async fn counts(&self, project: &Project, flow: Option<&str>) -> Result<Counts, StoreError>;

    /// The journal from this entry on: at most `limit` entries, at least one if there is any.
    async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError>;

    async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError>;

    /// What the run has not taken yet, oldest first.
    async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError>;

    /// What the run's steps listen for, by step.
    async fn listening(&self, run: &RunId) -> Result<Vec<Listening>, StoreError>;

    /// Open questions of a project, the oldest runs' first, behind `after` (number of the run, step).
    async fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Result<Vec<Listening>, StoreError>;

    /// The earliest time at which an unowned run is to be taken up that is not of these versions (digests of flows' components).
    async fn next_due(&self, except: &[String]) -> Result<Option<u64>, StoreError>;

    /// By name.
    async fn workers(&self) -> Result<Vec<Worker>, StoreError>;

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError>;

    /// Records whose name begins with `prefix`, in byte order, behind `after`.
    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError>;

    /// Projects that have records of this kind, in order.
    async fn projects(&self, kind: Kind) -> Result<Vec<Project>, StoreError>;

    /// Digests of blobs that runs and records refer to, in order, behind `after`.
    async fn blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError>;
}

/// A page of [`Store::records`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPage {
    pub prefix: String,
    pub after: Option<String>,
    /// At most [`crate::limits::PAGE`].
    pub limit: usize,
}
