//! What telemetry is told of runs and steps.

use crate::deploy::Ready;
use crate::platform::Inner;
use crate::progress::CallRequest;
use loomwork_caps::Redactor;
use loomwork_flow::{Flow, TriggerKind};
use loomwork_telemetry::{Counted, Redact, RunEnded, RunMeter, StepEnded, StepMeter, TraceContext};
use loomwork_types::Fault;
use std::borrow::Cow;
use std::sync::OnceLock;
use std::time::{Duration, UNIX_EPOCH};

/// A run, while it is under way here.
pub(crate) struct Observed<'a> {
    pub ready: &'a Ready,
    pub run: &'a str,
    /// The kind of what started it.
    pub trigger: &'static str,
    /// Of the request that started it.
    pub caller: Option<TraceContext>,
    /// For as long as it is looked at.
    _active: Counted,
}

impl<'a> Observed<'a> {
    pub fn new(ready: &'a Ready, run: &'a str, trigger: &'static str, caller: Option<TraceContext>) -> Self {
        Self { ready, run, trigger, caller, _active: ready.platform.telemetry.metrics().run_active() }
    }

    pub fn begun(&self) {
        self.ready.meters.of(self.ready, self.trigger).started();
    }

    /// `began` is in milliseconds since 1970.
    pub fn ended(&self, end: &Result<String, Fault>, began: u64) {
        let platform = &self.ready.platform;
        let took = Duration::from_millis(platform.clock.now_ms().saturating_sub(began));
        if end.is_ok() && !platform.traces {
            return self.ready.meters.of(self.ready, self.trigger).succeeded(took);
        }
        let state = match end {
            Ok(_) => "succeeded",
            Err(fault) if fault.code == "run.cancelled" => "cancelled",
            Err(_) => "failed",
        };
        platform.telemetry.run_ended(&RunEnded {
            project: &platform.project,
            flow: &self.ready.flow.id,
            run: self.run,
            trigger: self.trigger,
            state,
            fault: end.as_ref().err().map(said),
            caller: self.caller,
            started: UNIX_EPOCH + Duration::from_millis(began),
            took,
        });
    }
}

/// One attempt of a step.
pub(crate) struct Attempt<'a> {
    pub ready: &'a Ready,
    pub run: &'a str,
    pub node: &'a str,
    pub function: &'a str,
    pub meter: &'a StepMeter,
    pub request: &'a CallRequest,
    pub caller: Option<TraceContext>,
    /// Milliseconds since 1970.
    pub at: u64,
    pub took: Duration,
}

impl Attempt<'_> {
    pub fn ended(&self, answer: &Result<String, Fault>) {
        let platform = &self.ready.platform;
        if answer.is_ok() && !platform.traces {
            return self.meter.returned(self.took);
        }
        let Self { node, function, at, took, .. } = *self;
        let seen = Seen { node, function, step: self.request.step, attempt: self.request.attempt, at, took };
        seen.told(self.ready, self.run, self.caller, answer.as_ref().err());
    }
}

/// Something that a run asked for and has got.
pub(crate) struct Seen<'a> {
    pub node: &'a str,
    pub function: &'a str,
    pub step: u32,
    pub attempt: u32,
    /// When it was asked for, in milliseconds since 1970.
    pub at: u64,
    pub took: Duration,
}

impl Seen<'_> {
    pub fn told(&self, ready: &Ready, run: &str, caller: Option<TraceContext>, fault: Option<&Fault>) {
        ready.platform.telemetry.step(&StepEnded {
            project: &ready.platform.project,
            flow: &ready.flow.id,
            run,
            node: self.node,
            step: self.step,
            attempt: self.attempt,
            function: self.function,
            fault: fault.map(said),
            caller,
            started: UNIX_EPOCH + Duration::from_millis(self.at),
            took: self.took,
        });
    }
}

fn said(fault: &Fault) -> (&str, &str) {
    (&fault.code, &fault.message)
}

/// What runs are started by.
const KINDS: [&str; 7] = ["manual", "http", "cron", "event", "flow", "form", "error"];

/// What counts a flow's runs, by the kind of what started them, found when the first is.
#[derive(Default)]
pub(crate) struct Meters([OnceLock<RunMeter>; KINDS.len()]);

impl Meters {
    fn of(&self, ready: &Ready, kind: &str) -> &RunMeter {
        let place = KINDS.iter().position(|known| *known == kind).unwrap_or_default();
        self.0[place].get_or_init(|| ready.platform.telemetry.metrics().run_meter(&ready.flow.id, kind))
    }
}

/// The kind of a flow's trigger. Runs without one were started by people, by other flows, or to look after a failure.
pub(crate) fn trigger_kind(flow: &Flow, id: Option<&str>) -> &'static str {
    let Some(id) = id else { return "manual" };
    match flow.triggers.iter().find(|trigger| trigger.id == id).map(|trigger| &trigger.kind) {
        Some(TriggerKind::Http(_)) => "http",
        Some(TriggerKind::Cron { .. }) => "cron",
        Some(TriggerKind::Event { .. }) => "event",
        Some(TriggerKind::Flow { .. }) => "flow",
        Some(TriggerKind::Form { .. }) => "form",
        Some(TriggerKind::Manual) => "manual",
        None => "error",
    }
}

/// Hides a project's secrets.
pub(crate) struct Hidden(pub Redactor);

impl Redact for Hidden {
    fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.0.text(text)
    }
}

impl Inner {
    /// What an outgoing request of a step carries as `traceparent`; none if nobody gathers traces.
    pub fn trace_header(&self, run: &str, request: &CallRequest, caller: Option<TraceContext>) -> Option<String> {
        self.traces.then(|| self.telemetry.context(run, request.step, request.attempt, caller).header())
    }
}
