//! A run's place in a store: its chunks become batches, its inbox becomes news.

use super::descent::Descent;
use super::divided::divided;
use super::firing::Ending;
use super::inner::Inner;
use super::patient::Patience;
use crate::Deployment;
use crate::ledger::{Child, Chunk, Emit, Ledger, Lost, News, Stand};
use crate::progress::Outstanding;
use loomwork_api::Happening;
use loomwork_engine::Happened;
use loomwork_journal::{Append, Batch, Create, End, Entry, Next, Outcome, Progress, RunId, StoreError, Write, limits};
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
        let before = self.seq;
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
        let own = divided(progress).into_iter().map(|part| self.part(part)).collect();
        let (inner, deployment, descent) = (self.inner.clone(), self.deployment.clone(), self.descent.clone());
        let (run, seq, entries) = (self.run.clone(), self.seq, self.seq - before);
        let written = Written { inner, deployment, descent, run, seq, entries, at, waits };
        async move { written.write(own, children, emits).await }
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

impl Kept {
    /// The next write of the run.
    fn part(&mut self, progress: Progress) -> Write {
        let seq = self.seq;
        self.seq += progress.entries.len() as u64;
        match self.create.take() {
            Some(mut create) => {
                create.begin = Some((self.inner.worker.clone(), progress));
                Write::Create(create)
            }
            None => Write::Append(Box::new(Append { run: self.run.clone(), fence: self.fence, seq, progress })),
        }
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
    async fn write(self, own: Vec<Write>, children: Vec<Child>, emits: Vec<Emit>) -> Result<Vec<Happened>, Lost> {
        let mut answers = Vec::new();
        let mut asked = Vec::new();
        for child in children {
            match self.inner.child(&self.run, &self.deployment, &child).await {
                Ok(create) => {
                    let (starter, trace) = (self.descent.starter.clone(), self.descent.trace(&self.run));
                    asked.push((child, Create { starter, trace, ..create }));
                }
                Err(fault) => answers.push(Happened::Threw(child.step, fault)),
            }
        }
        let mut heirs = Vec::new();
        for emit in emits {
            let started = self.inner.started_by_event(&self.run, self.descent.starter.as_ref(), emit).await;
            heirs.extend(started.map_err(Lost::Unwritten)?);
        }
        heirs.extend(self.started_by_end(&own).await?);
        let given_up = self.after_given_up(&own).await?;
        let mut writes = own;
        writes.extend(given_up);
        writes.extend(heirs.into_iter().map(|create| Write::Create(Box::new(create))));
        // What does not fit comes after: once the run's part is written, whoever takes it up asks for these again, and finds those that are there.
        let later = asked.split_off(asked.len().min(limits::WRITES.saturating_sub(writes.len())));
        let before = writes.len();
        writes.extend(asked.iter().map(|(_, create)| Write::Create(Box::new(create.clone()))));
        let outcomes = self.commit(writes, self.entries).await?;
        if let Some(until) = self.waits {
            self.deployment.inner.tell(self.run.as_str(), || Happening::Waiting { until });
        }
        answers.extend(self.started(&asked, outcomes.get(before..).unwrap_or_default()));
        for asked in later.chunks(limits::WRITES) {
            let writes = asked.iter().map(|(_, create)| Write::Create(Box::new(create.clone()))).collect();
            let outcomes = self.commit(writes, 0).await?;
            answers.extend(self.started(asked, &outcomes));
        }
        Ok(answers)
    }

    /// What steps are told at once: the ids of runs that are not waited for, and that another run stands for one that would be.
    fn started(&self, asked: &[(Child, Create)], outcomes: &[Outcome]) -> Vec<Happened> {
        let told = asked.iter().enumerate().filter_map(|(index, (child, _))| {
            let own = child_id(&self.run, child.step);
            let id = match outcomes.get(index) {
                Some(Outcome::Existing(id) | Outcome::Debounced(id)) => id,
                _ => &own,
            };
            match child.wait {
                false => Some(Happened::Returned(child.step, format!("\"{id}\""))),
                true => (*id != own).then(|| Happened::Threw(child.step, stands_already(id))),
            }
        });
        told.collect()
    }

    /// What starts because runs end that were called and are not wanted any more, before anybody has begun them.
    async fn after_given_up(&self, own: &[Write]) -> Result<Vec<Write>, Lost> {
        // A run that is not in the store yet has no children.
        let Some(Write::Append(last)) = own.last() else { return Ok(Vec::new()) };
        let mut writes = Vec::new();
        for step in &last.progress.unlisten {
            let child =
                self.inner.patient.run(&child_id(&self.run, *step)).await.map_err(|error| Lost::Unwritten(fault(&error)))?;
            if let Some(child) = child.filter(|child| child.row.parent.as_ref().is_some_and(|parent| parent.waits)) {
                writes.extend(self.inner.after_unbegun(&child).await.map_err(Lost::Unwritten)?);
            }
        }
        Ok(writes)
    }

    /// The runs that this one's end starts, if it is at its end.
    async fn started_by_end(&self, own: &[Write]) -> Result<Vec<Create>, Lost> {
        let flow = &self.deployment.flow().id;
        let begun = match own.first() {
            Some(Write::Create(create)) => Some(&*create.input),
            _ => None,
        };
        let progress = match own.last() {
            Some(Write::Create(create)) => create.begin.as_ref().map(|(_, progress)| progress),
            Some(Write::Append(append)) => Some(&append.progress),
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
        let ending = Ending { run: &self.run, flow, descent: &self.descent, input, end };
        self.inner.started_by_end(&ending).await.map_err(Lost::Unwritten)
    }

    /// Writes until it is written, as long as that makes sense. `entries` are the run's among it.
    async fn commit(&self, writes: Vec<Write>, entries: u64) -> Result<Vec<Outcome>, Lost> {
        let mut patience = Patience::default();
        let _waiting = self.inner.platform.telemetry().metrics().commit_waits();
        loop {
            let started = Instant::now();
            let error = match self.inner.store.commit(Batch { at: self.at, writes: writes.clone() }).await {
                Ok(outcomes) => {
                    self.inner.platform.telemetry().metrics().commit(entries, started.elapsed());
                    return Ok(outcomes);
                }
                Err(error) => error,
            };
            if patience.is_tried() && entries > 0 && self.has_arrived().await {
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
        matches!(self.inner.patient.run(&self.run).await, Ok(Some(run)) if run.row.next_seq == self.seq)
    }
}

pub(super) fn ended(end: Result<String, Fault>) -> End {
    match end {
        Ok(output) => End::Finished(output),
        Err(fault) if fault.code == "run.cancelled" => End::Cancelled(fault),
        Err(fault) => End::Failed(fault),
    }
}

/// A state machine has one run for each key.
pub(super) fn stands_already(run: &RunId) -> Fault {
    Fault::new("run.stands_already", format!("run {run} stands for this state machine's key, until it ends"))
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
