//! What the calls of one run lead to: components, other flows, and whoever waits for an answer.

use crate::calling::{CallKind, Calls, Came};
use crate::decision::decision;
use crate::deploy::{Bound, Function, Ready, RunOptions, Target};
use crate::ledger::Emit;
use crate::observed::{Attempt, Seen};
use crate::progress::{CallRequest, Heard, Listen};
use crate::recent::taken;
use crate::results::Key;
use crate::trace::{Step, Trace, cut};
use futures::FutureExt;
use futures::future::BoxFuture;
use loomwork_catalog::Effect;
use loomwork_engine::{Call, Context, scatter};
use loomwork_telemetry::TraceContext;
use loomwork_types::Fault;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// One run, as its calls see it.
pub(crate) struct Session {
    pub ready: Arc<Ready>,
    pub run: Arc<str>,
    /// The run's.
    pub seed: u64,
    /// Of the run's seed and its id, for what it calls.
    pub dice: u64,
    pub trace: Option<Arc<Trace>>,
    /// The place of whoever asked for the run in a trace.
    pub caller: Option<TraceContext>,
    /// Who began it.
    pub starter: Option<Arc<str>>,
    /// How many flows called one another to get here.
    pub depth: u32,
    /// Who waits for an answer before the run's end.
    pub respond: Mutex<Option<oneshot::Sender<String>>>,
}

/// Flows that call one another deeper than this are taken for a circle without an end.
pub(crate) const MAX_DEPTH: u32 = 32;

impl Calls for Arc<Session> {
    fn kind(&self, node: u32) -> CallKind {
        match self.ready.bindings.get(node as usize).and_then(Option::as_ref).map(|bound| &bound.target) {
            Some(Target::Function(function)) if function.effect == Effect::Write => CallKind::Write { once: function.once },
            Some(Target::Flow { wait, .. }) => CallKind::Flow { wait: *wait },
            _ => CallKind::Free,
        }
    }

    fn call(&self, request: CallRequest) -> BoxFuture<'static, Result<String, Fault>> {
        let session = self.clone();
        async move { session.make(request).await }.boxed()
    }

    fn hear(&self, listen: &Listen, payload: String) -> String {
        match &listen.what {
            Heard::Signal { .. } => payload,
            // Answers that make no decision cannot come: the store waits for the last one that is needed.
            Heard::Decision { about, .. } => decision(about, &payload).unwrap_or(payload),
        }
    }

    fn came(&self, came: &Came<'_>) {
        let (clock, flow) = (&self.ready.platform.clock, &self.ready.flow);
        let Some(node) = flow.nodes.get(came.node as usize) else { return };
        let took = Duration::from_millis(clock.now_ms().saturating_sub(came.asked));
        let call = Seen { node: &node.id, function: &node.uses, step: came.step, attempt: came.attempt, at: came.asked, took };
        call.told(&self.ready, &self.run, self.caller, came.fault);
    }

    fn respond(&self, output: String) {
        let waiting = self.respond.lock().ok().and_then(|mut waiting| waiting.take());
        if let Some(waiting) = waiting {
            waiting.send(output).ok();
        }
    }

    fn emit(&self, emit: Emit) {
        let flow = &self.ready.flow.id;
        match self.ready.platform.outlet() {
            Some(outlet) => outlet.emitted(&self.run, self.starter.as_deref(), emit),
            None => tracing::info!(run = %self.run, %flow, event = emit.event, payload = cut(&emit.payload), "emitted"),
        }
    }
}

impl Session {
    pub fn new(ready: Arc<Ready>, run: &str, seed: u64, trace: bool) -> Self {
        let dice = run.bytes().fold(seed, |dice, byte| scatter(dice ^ u64::from(byte)));
        Self {
            ready,
            run: run.into(),
            seed,
            dice,
            trace: trace.then(Arc::default),
            caller: None,
            starter: None,
            depth: 0,
            respond: Mutex::new(None),
        }
    }

    /// What was traced; empty unless it was asked for.
    pub fn steps(&self) -> Vec<Step> {
        let platform = &self.ready.platform;
        let redactor = platform.capabilities.redactor(&platform.project);
        self.trace.as_ref().map(|trace| trace.steps(&trace.hiding(&redactor))).unwrap_or_default()
    }

    async fn make(&self, request: CallRequest) -> Result<String, Fault> {
        let Some(Some(bound)) = self.ready.bindings.get(request.node as usize) else {
            return Err(Fault::new("run.bug", format!("node {} is not a function", request.node)));
        };
        let at = self.ready.platform.clock.now_ms();
        let started = Instant::now();
        let underway = self.ready.step_began(&self.run, &bound.node, request.step, request.attempt);
        let answer = match &bound.target {
            Target::Function(function) => {
                let context = Arc::new(self.context(bound, function.effect, &request));
                let call = Call { context, grants: function.grants.clone(), limits: self.limits(&request, at) };
                self.function(function, &request.input, call, at).await
            }
            Target::Flow { flow, wait } => self.flow(flow, *wait, &request).await,
        };
        let took = started.elapsed();
        if let Some(underway) = underway {
            underway.ended(&answer);
        }
        let (ready, run, node, function, meter) = (&*self.ready, &*self.run, &*bound.node, &*bound.uses, &bound.meter);
        Attempt { ready, run, node, function, meter, request: &request, caller: self.caller, at, took }.ended(&answer);
        self.note(bound, &request, at, took, &answer);
        answer
    }

    /// What the function answers, or answered not long ago.
    async fn function(&self, function: &Function, input: &str, call: Call, at: u64) -> Result<String, Fault> {
        let Some(ttl) = function.cache_ms else { return function.callable.call(&function.path, input, call).await };
        let results = &self.ready.platform.results;
        let key = Key::new(&function.callable.package().digest, &function.path, input);
        if let Some(kept) = results.get(&key, ttl, at) {
            return Ok(kept);
        }
        let output = function.callable.call(&function.path, input, call).await?;
        results.put(key, &output, at);
        Ok(output)
    }

    fn context(&self, bound: &Bound, effect: Effect, request: &CallRequest) -> Context {
        // A pure function reaches nobody who could want to know a call again.
        let key = (effect != Effect::Pure).then(|| format!("{}/{}", self.run, request.first).into());
        Context {
            effect: Some(effect),
            run: self.run.clone(),
            step: request.step,
            node: bound.node.clone(),
            idempotency_key: key,
            seed: if effect == Effect::Pure { self.seed_of(request.step) } else { 0 },
            trace: self.ready.platform.trace_header(&self.run, request, self.caller).map(Into::into),
            ..self.ready.platform.context()
        }
    }

    /// What a pure function's randomness follows from: its own in each step of each run, also of one that repeats another with the same seed.
    fn seed_of(&self, step: u32) -> u64 {
        scatter(self.dice ^ scatter(step.into()))
    }

    fn limits(&self, request: &CallRequest, at: u64) -> loomwork_engine::Limits {
        let mut limits = self.ready.platform.limits;
        if let Some(deadline) = request.deadline {
            limits.time = limits.time.min(Duration::from_millis(deadline.saturating_sub(at)));
        }
        limits
    }

    /// Another flow, in the same process: it lives and dies with this run.
    async fn flow(&self, flow: &str, wait: bool, request: &CallRequest) -> Result<String, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::new("limit.depth", format!("more than {MAX_DEPTH} flows have called one another")));
        }
        let target = match (self.ready.platform.flow(flow), self.ready.platform.outlet()) {
            (Some(target), _) => target,
            (None, Some(outlet)) => outlet.flow(flow).await?,
            (None, None) => return Err(Fault::new("flow.not_found", format!("there is no flow `{flow}`"))),
        };
        let options = RunOptions { starter: self.starter.clone(), caller: self.place(request), ..RunOptions::default() };
        if wait {
            return target.run_within(&request.input, self.depth + 1, options).await;
        }
        let run = target.start(request.input.to_string(), options)?;
        Ok(format!("\"{run}\""))
    }

    /// A step's place in the caller's trace, if there is one: what it calls is below it.
    fn place(&self, request: &CallRequest) -> Option<TraceContext> {
        let run = TraceContext::of_run(&self.run, Some(self.caller?), 1.0);
        Some(run.of_step(&self.run, request.step, request.attempt))
    }

    fn note(&self, bound: &Bound, request: &CallRequest, at: u64, took: Duration, answer: &Result<String, Fault>) {
        if let Some(trace) = &self.trace {
            let input = trace.input(&bound.node, &bound.secret, &request.input);
            trace.push(taken(&bound.node, request, input, at, took.as_micros() as u64, answer));
        }
    }
}
