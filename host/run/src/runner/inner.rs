//! What all parts of a runner share.

use super::flows::{FlowState, Flows};
use super::kept::{child_id, fault};
use super::known::Known;
use super::patient::Patient;
use super::role::Role;
use super::strange::Strange;
use super::waiters::Waiters;
use super::watching::Watchers;
use crate::clock::Clock;
use crate::decision;
use crate::ledger::Child;
use crate::progress;
use crate::session::MAX_DEPTH;
use crate::{Deployment, Platform};
use loomwork_check::plan::Template;
use loomwork_dispatch::Dispatch;
use loomwork_journal::{Concurrency, Create, INSTANCE, Listen, Parent, Pin, Project, RunId, Store, limits};
use loomwork_types::{Fault, canonical};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) struct Inner {
    pub platform: Platform,
    pub store: Arc<dyn Store>,
    /// The same, for runs, which can wait until it is back.
    pub patient: Patient,
    pub clock: Arc<dyn Clock>,
    pub project: Project,
    pub role: Role,
    pub dispatch: Option<Arc<dyn Dispatch>>,
    /// Carries what happens in runs to those who watch: the same, or only within this process.
    pub events: Arc<dyn Dispatch>,
    pub watchers: Watchers,
    /// The name under which this process has runs; new with each start.
    pub worker: String,
    /// Nobody else works on this store.
    pub alone: bool,
    pub flows: Flows,
    pub strange: Strange,
    pub known: Known,
    pub waiters: Waiters,
    /// Runs under way here, and how to tell them that there is news.
    pub live: Mutex<HashMap<RunId, Arc<Notify>>>,
    /// How many runs may be under way here at once.
    pub places: Arc<Semaphore>,
    pub halt: CancellationToken,
    pub tasks: TaskTracker,
    /// Everything is written that ever will be; news of it may still be on its way.
    pub signed_off: CancellationToken,
    /// What passes news on, longer than all other tasks.
    pub telling: TaskTracker,
    /// Wakes the scheduler: a place is free, or something is due earlier.
    pub stir: Notify,
    /// Wakes what looks after triggers that fire by the clock: there are others now.
    pub stir_timed: Notify,
}

impl Inner {
    pub fn nudge(&self, run: &RunId) {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(nudge) = live.get(run) {
            nudge.notify_one();
        }
    }

    /// Notes a run as under way here.
    pub fn enter(&self, run: &RunId) -> Arc<Notify> {
        let nudge = Arc::new(Notify::new());
        self.live.lock().unwrap_or_else(PoisonError::into_inner).insert(run.clone(), nudge.clone());
        nudge
    }

    pub fn leave(&self, run: &RunId) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).remove(run);
        // With all places taken, something due may be waiting for this one.
        if self.places.available_permits() == 0 {
            self.stir.notify_one();
        }
    }

    /// A new run of a flow, not begun. However it came about, it counts towards the flow's limit of runs at once, and is the only one of its
    /// state machine's key.
    pub fn create(&self, id: RunId, deployment: &Deployment, version: u64, input: String) -> Result<Create, Fault> {
        let mut create = self.unlimited(id, deployment, version, input);
        if let Some(it) = &deployment.inner.checked.plan().concurrency {
            create.concurrency = Some(Concurrency { key: key(deployment, it.key.as_ref(), &create.input)?, limit: it.limit });
        }
        if let Some(instance) = &deployment.inner.checked.plan().instance {
            create.idempotency = Some(format!("{INSTANCE}{}", key(deployment, Some(instance), &create.input)?));
        }
        Ok(create)
    }

    /// A new run that takes no place of its flow's limit: one that does nothing.
    pub fn unlimited(&self, id: RunId, deployment: &Deployment, version: u64, input: String) -> Create {
        self.bare(id, deployment.flow().id.clone(), Pin { version, digest: deployment.digest().to_owned() }, input)
    }

    pub fn bare(&self, id: RunId, flow: String, pin: Pin, input: String) -> Create {
        Create::new(id, self.project.clone(), flow, pin, input)
    }

    /// A new run that a trigger asks for, which the next one may replace before it begins.
    pub fn triggered(&self, id: RunId, active: &FlowState, input: String) -> Result<Create, Fault> {
        let mut create = self.create(id, &active.deployment, active.version, input)?;
        if let Some(debounce) = &active.deployment.inner.checked.plan().debounce {
            create.debounce = Some(key(&active.deployment, debounce.key.as_ref(), &create.input)?);
            create.start_at = self.clock.now_ms().saturating_add(debounce.delay_ms);
        }
        Ok(create)
    }

    /// The run that a `call` node asks for.
    pub async fn child(&self, parent: &RunId, caller: &Deployment, child: &Child) -> Result<Create, Fault> {
        let flow = caller.called(child.node).ok_or_else(|| Fault::new("run.bug", "the node calls no flow"))?;
        self.depth(parent).await?;
        let active = self.flows.active(self, flow).await?;
        let input = canonical(active.deployment.input(), &child.input)?;
        let mut create = self.create(child_id(parent, child.step), &active.deployment, active.version, input)?;
        create.parent = Some(Parent { run: parent.clone(), step: child.step, waits: child.wait });
        Ok(create)
    }

    /// What the store is to wait for on behalf of a step.
    pub fn listen(&self, listen: progress::Listen) -> Listen {
        match listen.what {
            progress::Heard::Signal { name, key } => Listen { step: listen.step, name, key, question: None },
            progress::Heard::Decision { about, due } => {
                let question = Some(decision::asked(about, due));
                Listen { step: listen.step, name: String::new(), key: "null".to_owned(), question }
            }
        }
    }

    /// How many runs called one another to get to this one.
    pub async fn depth(&self, run: &RunId) -> Result<u32, Fault> {
        let (mut depth, mut at) = (0, run.clone());
        while depth <= MAX_DEPTH {
            let row = self.patient.run(&at).await.map_err(|error| fault(&error))?;
            let Some(parent) = row.and_then(|run| run.row.parent) else { return Ok(depth) };
            at = parent.run;
            depth += 1;
        }
        Err(Fault::new("limit.depth", format!("more than {MAX_DEPTH} flows have called one another")))
    }
}

/// Runs of a flow with the same text belong together; of another flow, never.
fn key(deployment: &Deployment, template: Option<&Template>, input: &str) -> Result<String, Fault> {
    let plan = deployment.inner.checked.plan();
    let text = template.map(|template| plan.key(template, input, &deployment.inner.platform.vars)).transpose()?;
    let text = text.unwrap_or_default();
    let name = format!("flow/{}/{text}", deployment.flow().id);
    match name.len() + INSTANCE.len() <= limits::NAME {
        true => Ok(name),
        // A long key together with its flow is more than a store takes.
        false => {
            let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(format!("flow/{}/{digest}", deployment.flow().id))
        }
    }
}
