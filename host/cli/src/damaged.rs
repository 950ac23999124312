//! In the place of a database that is damaged: the file is left as it is, flows that keep nothing run, and everything else is told why not.

use async_trait::async_trait;
use loomwork_journal::{
    Batch, Changes, Counts, Entry, Filter, Kind, Listening, MemoryStore, Message, Outcome, Project, Record, RecordPage, Run,
    RunId, RunRow, Snapshot, Store, StoreError, Worker, Write,
};

/// Remembers what is deployed from the folder for as long as the process lives, and takes and shows nothing that people would take for kept.
pub struct Damaged {
    deployed: MemoryStore,
    why: String,
}

impl Damaged {
    pub fn new(why: String) -> Self {
        Self { deployed: MemoryStore::new(), why }
    }

    fn refused<T>(&self) -> Result<T, StoreError> {
        Err(StoreError::Damaged(self.why.clone()))
    }
}

/// Deployed anew from the folder at each start.
fn is_passing(kind: Kind) -> bool {
    matches!(kind, Kind::Version | Kind::Active | Kind::Trigger)
}

/// A worker's own business, and what it deploys.
fn may_be_forgotten(write: &Write) -> bool {
    match write {
        Write::Lease { .. } | Write::Retire { .. } | Write::ClaimDue { .. } => true,
        Write::Put(put) => is_passing(put.kind),
        _ => false,
    }
}

#[async_trait]
impl Store for Damaged {
    async fn commit(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        if batch.writes.iter().all(may_be_forgotten) { self.deployed.commit(batch).await } else { self.refused() }
    }

    fn changes(&self) -> Changes {
        self.deployed.changes()
    }

    async fn run(&self, _run: &RunId) -> Result<Option<Run>, StoreError> {
        self.refused()
    }

    async fn runs(&self, _filter: &Filter) -> Result<Vec<RunRow>, StoreError> {
        self.refused()
    }

    async fn counts(&self, _project: &Project, _flow: Option<&str>) -> Result<Counts, StoreError> {
        self.refused()
    }

    async fn entries(&self, _run: &RunId, _from: u64, _limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.refused()
    }

    async fn snapshot(&self, _run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        self.refused()
    }

    async fn inbox(&self, _run: &RunId) -> Result<Vec<Message>, StoreError> {
        self.refused()
    }

    async fn listening(&self, _run: &RunId) -> Result<Vec<Listening>, StoreError> {
        self.refused()
    }

    async fn questions(&self, _: &Project, _after: Option<(u64, u32)>, _limit: usize) -> Result<Vec<Listening>, StoreError> {
        self.refused()
    }

    async fn next_due(&self, _: &[String]) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        self.deployed.workers().await
    }

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        if is_passing(kind) { self.deployed.record(project, kind, name).await } else { self.refused() }
    }

    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError> {
        if is_passing(kind) { self.deployed.records(project, kind, page).await } else { self.refused() }
    }

    async fn projects(&self, _kind: Kind) -> Result<Vec<Project>, StoreError> {
        self.refused()
    }

    /// None can be told to be unused, so that none is swept away.
    async fn blobs(&self, _after: Option<&str>, _limit: usize) -> Result<Vec<String>, StoreError> {
        self.refused()
    }
}
