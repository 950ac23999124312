//! From a document's text to something that can run: each arrow of the walk, once.

use crate::driver::{Driver, Left, Surroundings};
use crate::ledger::Forgetful;
use crate::observed::{Meters, Observed, trigger_kind};
use crate::outlet::Unkept;
use crate::platform::{Inner, Platform};
use crate::progress::Progress;
use crate::recent::Seen;
use crate::runner::Reply;
use crate::session::Session;
use crate::trace::{Step, cut};
use futures::FutureExt;
use loomwork_catalog::{Catalog, Effect, Lock};
use loomwork_check::CheckedFlow;
use loomwork_check::plan::What;
use loomwork_compile::Artifact;
use loomwork_diagnostic::Diagnostic;
use loomwork_engine::{Callable, Happened, MachineTemplate, Start};
use loomwork_flow::Flow;
use loomwork_journal::RunId;
use loomwork_telemetry::{StepMeter, TraceContext};
use loomwork_types::{Fault, Type, canonical};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// Why a document could not be deployed.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// The document has mistakes; warnings stand among them.
    #[error("the flow has {} mistakes", .0.iter().filter(|diagnostic| diagnostic.is_error()).count())]
    Mistakes(Vec<Diagnostic>),
    /// The flow is right and asks for something this host cannot do.
    #[error("the flow cannot be compiled")]
    Compile(#[from] loomwork_compile::CompileError),
    /// A node's component needs what was not granted, or the engine refused the machine.
    #[error("the flow cannot run here")]
    Refused(#[source] Fault),
}

impl DeployError {
    /// The same as a fault, for those who are not at the document.
    pub fn into_fault(self) -> Fault {
        match self {
            DeployError::Mistakes(diagnostics) => {
                let first = diagnostics.iter().find(|diagnostic| diagnostic.is_error());
                let first = first.map(|diagnostic| diagnostic.message.clone()).unwrap_or_default();
                Fault::new("flow.mistakes", format!("the flow cannot work: {first}"))
            }
            DeployError::Compile(error) => Fault::new("flow.compile", error.to_string()),
            DeployError::Refused(fault) => fault,
        }
    }
}

/// A flow that is ready to run. Cloning shares it.
#[derive(Clone)]
pub struct Deployment {
    pub(crate) inner: Arc<Ready>,
}

pub(crate) struct Ready {
    pub platform: Arc<Inner>,
    pub flow: Flow,
    pub checked: CheckedFlow,
    pub warnings: Vec<Diagnostic>,
    pub digest: Arc<str>,
    pub machine: MachineTemplate,
    /// By node index; none for nodes that call nothing.
    pub bindings: Vec<Option<Bound>>,
    /// What counts its runs, by the kind of trigger.
    pub meters: Meters,
}

/// What a node calls.
pub(crate) struct Bound {
    pub node: Arc<str>,
    /// What it calls, as the document says: `http/client#send`, `call`.
    pub uses: Arc<str>,
    pub meter: StepMeter,
    /// The parameters that are marked secret, by JSON name.
    pub secret: Arc<[Arc<str>]>,
    pub target: Target,
}

pub(crate) enum Target {
    Function(Box<Function>),
    Flow { flow: Arc<str>, wait: bool },
}

pub(crate) struct Function {
    pub callable: Callable,
    /// Its path in the package.
    pub path: Arc<str>,
    pub grants: loomwork_engine::Grants,
    pub effect: Effect,
    pub once: bool,
    /// How long a result may be used again.
    pub cache_ms: Option<u64>,
}

/// How one run is to go.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Keep each step's input, output and time.
    pub trace: bool,
    /// Cancels the run: calls end, `finally` runs, the run aborts with `run.cancelled`.
    pub cancel: CancellationToken,
    /// The id of the trigger that fired.
    pub trigger: Option<String>,
    /// Who begins the run.
    pub starter: Option<Arc<str>>,
    /// The place of whoever asks in a trace.
    pub caller: Option<TraceContext>,
    /// Seeds `run.seed` and the jitter of retries; random if absent.
    pub seed: Option<u64>,
}

/// How one run went.
#[derive(Debug)]
pub struct Outcome {
    pub id: RunId,
    /// The output's JSON text.
    pub result: Result<String, Fault>,
    /// Empty unless it was asked for.
    pub steps: Vec<Step>,
    pub took: Duration,
}

/// A document with everything that is made of it before an engine is needed.
#[derive(Debug)]
pub struct Built {
    pub flow: Flow,
    pub checked: CheckedFlow,
    pub artifact: Artifact,
    /// What is suspicious about the document, although it can work.
    pub warnings: Vec<Diagnostic>,
}

/// What becomes of the pins of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pins {
    /// They mean nothing: what is deployed does what its nodes say.
    Ignored,
    /// A node with a pin gives this and does nothing else.
    Held,
}

/// Parses, checks and compiles a document.
pub fn build(text: &str, catalog: &Catalog, pins: Pins) -> Result<Built, DeployError> {
    let (checked, diagnostics) = loomwork_check::check_text(text, catalog);
    let Some((flow, checked)) = checked else { return Err(DeployError::Mistakes(diagnostics)) };
    let checked = if pins == Pins::Held { checked.with_pins() } else { checked };
    let artifact = loomwork_compile::compile(&flow, &checked, &lock(catalog, &checked))?;
    Ok(Built { flow, checked, artifact, warnings: diagnostics })
}

pub(crate) async fn deploy(platform: &Platform, text: &str, pins: Pins) -> Result<Deployment, DeployError> {
    let inner = platform.inner.clone();
    let Built { flow, checked, artifact, warnings } = build(text, &inner.catalog, pins)?;
    let bindings = bindings(&inner, &flow, &checked).await.map_err(DeployError::Refused)?;
    let machine = inner.engine.machine(&artifact.bytes).await.map_err(DeployError::Refused)?;
    let digest = artifact.digest.as_str().into();
    let ready =
        Arc::new(Ready { platform: inner, flow, checked, warnings, digest, machine, bindings, meters: Meters::default() });
    ready.platform.announce(&ready);
    Ok(Deployment { inner: ready })
}

/// Pins every package that the flow calls, and the types of other flows.
fn lock(catalog: &Catalog, checked: &CheckedFlow) -> Lock {
    let mut lock = Lock::new();
    for node in &checked.plan().nodes {
        match &node.what {
            What::Call(call) => {
                if let Ok(package) = catalog.package(&call.package) {
                    lock.insert(&package.id, &package.digest);
                }
            }
            What::Flow { flow, .. } => {
                if let Some(signature) = catalog.flow(flow) {
                    lock.insert_flow(flow, signature);
                }
            }
            _ => {}
        }
    }
    lock
}

async fn bindings(platform: &Inner, flow: &Flow, checked: &CheckedFlow) -> Result<Vec<Option<Bound>>, Fault> {
    let mut bindings = Vec::with_capacity(checked.plan().nodes.len());
    let meter = |uses: &str| platform.telemetry.metrics().step_meter(uses);
    for (node, written) in checked.plan().nodes.iter().zip(&flow.nodes) {
        let target = match &node.what {
            What::Call(call) if !node.disabled => Some(function(platform, call).await?),
            What::Flow { flow, wait, .. } if !node.disabled => Some(Target::Flow { flow: flow.clone(), wait: *wait }),
            _ => None,
        };
        bindings.push(target.map(|target| Bound {
            node: node.id.clone(),
            uses: written.uses.as_str().into(),
            meter: meter(&written.uses),
            secret: if let What::Call(call) = &node.what { call.secret.as_slice().into() } else { Arc::default() },
            target,
        }));
    }
    Ok(bindings)
}

/// A component that is not granted what it asks for is refused now, by name, and not at its first call.
async fn function(platform: &Inner, call: &loomwork_check::plan::Call) -> Result<Target, Fault> {
    let callable = platform.callable(&call.package).await?.clone();
    let grants = platform.grants_of(callable.package());
    callable.check(&grants)?;
    let loomwork_check::plan::Call { function: path, effect, once, cache_ms, .. } = call;
    let (path, effect, once, cache_ms) = (path.clone(), *effect, *once, *cache_ms);
    Ok(Target::Function(Box::new(Function { callable, path, grants, effect, once, cache_ms })))
}

impl Deployment {
    pub fn flow(&self) -> &Flow {
        &self.inner.flow
    }

    /// The type that a run's input must have.
    pub fn input(&self) -> &Type {
        &self.inner.checked.plan().input
    }

    pub fn output(&self) -> &Type {
        &self.inner.checked.plan().output
    }

    /// Of what a `respond` node answers.
    pub fn answer(&self) -> &Type {
        &self.inner.checked.plan().answer
    }

    /// What is suspicious about the document, although it can run.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.inner.warnings
    }

    /// The digest of the compiled component: `sha256:…`.
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// The packages it calls, by their digests.
    pub(crate) fn packages(&self) -> BTreeMap<String, String> {
        let catalog = &self.inner.platform.catalog;
        let called = self.inner.checked.plan().nodes.iter().filter_map(|node| match &node.what {
            What::Call(call) => catalog.package(&call.package).ok(),
            _ => None,
        });
        called.map(|package| (package.id.to_string(), package.digest.to_string())).collect()
    }

    /// By what a trigger tells its starts apart, if it says so.
    pub(crate) fn idempotency(&self, trigger: Option<&str>, input: &str) -> Result<Option<String>, Fault> {
        let place = self.flow().triggers.iter().position(|it| Some(&*it.id) == trigger);
        let plan = self.inner.checked.plan();
        let template = place.and_then(|place| plan.idempotency.get(place)?.as_ref());
        template.map(|template| plan.key(template, input, &self.inner.platform.vars)).transpose()
    }

    /// The flow that a `call` node calls.
    pub(crate) fn called(&self, node: u32) -> Option<&str> {
        match &self.inner.bindings.get(node as usize)?.as_ref()?.target {
            Target::Flow { flow, .. } => Some(flow),
            Target::Function(_) => None,
        }
    }

    /// Runs the flow to its end and keeps nothing of it. Dropping the future cancels the run and everything it has under way.
    pub async fn run(&self, input: &str, options: RunOptions) -> Outcome {
        let started = Instant::now();
        let id = self.new_id();
        let session = self.session(&id, &options, options.trace || self.remembers());
        let session = Arc::new(session);
        let result = self.drive(&session, input, &options).await;
        let steps = if options.trace { session.steps() } else { Vec::new() };
        Outcome { id, result, steps, took: started.elapsed() }
    }

    /// Starts a run of which nothing is kept and does not wait for it; its end is logged.
    pub fn start(&self, input: String, options: RunOptions) -> Result<RunId, Fault> {
        let input = canonical(self.input(), &input)?;
        let (deployment, id) = (self.clone(), self.new_id());
        let run = id.clone();
        tokio::spawn(async move {
            let session = Arc::new(deployment.session(&run, &options, deployment.remembers()));
            match deployment.drive(&session, &input, &options).await {
                Ok(_) => tracing::info!(%run, flow = %deployment.flow().id, "finished"),
                Err(fault) => {
                    tracing::warn!(%run, flow = %deployment.flow().id, code = %fault.code, message = %fault.message, "failed")
                }
            }
        });
        Ok(id)
    }

    /// Like [`Deployment::run`], but if the flow answers before its end that is what is given, and the run goes on by itself.
    pub async fn reply(&self, input: String, options: RunOptions) -> (RunId, Reply) {
        let id = self.new_id();
        let (sender, answered) = oneshot::channel();
        let session = self.session(&id, &options, self.remembers());
        let session = Arc::new(Session { respond: Mutex::new(Some(sender)), ..session });
        let deployment = self.clone();
        let mut run = AbortOnDropHandle::new(tokio::spawn(async move { deployment.drive(&session, &input, &options).await }));
        let reply = tokio::select! {
            biased;
            Ok(answer) = answered => {
                drop(run.detach());
                Reply::Answered(answer)
            }
            end = &mut run => match end {
                Ok(Ok(output)) => Reply::Finished(output),
                Ok(Err(fault)) => Reply::Failed(fault),
                Err(_) => Reply::Failed(Fault::new("run.bug", "the run's task ended without an answer")),
            },
        };
        (id, reply)
    }

    /// As part of another run, which waits for it.
    pub(crate) async fn run_within(&self, input: &str, depth: u32, options: RunOptions) -> Result<String, Fault> {
        let id = self.new_id();
        let session = Arc::new(Session { depth, ..self.session(&id, &options, self.remembers()) });
        self.drive(&session, input, &options).boxed().await
    }

    fn session(&self, run: &RunId, options: &RunOptions, trace: bool) -> Session {
        let seed = options.seed.unwrap_or_else(|| self.inner.platform.chance.next() as u64);
        let session = Session::new(self.inner.clone(), run.as_str(), seed, trace);
        Session { caller: options.caller, starter: options.starter.clone(), ..session }
    }

    fn remembers(&self) -> bool {
        self.inner.platform.recent.is_on()
    }

    pub(crate) fn new_id(&self) -> RunId {
        RunId::new(self.inner.platform.clock.now_ms(), self.inner.platform.chance.next())
    }

    async fn drive(&self, session: &Arc<Session>, input: &str, options: &RunOptions) -> Result<String, Fault> {
        let trigger = trigger_kind(self.flow(), options.trigger.as_deref());
        let observed = Observed::new(&self.inner, &session.run, trigger, options.caller);
        let began = self.inner.platform.clock.now_ms();
        observed.begun();
        let watched = self.inner.unkept_began(&session.run, options.trigger.as_deref());
        let end = self.drive_unobserved(session, input, options).await;
        observed.ended(&end, began);
        if let Some(watched) = watched {
            watched.ended(&end);
        }
        if let Some(outlet) = self.inner.platform.outlet() {
            let (run, flow, trigger) = (&*session.run, &*self.flow().id, options.trigger.as_deref());
            let starter = session.starter.as_deref();
            outlet.ended(Unkept { run, flow, trigger, starter, input, end: &end });
        }
        self.remember(session, input, options, began, &end);
        end
    }

    /// Leaves the run to be looked at, where that is wanted.
    fn remember(&self, session: &Session, input: &str, options: &RunOptions, began: u64, end: &Result<String, Fault>) {
        let platform = &self.inner.platform;
        if !platform.recent.is_on() {
            return;
        }
        platform.recent.push(Seen {
            id: session.run.clone(),
            flow: self.flow().id.clone(),
            digest: self.inner.digest.clone(),
            trigger: options.trigger.clone(),
            began,
            ended: platform.clock.now_ms(),
            input: cut(input),
            end: end.as_ref().map(|output| cut(output)).map_err(Clone::clone),
            trace: session.trace.clone().unwrap_or_default(),
        });
    }

    async fn drive_unobserved(&self, session: &Arc<Session>, input: &str, options: &RunOptions) -> Result<String, Fault> {
        let ready = &self.inner;
        let input = canonical(self.input(), input)?;
        let machine = ready.machine.instantiate_soon().await?;
        let start = Start { input, run: session.run.to_string(), seed: session.seed, vars: ready.platform.vars.clone() };
        let never = CancellationToken::new();
        let around = Surroundings { calls: session, clock: &*ready.platform.clock, cancel: &options.cancel, halt: &never };
        match Driver::new(Progress::new(machine), Forgetful, around).begin(Happened::Start(start)).await {
            Ok(Left::Ended(end)) => end,
            Ok(Left::Parked) | Err(_) => Err(Fault::new("run.bug", "a run that is not kept was put aside")),
        }
    }
}

impl std::fmt::Debug for Deployment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deployment")
            .field("flow", &self.inner.flow.id)
            .field("digest", &self.inner.digest)
            .finish_non_exhaustive()
    }
}
