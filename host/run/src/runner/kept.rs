//! A run's place in a store: its chunks become batches, its inbox becomes news.

use super::descent::Descent;
use super::firing::Ending;
use super::inner::Inner;
use super::patient::Patience;
use crate::Deployment;
use crate::ledger::{Chunk, Emit, Ledger, Lost, News, Stand};
use crate::progress::Outstanding;
use loomwork_api::Happening;
use loomwork_engine::Happened;
use loomwork_journal::{Append, Batch, Create, End, Entry, Next, Outcome, Progress, RunId, StoreError, Write};
use loomwork_types::Fault;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Notify;

pub(super) struct Kept {
    pub inner: Arc<Inner>,
    pub deployment: Deployment,
    pub run: RunId,
    /// Not in the store yet: the first chunk makes it.
    pub create: Option<Box<Create>>,
    pub fence: u64,
    /// Of the next entry.
    pub seq: u64,
    /// Up to this number messages have been given to the driver.
    pub taken: u64,
    pub nudge: Arc<Notify>,
    pub descent: Descent,
}

impl Ledger for Kept {
    const KEEPS: bool = true;

    fn write(&mut self, chunk: Chunk) -> impl Future<Output = Result<Vec<Happened>, Lost>> + Send + 'static {
        let at = self.inner.clock.now_ms();
        let Chunk { told, calling, children, emits, listens, cancels, taken, answer, snapshot, stand } = chunk;
        let mut entries: Vec<Entry> = told.into_iter().map(Entry::Told).collect();
        entries.extend(calling.into_iter().map(|(step, node, attempt)| Entry::Called { at, step, node, attempt }));
        let waits = match &stand {
            Stand::Waiting { wake_at } => Some(*wake_at),
            Stand::Running | Stand::Ended(_) => None,
        };
        let next = match stand {
            Stand::Running => Next::Running,
            Stand::Waiting { wake_at } => Next::Released { until: wake_at },
            Stand::Ended(end) => Next::Ended(ended(end)),
        };
        if let Next::Ended(end) = &next {
            entries.push(Entry::Ended { at, end: end.clone() });
        }
        let count = entries.len() as u64;
        let progress = Progress {
            entries,
            taken,
            listens: listens.into_iter().map(|listen| self.inner.listen(listen)).collect(),
            unlisten: cancels,
            snapshot: snapshot.map(|(state, outstanding)| pack(&state, &outstanding).into()),
            answer,
            next,
            ..Progress::default()
        };
        let first = match self.create.take() {
            Some(mut create) => {
                create.begin = Some((self.inner.worker.clone(), progress));
                Write::Create(create)
            }
            None => Write::Append(Box::new(Append { run: self.run.clone(), fence: self.fence, seq: self.seq, progress })),
        };
        self.seq += count;
        let (inner, deployment, descent) = (self.inner.clone(), self.deployment.clone(), self.descent.clone());
        let written = Written { inner, deployment, descent, run: self.run.clone(), seq: self.seq, entries: count, at, waits };
        async move { written.write(first, children, emits).await }
    }

    async fn nudged(&self) {
        self.nudge.notified().await;
    }

    async fn news(&mut self) -> Result<News, Lost> {
        // A run that is not in the store yet has no inbox.
        if self.create.is_some() {
            return Ok(News::default());
        }
        let messages = self.inner.patient.inbox(&self.run).await.map_err(|error| Lost::Unwritten(fault(&error)))?;
        let mut news = News::default();
        for message in messages.into_iter().filter(|message| message.number > self.taken) {
            news.taken = Some(message.number);
            news.happened.push(message.what);
        }
        self.taken = news.taken.unwrap_or(self.taken);
        Ok(news)
    }
}

/// A chunk on its way into the store.
struct Written {
    inner: Arc<Inner>,
    deployment: Deployment,
    descent: Descent,
    run: RunId,
    /// Behind the chunk's last entry.
    seq: u64,
    /// How many it has.
    entries: u64,
    at: u64,
    /// It waits then, until this time if there is one.
    waits: Option<Option<u64>>,
}

impl Written {
    async fn write(self, first: Write, children: Vec<crate::ledger::Child>, emits: Vec<Emit>) -> Result<Vec<Happened>, Lost> {
        let mut writes = vec![first];
        let mut started = Vec::new();
        let mut answers = Vec::new();
        for child in children {
            match self.inner.child(&self.run, &self.deployment, &child).await {
                Ok(create) => {
                    let (starter, trace) = (self.descent.starter.clone(), self.descent.trace(&self.run));
                    let create = Create { starter, trace, ..create };
                    started.extend((!child.wait).then_some((child.step, writes.len())));
                    writes.push(Write::Create(Box::new(create)));
                }
                Err(fault) => answers.push(Happened::Threw(child.step, fault)),
            }
        }
        let mut heirs = Vec::new();
        for emit in emits {
            heirs.extend(self.inner.started_by_event(&self.run, self.descent.starter.as_ref(), emit).await);
        }
        heirs.extend(self.started_by_end(&writes[0]).await?);
        writes.extend(heirs.into_iter().map(|create| Write::Create(Box::new(create))));
        let outcomes = self.commit(writes).await?;
        if let Some(until) = self.waits {
            self.deployment.inner.tell(self.run.as_str(), || Happening::Waiting { until });
        }
        for (step, index) in started {
            let id = match outcomes.get(index) {
                Some(Outcome::Existing(id) | Outcome::Debounced(id)) => id.clone(),
                _ => child_id(&self.run, step),
            };
            answers.push(Happened::Returned(step, format!("\"{id}\"")));
        }
        Ok(answers)
    }

    /// The runs that this one's end starts, if it is at its end.
    async fn started_by_end(&self, first: &Write) -> Result<Vec<Create>, Lost> {
        let flow = &self.deployment.flow().id;
        let begun = match first {
            Write::Create(create) => Some(&*create.input),
            _ => None,
        };
        let progress = match first {
            Write::Create(create) => create.begin.as_ref().map(|(_, progress)| progress),
            Write::Append(append) => Some(&append.progress),
            _ => None,
        };
        let Some(Next::Ended(end)) = progress.map(|progress| &progress.next) else { return Ok(Vec::new()) };
        if !self.inner.is_awaited(flow, end) {
            return Ok(Vec::new());
        }
        let kept = match begun {
            Some(_) => None,
            None => self.inner.patient.run(&self.run).await.map_err(|error| Lost::Unwritten(fault(&error)))?,
        };
        let input = begun.or(kept.as_ref().map(|kept| &*kept.input)).unwrap_or("null");
        Ok(self.inner.started_by_end(&Ending { run: &self.run, flow, descent: &self.descent, input, end }).await)
    }

    /// Writes until it is written, as long as that makes sense.
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Outcome>, Lost> {
        let mut patience = Patience::default();
        loop {
            let started = Instant::now();
            let error = match self.inner.store.commit(Batch { at: self.at, writes: writes.clone() }).await {
                Ok(outcomes) => {
                    self.inner.platform.telemetry().metrics().commit(self.entries, started.elapsed());
                    return Ok(outcomes);
                }
                Err(error) => error,
            };
            if patience.is_tried() && self.has_arrived().await {
                return Ok(Vec::new());
            }
            if patience.bears(&error).await {
                continue;
            }
            match error {
                StoreError::Fenced { .. } | StoreError::Gap { .. } => return Err(Lost::Fenced),
                error => return Err(Lost::Unwritten(fault(&error))),
            }
        }
    }

    /// An attempt that seemed to fail may have been carried out. One without entries leaves no trace to tell by, and does no harm when it
    /// is repeated.
    async fn has_arrived(&self) -> bool {
        self.entries > 0 && matches!(self.inner.patient.run(&self.run).await, Ok(Some(run)) if run.row.next_seq == self.seq)
    }
}

pub(super) fn ended(end: Result<String, Fault>) -> End {
    match end {
        Ok(output) => End::Finished(output),
        Err(fault) if fault.code == "run.cancelled" => End::Cancelled(fault),
        Err(fault) => End::Failed(fault),
    }
}

/// The run that a step of another run starts: always the same one.
pub(super) fn child_id(parent: &RunId, step: u32) -> RunId {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{parent}/{step}"));
    let random = digest.iter().take(10).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    RunId::new(parent.created_ms(), random)
}

pub(super) fn fault(error: &StoreError) -> Fault {
    Fault::new(error.code(), error.to_string())
}

/// A machine's state and what it waits for, in one: the length of the second, the second as JSON, the first.
pub(super) fn pack(state: &[u8], outstanding: &Outstanding) -> Vec<u8> {
    let json = serde_json::to_vec(outstanding).unwrap_or_default();
    let mut packed = Vec::with_capacity(4 + json.len() + state.len());
    packed.extend_from_slice(&(json.len() as u32).to_le_bytes());
    packed.extend_from_slice(&json);
    packed.extend_from_slice(state);
    packed
}

/// None if it is not what [`pack`] made.
pub(super) fn unpack(packed: &[u8]) -> Option<(&[u8], Outstanding)> {
    let (length, rest) = packed.split_first_chunk::<4>()?;
    let (json, state) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((state, serde_json::from_slice(json).ok()?))
}
