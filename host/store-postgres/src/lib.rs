//! Runs and records in Postgres, for as many servers as like.
//!
//! In reading order: [`PostgresStore::connect`] brings the schema to this version; a few writers, each with a connection, put
//! batches that wait into one transaction and send its statements without waiting for one another's answers; readers share two
//! connections; one more listens for what other processes do.
//!
//! Knows SQL, and not what writes mean: that is `loomwork_journal::logic`.

mod address;
mod error;
mod link;
mod migrate;
mod news;
mod reads;
mod settings;
mod tables;
mod tls;
mod writer;

pub use settings::Settings;

use async_trait::async_trait;
use link::{Link, Session};
use loomwork_journal::{
    Batch, Changes, Counts, Entry, Filter, Hub, Kind, Listening, Message, Outcome, Project, Record, RecordPage, Run, RunId,
    RunRow, Snapshot, Store, StoreError, Worker,
};
use news::News;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use writer::Writers;

/// A store in a schema of a Postgres database. Dropping it closes its connections.
#[derive(Debug)]
pub struct PostgresStore {
    writers: Writers,
    readers: [Link; 2],
    turn: AtomicUsize,
    hub: Arc<Hub>,
    _news: News,
}

impl PostgresStore {
    /// Connects, and makes the schema or brings it to this version. Uses the caller's tokio runtime.
    ///
    /// [`StoreError::Refused`] for a URL that is none and a schema of a later version, [`StoreError::Unavailable`] if nobody answers.
    pub async fn connect(settings: &Settings) -> Result<Self, StoreError> {
        let plan = Arc::new(settings.plan()?);
        let link = Link::new(plan.clone());
        migrate::migrate(&link, &plan).await?;
        let hub = Arc::new(Hub::default());
        let news = News::start(&plan, &hub).await?;
        let writers = Writers::start(&plan, settings.writers, &hub, news.name());
        Ok(Self { writers, readers: [link, Link::new(plan)], turn: AtomicUsize::new(0), hub, _news: news })
    }

    async fn reader(&self) -> Result<Arc<Session>, StoreError> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        self.readers[turn % self.readers.len()].get().await
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn commit(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        batch.check()?;
        self.writers.commit(batch).await
    }

    fn changes(&self) -> Changes {
        self.hub.listen()
    }

    async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError> {
        let session = self.reader().await?;
        reads::run(&session, run).await
    }

    async fn runs(&self, filter: &Filter) -> Result<Vec<RunRow>, StoreError> {
        let session = self.reader().await?;
        reads::runs(&session, filter).await
    }

    async fn counts(&self, project: &Project, flow: Option<&str>) -> Result<Counts, StoreError> {
        let session = self.reader().await?;
        reads::counts(&session, project, flow).await
    }

    async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let session = self.reader().await?;
        reads::entries(&session, run, from, limit).await
    }

    async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        let session = self.reader().await?;
        reads::snapshot(&session, run).await
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        let session = self.reader().await?;
        reads::inbox(&session, run).await
    }

    async fn listening(&self, run: &RunId) -> Result<Vec<Listening>, StoreError> {
        let session = self.reader().await?;
        reads::listening(&session, run).await
    }

    async fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Result<Vec<Listening>, StoreError> {
        let session = self.reader().await?;
        reads::questions(&session, project, after, limit).await
    }

    async fn next_due(&self, except: &[String]) -> Result<Option<u64>, StoreError> {
        let session = self.reader().await?;
        reads::next_due(&session, except).await
    }

    async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        let session = self.reader().await?;
        reads::workers(&session).await
    }

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        let session = self.reader().await?;
        reads::record(&session, project, kind, name).await
    }

    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError> {
        let session = self.reader().await?;
        reads::records(&session, project, kind, page).await
    }

    async fn projects(&self, kind: Kind) -> Result<Vec<Project>, StoreError> {
        let session = self.reader().await?;
        reads::projects(&session, kind).await
    }

    async fn blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        let session = self.reader().await?;
        reads::blobs(&session, after, limit).await
    }
}
