//! Runs and records in one SQLite file.
//!
//! In reading order: [`open`](SqliteStore::open) takes the file for this process alone, looks whether it is whole and brings it to
//! this version; the writer is one thread that puts all batches that wait into one transaction, so that one `fsync` carries them
//! all; reads go through connections of their own and see what has been committed.
//!
//! Knows SQL, and not what writes mean: that is `loomwork_journal::logic`.

mod backup;
mod chain;
mod error;
mod file;
mod migrate;
mod numbers;
mod reader;
mod reads;
mod statistics;
mod tables;
mod writer;

pub use statistics::Statistics;

use async_trait::async_trait;
use loomwork_journal::{
    Batch, Changes, Counts, Entry, Filter, Hub, Kind, Listening, Message, Outcome, Project, Record, RecordPage, Run, RunId,
    RunRow, Snapshot, Store, StoreError, Worker,
};
use reader::Readers;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use writer::Writer;

/// A store in a file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    /// Let go first, so that the writer's connection is the last and moves the log into the file.
    readers: Readers,
    writer: Writer,
    hub: Arc<Hub>,
    /// Let go last.
    _lock: file::Lock,
}

impl SqliteStore {
    /// Opens the file, or makes it. It is this process's until the store is dropped: a second one is refused by name.
    ///
    /// [`StoreError::Refused`] if another server has it or a later version wrote it, [`StoreError::Damaged`] if it is not whole,
    /// [`StoreError::Unavailable`] if it cannot be reached.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let opening = tokio::task::spawn_blocking(move || Self::open_now(path));
        opening.await.map_err(|error| StoreError::Unavailable(error.to_string()))?
    }

    fn open_now(path: PathBuf) -> Result<Self, StoreError> {
        let lock = file::Lock::take(&path)?;
        let db = file::open(&path)?;
        let hub = Arc::new(Hub::default());
        let writer = Writer::start(db, hub.clone())?;
        let readers = Readers::new(&path);
        Ok(Self { path, readers, writer, hub, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the writer has done since the store was opened.
    pub fn statistics(&self) -> Statistics {
        self.writer.statistics()
    }

    /// Writes a copy of the whole store, as it is at one moment, to a file that does not exist yet. Writing goes on meanwhile.
    pub async fn back_up(&self, to: impl AsRef<Path>) -> Result<(), StoreError> {
        let to = to.as_ref().to_owned();
        self.readers.ask(move |db| backup::copy(db, &to)).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        batch.check()?;
        self.writer.commit(batch).await
    }

    fn changes(&self) -> Changes {
        self.hub.listen()
    }

    async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError> {
        let run = run.clone();
        self.readers.ask(move |db| reads::run(db, &run)).await
    }

    async fn runs(&self, filter: &Filter) -> Result<Vec<RunRow>, StoreError> {
        let filter = filter.clone();
        self.readers.ask(move |db| reads::runs(db, &filter)).await
    }

    async fn counts(&self, project: &Project, flow: Option<&str>) -> Result<Counts, StoreError> {
        let (project, flow) = (project.clone(), flow.map(str::to_owned));
        self.readers.ask(move |db| reads::counts(db, &project, flow.as_deref())).await
    }

    async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let run = run.clone();
        self.readers.ask(move |db| reads::entries(db, &run, from, limit)).await
    }

    async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        let run = run.clone();
        self.readers.ask(move |db| reads::snapshot(db, &run)).await
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        let run = run.clone();
        self.readers.ask(move |db| reads::inbox(db, &run)).await
    }

    async fn listening(&self, run: &RunId) -> Result<Vec<Listening>, StoreError> {
        let run = run.clone();
        self.readers.ask(move |db| reads::listening(db, &run)).await
    }

    async fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Result<Vec<Listening>, StoreError> {
        let project = project.clone();
        self.readers.ask(move |db| reads::questions(db, &project, after, limit)).await
    }

    async fn next_due(&self, except: &[String]) -> Result<Option<u64>, StoreError> {
        let except = except.to_vec();
        self.readers.ask(move |db| reads::next_due(db, &except)).await
    }

    async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        self.readers.ask(reads::workers).await
    }

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        let (project, name) = (project.clone(), name.to_owned());
        self.readers.ask(move |db| reads::record(db, &project, kind, &name)).await
    }

    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError> {
        let (project, page) = (project.clone(), page.clone());
        self.readers.ask(move |db| reads::records(db, &project, kind, &page)).await
    }

    async fn projects(&self, kind: Kind) -> Result<Vec<Project>, StoreError> {
        self.readers.ask(move |db| reads::projects(db, kind)).await
    }

    async fn blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        let after = after.map(str::to_owned);
        self.readers.ask(move |db| reads::blobs(db, after.as_deref(), limit)).await
    }
}
