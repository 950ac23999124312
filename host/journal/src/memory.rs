//! A store in memory: for tests, for embedders who need no more, and as the meaning of what the databases do.
//!
//! Plain rather than fast: one lock, ordered maps, and an undo log that takes a failed batch back.

mod index;
mod reads;
mod rows;
mod state;
mod table;

use crate::{Batch, Changes, Counts, Entry, Filter, Hub, Kind, Listening, Message, Outcome, Project, Record, RecordPage, Run};
use crate::{RunId, RunRow, Snapshot, Store, StoreError, Worker};
use async_trait::async_trait;
use state::State;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    hub: Hub,
}

impl MemoryStore {
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn commit(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        batch.check()?;
        let (outcomes, changes) = self.state().commit(batch)?;
        self.hub.tell(&changes);
        Ok(outcomes)
    }

    fn changes(&self) -> Changes {
        self.hub.listen()
    }

    async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError> {
        Ok(self.state().find(run).cloned())
    }

    async fn runs(&self, filter: &Filter) -> Result<Vec<RunRow>, StoreError> {
        Ok(self.state().list(filter))
    }

    async fn counts(&self, project: &Project, flow: Option<&str>) -> Result<Counts, StoreError> {
        Ok(self.state().counts(project, flow))
    }

    async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        Ok(self.state().entries(run, from, limit))
    }

    async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        Ok(self.state().snapshot(run))
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        Ok(self.state().inbox(run))
    }

    async fn listening(&self, run: &RunId) -> Result<Vec<Listening>, StoreError> {
        Ok(self.state().listening(run))
    }

    async fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Result<Vec<Listening>, StoreError> {
        Ok(self.state().questions(project, after, limit))
    }

    async fn next_due(&self, except: &[String]) -> Result<Option<u64>, StoreError> {
        Ok(self.state().next_due(except))
    }

    async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        Ok(self.state().workers())
    }

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        Ok(self.state().record(project, kind, name))
    }

    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError> {
        Ok(self.state().page(project, kind, page))
    }

    async fn projects(&self, kind: Kind) -> Result<Vec<Project>, StoreError> {
        Ok(self.state().projects(kind))
    }

    async fn blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        Ok(self.state().held(after, limit))
    }
}
