//! Runs under way in this process: begun, taken up, followed to their end or until they are put aside.

use super::descent::Descent;
use super::firing::Ending;
use super::inner::Inner;
use super::kept::{Kept, fault, unpack};
use crate::Deployment;
use crate::driver::{Driver, Left, Surroundings};
use crate::ledger::Lost;
use crate::observed::{Observed, trigger_kind};
use crate::progress::{Advance, Progress};
use crate::session::Session;
use loomwork_api::Happening;
use loomwork_engine::{Happened, Machine, Start};
use loomwork_journal::{Append, Batch, Create, End, Entry, Next, Run, RunId, RunRow, StoreError, Write};
use loomwork_types::Fault;
use std::sync::{Arc, Mutex};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// A run that has cost so many workers their life without getting on is ended.
const MAX_LOST: u32 = 5;
/// Journal entries read at a time.
const PAGE: usize = 1_000;

/// A run that begins here.
pub(super) struct Begin {
    pub deployment: Deployment,
    /// Not yet in the store; else it is, with this fence.
    pub create: Result<Box<Create>, u64>,
    pub run: RunId,
    pub descent: Descent,
    pub input: String,
}

/// What those who wait here are told first.
#[derive(Debug)]
pub(super) enum Told {
    Ended(Result<String, Fault>),
    /// The flow answered before its end.
    Answered(String),
    /// Ask the store: the run was put aside, or is elsewhere.
    Elsewhere,
}

impl Inner {
    /// Begins a run on a task of its own.
    pub fn begin(self: &Arc<Self>, begin: Begin, place: OwnedSemaphorePermit) -> oneshot::Receiver<Told> {
        let (told, waiting) = oneshot::channel();
        let inner = self.clone();
        let span = self.span(&begin.deployment.flow().id, &begin.run);
        self.tasks.spawn(
            async move {
                let nudge = inner.enter(&begin.run);
                let Begin { deployment, create, run, descent, input } = begin;
                let (create, fence) = match create {
                    Ok(create) => (Some(create), 1),
                    Err(fence) => (None, fence),
                };
                let kept = Kept {
                    inner: inner.clone(),
                    deployment: deployment.clone(),
                    run: run.clone(),
                    create,
                    fence,
                    seq: 0,
                    taken: 0,
                    nudge,
                    descent: descent.clone(),
                };
                let start = inner.beginning(&deployment, &run, input);
                let told = Arc::new(Mutex::new(Some(told)));
                let trigger = trigger_kind(deployment.flow(), descent.trigger.as_deref());
                let observed = Observed::new(&deployment.inner, run.as_str(), trigger, descent.caller);
                observed.begun();
                deployment.inner.tell(run.as_str(), || Happening::Begun { trigger: descent.trigger.clone(), parent: None });
                let left = match deployment.inner.machine.instantiate_soon().await {
                    Ok(machine) => inner.follow(&deployment, Progress::new(machine), kept, Some(start), &told).await,
                    Err(fault) => inner.end_unbegun(kept, start, fault).await,
                };
                if let Ok(Left::Ended(end)) = &left {
                    observed.ended(end, run.created_ms());
                }
                inner.part(&run, left, &told);
                drop(place);
            }
            .instrument(span),
        );
        waiting
    }

    /// Takes up a run that was claimed.
    pub fn take_up(self: &Arc<Self>, claimed: Run, place: OwnedSemaphorePermit) {
        let inner = self.clone();
        let span = self.span(&claimed.row.flow, &claimed.row.id);
        self.tasks.spawn(
            async move {
                let run = claimed.row.id.clone();
                let told = Arc::new(Mutex::new(None));
                let left = inner.go_on(claimed, &told).await;
                inner.part(&run, left, &told);
                drop(place);
            }
            .instrument(span),
        );
    }

    /// In which everything is logged that happens in a run.
    fn span(&self, flow: &str, run: &RunId) -> tracing::Span {
        loomwork_telemetry::log::run(&self.project.name, flow, run.as_str())
    }

    async fn go_on(self: &Arc<Self>, claimed: Run, told: &Teller) -> Result<Left, Lost> {
        let nudge = self.enter(&claimed.row.id);
        let Run { row, input, .. } = claimed;
        if row.lost >= MAX_LOST {
            let message = format!("{} workers were lost while they had this run", row.lost);
            return self.give_up(&row, &input, Fault::new("run.poisoned", message)).await;
        }
        let deployment = match self.flows.pinned(self, &row.flow, &row.pin).await {
            Ok(deployment) => deployment,
            Err(fault) if is_passing(&fault) => return Err(Lost::Unwritten(fault)),
            Err(fault) if fault.code == "flow.changed" => {
                return match self.leave_to_others(&row, &fault).await? {
                    Some(left) => Ok(left),
                    None => self.give_up(&row, &input, fault).await,
                };
            }
            Err(fault) => return self.give_up(&row, &input, fault).await,
        };
        let trigger = trigger_kind(deployment.flow(), row.trigger.as_deref());
        let descent = Descent::from(&row);
        let observed = Observed::new(&deployment.inner, row.id.as_str(), trigger, descent.caller);
        if row.next_seq == 0 {
            observed.begun();
            let parent = || row.parent.as_ref().map(|parent| parent.run.to_string());
            let begun = || Happening::Begun { trigger: row.trigger.clone(), parent: parent() };
            deployment.inner.tell(row.id.as_str(), begun);
        }
        let machine = deployment.inner.machine.instantiate_soon().await.map_err(Lost::Unwritten)?;
        let kept = Kept {
            inner: self.clone(),
            deployment: deployment.clone(),
            run: row.id.clone(),
            create: None,
            fence: row.fence,
            seq: row.next_seq,
            taken: 0,
            nudge,
            descent,
        };
        let left = if row.next_seq == 0 {
            let start = self.beginning(&deployment, &row.id, input);
            self.follow(&deployment, Progress::new(machine), kept, Some(start), told).await
        } else {
            match self.restore(machine, &row.id).await {
                Ok(progress) => self.follow(&deployment, progress, kept, None, told).await,
                Err(Restoring::Store(error)) => Err(Lost::Unwritten(fault(&error))),
                Err(Restoring::Machine(fault)) => self.give_up(&row, &input, fault).await,
            }
        };
        if let Ok(Left::Ended(end)) = &left {
            observed.ended(end, row.created);
        }
        left
    }

    async fn follow<M: Advance + Send>(
        &self,
        deployment: &Deployment,
        progress: Progress<M>,
        kept: Kept,
        start: Option<Start>,
        told: &Teller,
    ) -> Result<Left, Lost> {
        let (answered, answer) = oneshot::channel();
        let seed = start.as_ref().map(|start| start.seed).or(progress.outstanding.seed).unwrap_or_else(|| self.seed());
        let session = Session::new(deployment.inner.clone(), kept.run.as_str(), seed, false);
        let caller = kept.descent.caller;
        let session = Arc::new(Session { respond: Mutex::new(Some(answered)), caller, ..session });
        let never = CancellationToken::new();
        let around = Surroundings { calls: &session, clock: &*self.clock, cancel: &never, halt: &self.halt };
        let driver = Driver::new(progress, kept, around);
        let driven = async {
            match start {
                Some(start) => driver.begin(Happened::Start(start)).await,
                None => driver.take_up().await,
            }
        };
        let answer = async {
            if let Ok(output) = answer.await {
                tell(told, Told::Answered(output));
            }
            std::future::pending().await
        };
        tokio::select! {
            biased;
            left = driven => left,
            () = answer => unreachable!("it goes on for ever"),
        }
    }

    /// What a run is told first. Nothing of it has left before this is written, so that it may begin otherwise when it is begun again.
    fn beginning(&self, deployment: &Deployment, run: &RunId, input: String) -> Start {
        Start { input, run: run.to_string(), seed: self.seed(), vars: deployment.inner.platform.vars.clone() }
    }

    /// Not to be told from the run's id, which many people know.
    fn seed(&self) -> u64 {
        self.platform.inner.chance.next() as u64
    }

    /// The machine as the journal says, and what it waits for.
    async fn restore(&self, machine: Machine, run: &RunId) -> Result<Progress<Machine>, Restoring> {
        let snapshot = self.patient.snapshot(run).await?;
        let (mut progress, mut seq) = match &snapshot {
            Some(snapshot) => {
                let (state, outstanding) = unpack(&snapshot.state).ok_or_else(damaged)?;
                (Progress::restored(machine, state, outstanding)?, snapshot.seq)
            }
            None => (Progress::new(machine), 0),
        };
        loop {
            let entries = self.patient.entries(run, seq, PAGE).await?;
            seq += entries.len() as u64;
            let full = entries.len() == PAGE;
            for entry in entries {
                match entry {
                    Entry::Told(event) => drop(progress.tell(&[event])?),
                    Entry::Called { step, .. } => progress.called(step),
                    Entry::Ended { .. } => {}
                }
            }
            if !full {
                return Ok(progress);
            }
        }
    }

    /// Ends a run that could not even begin.
    async fn end_unbegun(&self, mut kept: Kept, start: Start, fault: Fault) -> Result<Left, Lost> {
        use crate::ledger::{Chunk, Ledger, Stand};
        let event = loomwork_engine::Event { at: self.clock.now_ms(), what: Happened::Start(start) };
        let chunk = Chunk { told: vec![event], stand: Stand::Ended(Err(fault.clone())), ..Chunk::default() };
        kept.write(chunk).await?;
        Ok(Left::Ended(Err(fault)))
    }

    /// Ends a run that cannot go on.
    pub(super) async fn give_up(&self, row: &RunRow, input: &str, reason: Fault) -> Result<Left, Lost> {
        let at = self.clock.now_ms();
        let end = End::Failed(reason.clone());
        let descent = Descent::from(row);
        let ending = Ending { run: &row.id, flow: &row.flow, descent: &descent, input, end: &end };
        let heirs = self.started_by_end(&ending).await.map_err(Lost::Unwritten)?;
        let progress = loomwork_journal::Progress {
            entries: vec![Entry::Ended { at, end: end.clone() }],
            next: Next::Ended(end),
            ..Default::default()
        };
        let append = Append { run: row.id.clone(), fence: row.fence, seq: row.next_seq, progress };
        let mut writes = vec![Write::Append(Box::new(append))];
        writes.extend(heirs.into_iter().map(|create| Write::Create(Box::new(create))));
        let written = self.store.commit(Batch::new(at, writes)).await;
        written.map_err(|error| Lost::Unwritten(fault(&error)))?;
        Ok(Left::Ended(Err(reason)))
    }

    fn part(self: &Arc<Self>, run: &RunId, left: Result<Left, Lost>, told: &Teller) {
        self.leave(run);
        match left {
            Ok(Left::Ended(end)) => {
                match &end {
                    Ok(_) => tracing::debug!(%run, "finished"),
                    Err(fault) => tracing::warn!(%run, code = %fault.code, message = %fault.message, "failed"),
                }
                tell(told, Told::Ended(end));
            }
            Ok(Left::Parked) => tell(told, Told::Elsewhere),
            Err(Lost::Fenced) => {
                tracing::warn!(%run, "another worker has taken this run over");
                tell(told, Told::Elsewhere);
            }
            Err(Lost::Unwritten(fault)) => {
                tracing::error!(%run, code = %fault.code, message = %fault.message, "the run could not be written");
                match is_passing(&fault) {
                    true => self.tasks.spawn(self.clone().hand_back(run.clone())),
                    false => self.tasks.spawn(self.clone().end_refused(run.clone(), fault.clone())),
                };
                tell(told, Told::Ended(Err(fault)));
            }
        }
    }
}

/// The store or the engine is away, or has too much to do: what failed may succeed later.
pub(super) fn is_passing(fault: &Fault) -> bool {
    matches!(&*fault.code, "store.unavailable" | "store.busy" | "limit.busy")
}

type Teller = Arc<Mutex<Option<oneshot::Sender<Told>>>>;

/// Only the first is heard.
fn tell(teller: &Teller, told: Told) {
    let sender = teller.lock().ok().and_then(|mut teller| teller.take());
    if let Some(sender) = sender {
        sender.send(told).ok();
    }
}

enum Restoring {
    Store(StoreError),
    Machine(Fault),
}

impl From<StoreError> for Restoring {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Fault> for Restoring {
    fn from(fault: Fault) -> Self {
        Self::Machine(fault)
    }
}

fn damaged() -> Fault {
    Fault::new("store.damaged", "the run's snapshot cannot be read")
}
