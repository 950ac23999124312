//! Runs flows so that they survive whatever happens to the process: everything that a run depends on is in a [`Store`] before
//! anything of it leaves the host.
//!
//! A runner is one worker. Several may share a store; each run has one owner at a time, and a worker that was taken for lost
//! cannot write any more.

mod carried;
mod descent;
mod divided;
mod firing;
mod flows;
mod hand_back;
mod happening;
mod inner;
mod kept;
mod known;
mod live;
mod loaded;
mod manage;
mod offered;
mod patient;
mod publishing;
mod retention;
mod role;
mod schedule;
mod strange;
mod timed;
mod triggers;
mod unkept;
mod waiters;
mod watching;

use crate::platform::Platform;
use crate::{DeployError, Deployment, RunOptions};
use descent::Descent;
use flows::Flows;
use inner::Inner;
use kept::fault;
use live::{Begin, Told};
use loomwork_dispatch::{Dispatch, Local};
use loomwork_flow::Durability;
use loomwork_journal::{Batch, End, INSTANCE, Outcome, Project, Run, RunId, Signal, State, Store, StoreError, Write};
use loomwork_telemetry::TraceContext;
use loomwork_types::{Fault, canonical};
use patient::Patient;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use flows::{FlowState, Version};
pub use manage::{Again, Answered, Details, Redact, Retried};
pub use retention::Retention;
pub use role::Role;
pub use triggers::TriggerView;
pub use watching::{Mark, NotAMark, Watch, Watched};

/// How a runner works.
#[derive(Clone)]
pub struct RunnerSettings {
    /// Nobody else has the store: whoever had runs in it before is gone.
    pub alone: bool,
    /// How many runs may be under way here at once. Each needs a machine, of which the engine's pool has a bounded number.
    pub places: usize,
    pub project: Project,
    /// How long ended runs are kept; for ever if absent.
    pub retention: Option<Retention>,
    /// What this process does of the work.
    pub role: Role,
    /// Carries runs to take up, and news, between processes; without it the store tells them.
    pub dispatch: Option<Arc<dyn Dispatch>>,
}

impl Default for RunnerSettings {
    fn default() -> Self {
        Self { alone: false, places: 900, project: Project::local(), retention: None, role: Role::All, dispatch: None }
    }
}

/// What a run is begun with.
#[derive(Clone, Debug, Default)]
pub struct NewRun {
    /// JSON.
    pub input: String,
    /// The id of the trigger that fired.
    pub trigger: Option<String>,
    /// A second run of the flow with this key is not begun; it is answered with the first.
    pub idempotency: Option<String>,
    /// Not before this time, in milliseconds since 1970.
    pub start_at: u64,
    /// Who begins it, where that is known: a question with `self_approval: false` does not take their answer.
    pub starter: Option<String>,
    /// The run this one repeats.
    pub origin: Option<RunId>,
    /// The place of whoever asks in a trace, which the run is in as well; without one it has a trace of its own.
    pub caller: Option<TraceContext>,
    /// Whoever waits for the run wants its output, whatever it answers before.
    pub until_end: bool,
}

impl NewRun {
    /// The same for a run that is not kept: its input and the rest.
    pub fn unkept(self) -> (String, RunOptions) {
        let Self { input, trigger, starter, caller, .. } = self;
        let starter = starter.map(Into::into);
        (input, RunOptions { trigger, starter, caller, ..RunOptions::default() })
    }
}

/// What came of beginning a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    New(RunId),
    /// There was one for the same reason.
    Existing(RunId),
}

impl Begun {
    pub fn run(&self) -> &RunId {
        match self {
            Self::New(run) | Self::Existing(run) => run,
        }
    }
}

/// What somebody who waits for a run is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It ended with this output, JSON.
    Finished(String),
    /// It goes on, and answers this, JSON.
    Answered(String),
    Failed(Fault),
}

/// A worker on a store. Cloning shares it.
#[derive(Clone)]
pub struct Runner {
    inner: Arc<Inner>,
}

impl Runner {
    /// Begins to work: takes up what was left, and what becomes due. Ends with [`Runner::stop`].
    pub async fn start(platform: Platform, store: Arc<dyn Store>, settings: RunnerSettings) -> Result<Self, StoreError> {
        let clock = platform.inner.clock.clone();
        let inner = Arc::new(Inner {
            worker: format!("worker_{:016x}", platform.inner.chance.next() as u64),
            clock,
            platform,
            project: settings.project,
            role: settings.role,
            events: settings.dispatch.clone().unwrap_or_else(|| Arc::new(Local::new(Duration::ZERO))),
            dispatch: settings.dispatch,
            watchers: Default::default(),
            alone: settings.alone,
            flows: Flows::default(),
            strange: Default::default(),
            known: Default::default(),
            waiters: Default::default(),
            live: Default::default(),
            places: Arc::new(Semaphore::new(settings.places.clamp(1, 100_000))),
            halt: CancellationToken::new(),
            tasks: TaskTracker::new(),
            signed_off: CancellationToken::new(),
            telling: TaskTracker::new(),
            stir: Notify::new(),
            stir_timed: Notify::new(),
            patient: Patient(store.clone()),
            store,
        });
        if settings.alone {
            retire_all(&inner).await?;
        }
        if inner.role.executes() {
            inner.renew().await?;
        }
        // Listened to before it is read, so that no change falls between.
        let changes = inner.store.changes();
        inner.learn_all().await?;
        inner.hide_all().await;
        inner.platform.inner.set_outlet(Arc::new(unkept::Unkeeping(Arc::downgrade(&inner))));
        inner.telling.spawn(inner.clone().pass_on(changes));
        inner.telling.spawn(inner.clone().publish_events(inner.platform.inner.feed.publisher()));
        inner.tasks.spawn(inner.clone().keep_watched());
        if let Some(dispatch) = inner.dispatch.clone() {
            inner.tasks.spawn(inner.clone().hear_of_watchers(dispatch));
        }
        if inner.role.executes() {
            inner.tasks.spawn(inner.clone().keep_lease());
            inner.tasks.spawn(inner.clone().take_up_due());
            inner.tasks.spawn(inner.clone().fire_timed());
            if let Some(dispatch) = inner.dispatch.clone() {
                inner.tasks.spawn(inner.clone().take_offered(dispatch.clone()));
                inner.tasks.spawn(inner.clone().hear_of_messages(dispatch));
            }
        }
        if let Some(retention) = settings.retention {
            inner.tasks.spawn(inner.clone().forget_old(retention));
        }
        Ok(Self { inner })
    }

    pub fn platform(&self) -> &Platform {
        &self.inner.platform
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    pub fn project(&self) -> &Project {
        &self.inner.project
    }

    /// Deploys a document: new runs of its flow take it from now on. Gives the version's number; the same document again is the
    /// same version.
    pub async fn deploy(&self, document: &str) -> Result<(Deployment, u64), DeployError> {
        let deployment = self.inner.platform.deploy(document).await?;
        let version = self.inner.flows.activate(&self.inner, document, deployment.clone()).await?;
        Ok((deployment, version))
    }

    /// The flow of a document that new runs take already, made with the same packages by the same compiler: deploying it would change
    /// nothing. It is loaded when it is wanted.
    pub fn is_deployed(&self, document: &str) -> Option<String> {
        self.inner.flows.is_deployed(&self.inner, document)
    }

    /// The flow of a document that is its newest version, where people have made an older one the one that new runs take. Whoever deploys
    /// what lies in a folder leaves it so: the document says nothing new.
    pub async fn is_rolled_back(&self, document: &str) -> Result<Option<String>, Fault> {
        self.inner.flows.is_rolled_back(&self.inner, document).await
    }

    /// Counts what is not counted as it happens: call it before the numbers are read.
    pub async fn measure(&self) {
        self.inner.platform.measure();
        // Without the store there is no number, rather than no numbers.
        if let Ok(counts) = self.inner.store.counts(&self.inner.project, None).await {
            let queued = counts.get(&State::Queued).copied().unwrap_or_default();
            self.inner.platform.telemetry().metrics().queue_depth("runs", queued);
        }
    }

    /// Begins a run and answers when that is on disk.
    pub async fn begin(&self, flow: &str, new: NewRun) -> Result<Begun, Fault> {
        let active = self.inner.flows.active(&self.inner, flow).await?;
        if active.deployment.flow().durability == Durability::Memory {
            let (input, options) = new.unkept();
            return active.deployment.start(input, options).map(Begun::New);
        }
        let mut create = self.create(&active, new)?;
        let run = create.id.clone();
        create.begin = Some((self.inner.worker.clone(), Default::default()));
        match self.admit(&active, create).await? {
            Admitted::Elsewhere(existing) if existing == run => Ok(Begun::New(run)),
            Admitted::Elsewhere(existing) => Ok(Begun::Existing(existing)),
            Admitted::Here(_) => Ok(Begun::New(run)),
        }
    }

    /// Begins a run and waits for its answer or its end. Dropping the future does not cancel the run, unless its flow is one that
    /// lives in memory only.
    pub async fn run(&self, flow: &str, new: NewRun) -> (Option<RunId>, Result<Reply, Fault>) {
        match self.try_run(flow, new).await {
            Ok((run, reply)) => (Some(run), reply),
            Err(fault) => (None, Err(fault)),
        }
    }

    async fn try_run(&self, flow: &str, new: NewRun) -> Result<(RunId, Result<Reply, Fault>), Fault> {
        let active = self.inner.flows.active(&self.inner, flow).await?;
        if active.deployment.flow().durability == Durability::Memory {
            let until_end = new.until_end;
            let (input, options) = new.unkept();
            if !until_end {
                let (run, reply) = active.deployment.reply(input, options).await;
                return Ok((run, Ok(reply)));
            }
            let outcome = active.deployment.run(&input, options).await;
            return Ok((outcome.id, outcome.result.map(Reply::Finished)));
        }
        let until_end = new.until_end;
        let mut create = self.create(&active, new)?;
        let run = create.id.clone();
        let told = if self.inner.role.executes() && admits_at_once(&create) {
            let place = self.place().await?;
            let (descent, input) = (Descent::from(&create), create.input.clone());
            let create = Ok(Box::new(create));
            let begin = Begin { deployment: active.deployment, create, run: run.clone(), descent, input };
            self.inner.begin(begin, place)
        } else {
            create.begin = Some((self.inner.worker.clone(), Default::default()));
            match self.admit(&active, create).await? {
                Admitted::Here(told) => told,
                // Debounced, queued, or there before: its reply comes from wherever it is.
                Admitted::Elsewhere(run) => {
                    let reply = self.wait(&run, until_end).await;
                    return Ok((run, reply));
                }
            }
        };
        let reply = match told.await {
            Ok(Told::Ended(Ok(output))) => Ok(Reply::Finished(output)),
            Ok(Told::Ended(Err(fault))) => Ok(Reply::Failed(fault)),
            Ok(Told::Answered(output)) if !until_end => Ok(Reply::Answered(output)),
            Ok(Told::Answered(_) | Told::Elsewhere) | Err(_) => self.wait(&run, until_end).await,
        };
        Ok((run, reply))
    }

    fn create(&self, active: &FlowState, new: NewRun) -> Result<loomwork_journal::Create, Fault> {
        let input = canonical(active.deployment.input(), &new.input)?;
        let NewRun { trigger, idempotency, start_at, starter, origin, caller, .. } = new;
        let trace = caller.map(|caller| caller.header());
        let idempotency = match idempotency {
            Some(key) => Some(key),
            None => active.deployment.idempotency(trigger.as_deref(), &input)?,
        };
        if idempotency.as_ref().is_some_and(|key| key.starts_with(INSTANCE)) {
            return Err(Fault::new("run.bad_key", format!("an idempotency key does not begin with `{INSTANCE}`")));
        }
        let create = self.inner.triggered(active.deployment.new_id(), active, input)?;
        let start_at = create.start_at.max(start_at);
        // Of a state machine its instances are told apart, whatever the request says.
        let idempotency = create.idempotency.clone().or(idempotency);
        Ok(loomwork_journal::Create { trigger, idempotency, start_at, starter, origin, trace, ..create })
    }

    /// Puts a run into the store, and begins it if it may begin now.
    async fn admit(&self, active: &FlowState, mut create: loomwork_journal::Create) -> Result<Admitted, Fault> {
        let place = self.inner.places.clone().try_acquire_owned().ok().filter(|_| self.inner.role.executes());
        if place.is_none() || create.start_at > self.inner.clock.now_ms() {
            create.begin = None;
        }
        let (run, descent, input) = (create.id.clone(), Descent::from(&create), create.input.clone());
        let batch = Batch::new(self.inner.clock.now_ms(), [Write::Create(Box::new(create))]);
        let outcomes = match self.inner.store.commit(batch).await {
            Ok(outcomes) => outcomes,
            Err(error) => {
                // It may have been carried out, and given the run to this worker.
                self.inner.tasks.spawn(self.inner.clone().hand_back(run));
                return Err(fault(&error));
            }
        };
        match outcomes.into_iter().next() {
            Some(Outcome::Created { fence, state: State::Running }) => {
                let place = match place {
                    Some(place) => place,
                    None => self.place().await?,
                };
                let begin = Begin { deployment: active.deployment.clone(), create: Err(fence), run, descent, input };
                Ok(Admitted::Here(self.inner.begin(begin, place)))
            }
            Some(Outcome::Existing(existing) | Outcome::Debounced(existing)) => Ok(Admitted::Elsewhere(existing)),
            _ => Ok(Admitted::Elsewhere(run)),
        }
    }

    async fn place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Fault> {
        const PATIENCE: Duration = Duration::from_secs(30);
        let busy = || Fault::new("limit.busy", "too many runs are under way; try again later");
        match tokio::time::timeout(PATIENCE, self.inner.places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }

    /// Waits for a run's answer or end, wherever it is.
    pub async fn reply(&self, run: &RunId) -> Result<Reply, Fault> {
        self.wait(run, false).await
    }

    async fn wait(&self, run: &RunId, until_end: bool) -> Result<Reply, Fault> {
        let mut elsewhere = self.inner.listen_to(run).await;
        loop {
            let waiting = self.inner.waiters.register(run);
            let found = self.get(run).await?;
            if let Some(reply) = reply_of(found, until_end) {
                return Ok(reply);
            }
            elsewhere.or_here(waiting).await;
        }
    }

    /// A run as it is now.
    pub async fn get(&self, run: &RunId) -> Result<Run, Fault> {
        let found = self.inner.store.run(run).await.map_err(|error| fault(&error))?;
        let found = found.filter(|found| found.row.project == self.inner.project);
        found.ok_or_else(|| fault(&StoreError::NoRun { run: run.clone() }))
    }

    /// Asks a run to stop: its calls are broken off, its `finally` runs, then it ends with `run.cancelled`.
    pub async fn cancel(&self, run: &RunId) -> Result<(), Fault> {
        let found = self.get(run).await?;
        let writes = self.inner.cancelling(&found).await?;
        let written = self.inner.store.commit(Batch::new(self.inner.clock.now_ms(), writes)).await;
        written.map(drop).map_err(|error| fault(&error))
    }

    /// Sends a signal. Gives how many steps heard it; with none it is kept for the first that will listen.
    /// `key` and `payload` are JSON; one that is called like a state machine is an event of it.
    pub async fn signal(&self, name: &str, key: Option<&str>, run: Option<RunId>, payload: &str) -> Result<u32, Fault> {
        const KEPT: Duration = Duration::from_secs(7 * 86_400);
        let json = |text: &str| canonical(&loomwork_types::Type::Json, text);
        let key = key.map(json).transpose()?;
        let payload = self.inner.payload(name, run.as_ref(), json(payload)?).await?;
        let until = self.inner.clock.now_ms() + KEPT.as_millis() as u64;
        let signal = Signal { project: self.inner.project.clone(), name: name.to_owned(), key, run, payload, until };
        match self.commit(Write::Signal(signal)).await? {
            Outcome::Delivered(steps) => Ok(steps),
            _ => Ok(0),
        }
    }

    /// Makes an older version the one that new runs take.
    pub async fn rollback(&self, flow: &str, version: u64) -> Result<(), Fault> {
        self.inner.flows.rollback(&self.inner, flow, version).await
    }

    /// Nothing starts the flow any more; its runs go on, and its versions stay.
    pub async fn undeploy(&self, flow: &str) -> Result<(), Fault> {
        self.inner.flows.deactivate(&self.inner, flow).await
    }

    /// Another number whenever other versions of flows are active than before.
    pub fn generation(&self) -> u64 {
        self.inner.known.generation()
    }

    /// Every deployed flow, as new runs take it.
    pub async fn flows(&self) -> Result<Vec<FlowState>, Fault> {
        self.inner.flows.all(&self.inner).await
    }

    pub async fn flow(&self, flow: &str) -> Result<FlowState, Fault> {
        self.inner.flows.active(&self.inner, flow).await
    }

    /// Every version of a flow, oldest first.
    pub async fn versions(&self, flow: &str) -> Result<Vec<Version>, Fault> {
        self.inner.flows.versions(&self.inner, flow).await
    }

    /// Stops working: nothing new begins, what is under way may end until `patience` is over, and what is left is handed to
    /// whoever comes.
    pub async fn stop(&self, patience: Duration) {
        self.inner.halt.cancel();
        self.inner.tasks.close();
        if tokio::time::timeout(patience, self.inner.tasks.wait()).await.is_err() {
            tracing::warn!("some runs did not come to rest in time; they are taken up again from where they were written");
        }
        if self.inner.role.executes() {
            self.sign_off().await;
        }
        // What was put aside is told to others before this ends.
        const TELLING: Duration = Duration::from_secs(2);
        self.inner.signed_off.cancel();
        self.inner.telling.close();
        tokio::time::timeout(TELLING, self.inner.telling.wait()).await.ok();
    }

    async fn sign_off(&self) {
        let retire = Write::Retire { worker: self.inner.worker.clone() };
        if let Err(error) = self.inner.store.commit(Batch::new(self.inner.clock.now_ms(), [retire])).await {
            tracing::warn!(%error, "the worker could not sign off; its lease runs out by itself");
        }
    }
}

enum Admitted {
    Here(tokio::sync::oneshot::Receiver<Told>),
    Elsewhere(RunId),
}

/// Nothing in the store can stand against its beginning.
fn admits_at_once(create: &loomwork_journal::Create) -> bool {
    create.idempotency.is_none() && create.concurrency.is_none() && create.debounce.is_none() && create.start_at == 0
}

fn reply_of(run: Run, until_end: bool) -> Option<Reply> {
    match (run.answer.filter(|_| !until_end), run.end) {
        (Some(answer), _) => Some(Reply::Answered(answer)),
        (None, Some(End::Finished(output))) => Some(Reply::Finished(output)),
        (None, Some(End::Failed(fault) | End::Cancelled(fault))) => Some(Reply::Failed(fault)),
        (None, None) => None,
    }
}

async fn retire_all(inner: &Inner) -> Result<(), StoreError> {
    let workers = inner.store.workers().await?;
    let retire: Vec<Write> = workers.into_iter().map(|worker| Write::Retire { worker: worker.name }).collect();
    if retire.is_empty() {
        return Ok(());
    }
    inner.store.commit(Batch::new(inner.clock.now_ms(), retire)).await.map(drop)
}
