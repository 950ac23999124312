//! Stores over other stores, which change what happens to what is written and leave reading as it is.

use crate::{
    Batch, Changes, Counts, Entry, Filter, Kind, Listening, Message, Outcome, Project, Record, RecordPage, Run, RunId, RunRow,
};
use crate::{Snapshot, Store, StoreError, Worker};
use async_trait::async_trait;

/// A store whose reads are those of the one below.
#[async_trait]
pub trait Over: Send + Sync + 'static {
    fn below(&self) -> &dyn Store;

    /// As [`Store::commit`].
    async fn commit_over(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError>;
}

#[async_trait]
impl<T: Over> Store for T {
    async fn commit(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        self.commit_over(batch).await
    }

    fn changes(&self) -> Changes {
        self.below().changes()
    }

    async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError> {
        self.below().run(run).await
    }

    async fn runs(&self, filter: &Filter) -> Result<Vec<RunRow>, StoreError> {
        self.below().runs(filter).await
    }

    async fn counts(&self, project: &Project, flow: Option<&str>) -> Result<Counts, StoreError> {
        self.below().counts(project, flow).await
    }

    async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.below().entries(run, from, limit).await
    }

    async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        self.below().snapshot(run).await
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        self.below().inbox(run).await
    }

    async fn listening(&self, run: &RunId) -> Result<Vec<Listening>, StoreError> {
        self.below().listening(run).await
    }

    async fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Result<Vec<Listening>, StoreError> {
        self.below().questions(project, after, limit).await
    }

    async fn next_due(&self, except: &[String]) -> Result<Option<u64>, StoreError> {
        self.below().next_due(except).await
    }

    async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        self.below().workers().await
    }

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        self.below().record(project, kind, name).await
    }

    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError> {
        self.below().records(project, kind, page).await
    }

    async fn projects(&self, kind: Kind) -> Result<Vec<Project>, StoreError> {
        self.below().projects(kind).await
    }

    async fn blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        self.below().blobs(after, limit).await
    }
}
