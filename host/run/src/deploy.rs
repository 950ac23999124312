//! From a document's text to something that can run: each arrow of the walk, once.

use crate::driver::{self, CallRequest, Calls};
use crate::id::RunId;
use crate::platform::{Inner, Platform};
use crate::results::Key;
use crate::trace::{FaultView, Step, Trace, cut};
use futures::FutureExt;
use futures::future::BoxFuture;
use loomwork_catalog::{Catalog, Lock};
use loomwork_check::CheckedFlow;
use loomwork_check::plan::What;
use loomwork_compile::Artifact;
use loomwork_diagnostic::Diagnostic;
use loomwork_engine::{Call, Callable, Context, Happened, MachineTemplate, Start};
use loomwork_flow::Flow;
use loomwork_types::{Fault, Type, canonical};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

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

/// A flow that is ready to run. Cloning shares it.
#[derive(Clone)]
pub struct Deployment {
    inner: Arc<Ready>,
}

struct Ready {
    platform: Arc<Inner>,
    flow: Flow,
    checked: CheckedFlow,
    warnings: Vec<Diagnostic>,
    digest: Arc<str>,
    machine: MachineTemplate,
    /// By node index; none for control nodes.
    bindings: Vec<Option<Binding>>,
}

/// What a function node calls.
struct Binding {
    callable: Callable,
    function: Arc<str>,
    node: Arc<str>,
    grants: loomwork_engine::Grants,
    /// How long a result may be used again.
    cache_ms: Option<u64>,
}

/// How one run is to go.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Keep each step's input, output and time.
    pub trace: bool,
    /// Cancels the run: calls end, `finally` runs, the run aborts with `run.cancelled`.
    pub cancel: CancellationToken,
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
    let bindings = bindings(&inner, &checked).await.map_err(DeployError::Refused)?;
    let machine = inner.engine.machine(&artifact.bytes).await.map_err(DeployError::Refused)?;
    let digest = artifact.digest.as_str().into();
    let ready = Ready { platform: inner, flow, checked, warnings, digest, machine, bindings };
    Ok(Deployment { inner: Arc::new(ready) })
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

async fn bindings(platform: &Inner, checked: &CheckedFlow) -> Result<Vec<Option<Binding>>, Fault> {
    let mut bindings = Vec::with_capacity(checked.plan().nodes.len());
    for node in &checked.plan().nodes {
        bindings.push(match &node.what {
            What::Call(call) if !node.disabled => Some(binding(platform, &node.id, call).await?),
            _ => None,
        });
    }
    Ok(bindings)
}

/// A component that is not granted what it asks for is refused now, by name, and not at its first call.
async fn binding(platform: &Inner, node: &Arc<str>, call: &loomwork_check::plan::Call) -> Result<Binding, Fault> {
    let callable = platform.callable(&call.package).await?.clone();
    let grants = platform.grants_of(callable.package());
    callable.check(&grants)?;
    let (function, cache_ms) = (call.function.clone(), call.cache_ms);
    Ok(Binding { callable, function, node: node.clone(), grants, cache_ms })
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

    /// What is suspicious about the document, although it can run.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.inner.warnings
    }

    /// The digest of the compiled component: `sha256:…`.
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// Runs the flow to its end. Dropping the future cancels the run and everything it has under way.
    pub async fn run(&self, input: &str, options: RunOptions) -> Outcome {
        let started = Instant::now();
        let id = self.new_id();
        let session =
            Arc::new(Session { ready: self.inner.clone(), run: id.as_str().into(), trace: options.trace.then(Trace::default) });
        let result = self.drive(&session, input, &options).await;
        let steps = session.trace.as_ref().map(Trace::steps).unwrap_or_default();
        Outcome { id, result, steps, took: started.elapsed() }
    }

    /// Starts a run and does not wait for it; its end is logged.
    pub fn start(&self, input: String, options: RunOptions) -> Result<RunId, Fault> {
        let input = canonical(self.input(), &input)?;
        let (deployment, id) = (self.clone(), self.new_id());
        let run = id.clone();
        tokio::spawn(async move {
            let session = Arc::new(Session { ready: deployment.inner.clone(), run: run.as_str().into(), trace: None });
            match deployment.drive(&session, &input, &options).await {
                Ok(_) => tracing::info!(%run, flow = %deployment.flow().id, "finished"),
                Err(fault) => {
                    tracing::warn!(%run, flow = %deployment.flow().id, code = %fault.code, message = %fault.message, "failed")
                }
            }
        });
        Ok(id)
    }

    fn new_id(&self) -> RunId {
        RunId::new(self.inner.platform.clock.now_ms(), rand::random())
    }

    async fn drive(&self, session: &Arc<Session>, input: &str, options: &RunOptions) -> Result<String, Fault> {
        let ready = &self.inner;
        let input = canonical(self.input(), input)?;
        let machine = ready.machine.instantiate_soon().await?;
        let seed = options.seed.unwrap_or_else(rand::random);
        let start = Start { input, run: session.run.to_string(), seed, vars: ready.platform.vars.clone() };
        driver::drive(machine, Happened::Start(start), session, &*ready.platform.clock, &options.cancel).await
    }
}

/// One run, as its calls see it.
struct Session {
    ready: Arc<Ready>,
    run: Arc<str>,
    trace: Option<Trace>,
}

impl Calls for Arc<Session> {
    fn call(&self, request: CallRequest) -> BoxFuture<'static, Result<String, Fault>> {
        let session = self.clone();
        async move { session.make(request).await }.boxed()
    }

    fn emit(&self, event: String, payload: String) {
        let flow = &self.ready.flow.id;
        tracing::info!(run = %self.run, %flow, event, payload = cut(&payload), "emitted");
    }

    fn respond(&self, _output: String) {}
}

impl Session {
    async fn make(&self, request: CallRequest) -> Result<String, Fault> {
        let Some(Some(binding)) = self.ready.bindings.get(request.node as usize) else {
            return Err(Fault::new("run.bug", format!("node {} is not a function", request.node)));
        };
        let platform = &self.ready.platform;
        let at = platform.clock.now_ms();
        let context = Context {
            run: self.run.clone(),
            step: request.step,
            node: binding.node.clone(),
            idempotency_key: Some(format!("{}/{}", self.run, request.step).into()),
            seed: u64::from(request.step),
            ..platform.context()
        };
        let mut limits = platform.limits;
        if let Some(deadline) = request.deadline {
            limits.time = limits.time.min(Duration::from_millis(deadline.saturating_sub(at)));
        }
        let call = Call { context: Arc::new(context), grants: binding.grants.clone(), limits };
        let started = Instant::now();
        let answer = self.answer(binding, &request.input, call, at).await;
        self.note(&binding.node, request, at, started.elapsed(), &answer);
        answer
    }

    /// What the function answers, or answered not long ago.
    async fn answer(&self, binding: &Binding, input: &str, call: Call, at: u64) -> Result<String, Fault> {
        let Some(ttl) = binding.cache_ms else { return binding.callable.call(&binding.function, input, call).await };
        let results = &self.ready.platform.results;
        let key = Key::new(&binding.callable.package().digest, &binding.function, input);
        if let Some(kept) = results.get(&key, ttl, at) {
            return Ok(kept);
        }
        let output = binding.callable.call(&binding.function, input, call).await?;
        results.put(key, &output, at);
        Ok(output)
    }

    fn note(&self, node: &Arc<str>, request: CallRequest, at: u64, took: Duration, answer: &Result<String, Fault>) {
        let Some(trace) = &self.trace else { return };
        let redactor = self.ready.platform.capabilities.redactor(&self.ready.platform.project);
        let clean = |text: &str| cut(&redactor.text(text));
        trace.push(Step {
            step: request.step,
            node: node.clone(),
            attempt: request.attempt,
            started_at: at,
            took_us: took.as_micros() as u64,
            input: clean(&request.input),
            output: answer.as_ref().ok().map(|output| clean(output)),
            fault: answer.as_ref().err().map(FaultView::from),
        });
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
