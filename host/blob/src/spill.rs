//! A store whose large payloads are blobs. Who uses it sees the payloads as they were.
//!
//! In the store below, a text that begins with `@` is not a payload itself: `@sha256:…` is the digest of one, and `@@…` is one that
//! begins with `@`, so that nobody can smuggle in a digest.

use crate::{Blobs, Digest};
use async_trait::async_trait;
use bytes::Bytes;
use loomwork_journal::limits::{INLINE, PAYLOAD};
use loomwork_journal::{
    Batch, Changes, Counts, End, Entry, Event, Filter, Happened, Kind, Listening, Message, Next, Outcome, Progress, Project,
    Record, RecordPage, Run, RunId, RunRow, Snapshot, Store, StoreError, Worker, Write,
};
use loomwork_types::Fault;
use std::sync::Arc;

/// Payloads above 64 KiB go to blobs.
#[derive(Clone)]
pub struct Spilled {
    store: Arc<dyn Store>,
    blobs: Blobs,
}

impl Spilled {
    pub fn new(store: Arc<dyn Store>, blobs: Blobs) -> Self {
        Self { store, blobs }
    }

    /// The store below, with references instead of large payloads.
    pub fn below(&self) -> &Arc<dyn Store> {
        &self.store
    }

    async fn spill_write(&self, at: u64, write: &mut Write) -> Result<(), StoreError> {
        match write {
            Write::Create(create) => {
                self.spill(at, &mut create.input, &mut create.blobs).await?;
                if let Some((_, progress)) = &mut create.begin {
                    self.spill_progress(at, progress).await?;
                }
                Ok(())
            }
            Write::Append(append) => self.spill_progress(at, &mut append.progress).await,
            Write::Signal(signal) if signal.payload.len() > INLINE => {
                Err(StoreError::TooLarge { what: "a signal", limit: INLINE })
            }
            Write::Signal(signal) => {
                escape(&mut signal.payload);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn spill_progress(&self, at: u64, progress: &mut Progress) -> Result<(), StoreError> {
        let Progress { entries, answer, next, blobs, .. } = progress;
        let end = if let Next::Ended(end) = next { Some(end) } else { None };
        let texts = entries.iter_mut().flat_map(entry_texts).chain(answer).chain(end.into_iter().filter_map(end_text));
        for text in texts {
            self.spill(at, text, blobs).await?;
        }
        Ok(())
    }

    async fn spill(&self, at: u64, text: &mut String, blobs: &mut Vec<String>) -> Result<(), StoreError> {
        if text.len() <= INLINE {
            escape(text);
            return Ok(());
        }
        let digest = self.blobs.put(Bytes::from(std::mem::take(text)), at).await.map_err(|error| error.told())?;
        *text = format!("@{digest}");
        blobs.push(digest.to_string());
        Ok(())
    }

    async fn fetch(&self, text: &mut String) -> Result<(), StoreError> {
        let Some(reference) = text.strip_prefix('@') else { return Ok(()) };
        if reference.starts_with('@') {
            *text = reference.to_owned();
            return Ok(());
        }
        let digest: Digest = reference.parse().map_err(|_| StoreError::Damaged(format!("`{reference}` is no digest")))?;
        let bytes = self.blobs.get(&digest, PAYLOAD as u64).await.map_err(|error| error.told())?;
        *text = String::from_utf8(bytes.into()).map_err(|_| StoreError::Damaged(format!("blob {digest} is not text")))?;
        Ok(())
    }

    async fn fetch_run(&self, run: &mut Run) -> Result<(), StoreError> {
        let Run { input, answer, end, .. } = run;
        for text in std::iter::once(input).chain(answer).chain(end.iter_mut().filter_map(end_text)) {
            self.fetch(text).await?;
        }
        Ok(())
    }
}

fn escape(text: &mut String) {
    if text.starts_with('@') {
        text.insert(0, '@');
    }
}

/// The payload of an entry, and whatever else in it may be large.
fn entry_texts(entry: &mut Entry) -> Vec<&mut String> {
    match entry {
        Entry::Told(Event { what, .. }) => happened_texts(what),
        Entry::Called { .. } => Vec::new(),
        Entry::Ended { end, .. } => end_text(end).into_iter().collect(),
    }
}

fn happened_texts(what: &mut Happened) -> Vec<&mut String> {
    match what {
        Happened::Start(start) => vec![&mut start.input, &mut start.vars],
        Happened::Returned(_, json) | Happened::Heard(_, json) => vec![json],
        Happened::Threw(_, fault) => fault.data.iter_mut().collect(),
        Happened::Fired(_) | Happened::Stop => Vec::new(),
    }
}

fn end_text(end: &mut End) -> Option<&mut String> {
    match end {
        End::Finished(json) => Some(json),
        End::Failed(Fault { data, .. }) | End::Cancelled(Fault { data, .. }) => data.as_mut(),
    }
}

#[async_trait]
impl Store for Spilled {
    async fn commit(&self, mut batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        batch.check()?;
        for write in &mut batch.writes {
            self.spill_write(batch.at, write).await?;
        }
        let mut outcomes = self.store.commit(batch).await?;
        for outcome in &mut outcomes {
            if let Outcome::Claimed(runs) = outcome {
                for run in runs {
                    self.fetch_run(run).await?;
                }
            }
        }
        Ok(outcomes)
    }

    fn changes(&self) -> Changes {
        self.store.changes()
    }

    async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError> {
        let mut found = self.store.run(run).await?;
        if let Some(run) = &mut found {
            self.fetch_run(run).await?;
        }
        Ok(found)
    }

    async fn runs(&self, filter: &Filter) -> Result<Vec<RunRow>, StoreError> {
        self.store.runs(filter).await
    }

    async fn counts(&self, project: &Project, flow: Option<&str>) -> Result<Counts, StoreError> {
        self.store.counts(project, flow).await
    }

    async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.store.entries(run, from, limit).await?;
        for text in entries.iter_mut().flat_map(entry_texts) {
            self.fetch(text).await?;
        }
        Ok(entries)
    }

    async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        self.store.snapshot(run).await
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        let mut messages = self.store.inbox(run).await?;
        for text in messages.iter_mut().flat_map(|message| happened_texts(&mut message.what)) {
            self.fetch(text).await?;
        }
        Ok(messages)
    }

    async fn listening(&self, run: &RunId) -> Result<Vec<Listening>, StoreError> {
        self.store.listening(run).await
    }

    async fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Result<Vec<Listening>, StoreError> {
        self.store.questions(project, after, limit).await
    }

    async fn next_due(&self, except: &[String]) -> Result<Option<u64>, StoreError> {
        self.store.next_due(except).await
    }

    async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        self.store.workers().await
    }

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        self.store.record(project, kind, name).await
    }

    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError> {
        self.store.records(project, kind, page).await
    }

    async fn projects(&self, kind: Kind) -> Result<Vec<Project>, StoreError> {
        self.store.projects(kind).await
    }

    async fn blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        self.store.blobs(after, limit).await
    }
}
