//! What telemetry is told of runs and steps.

use crate::deploy::Ready;
use crate::platform::Inner;
use crate::progress::CallRequest;
use loomwork_caps::Redactor;
use loomwork_flow::{Flow, TriggerKind};
use loomwork_telemetry::{Redact, RunEnded, StepEnded, TraceContext};
use loomwork_types::Fault;
use std::borrow::Cow;
use std::time::{Duration, UNIX_EPOCH};

/// A run, while it is under way here.
pub(crate) struct Observed<'a> {
    pub ready: &'a Ready,
    pub run: &'a str,
    /// The kind of what started it.
    pub trigger: &'static str,
    /// Of the request that started it.
    pub caller: Option<TraceContext>,
}

impl Observed<'_> {
    pub fn begun(&self) {
        self.ready.platform.telemetry.run_started(&self.ready.flow.id, self.trigger);
    }

    /// `began` is in milliseconds since 1970.
    pub fn ended(&self, end: &Result<String, Fault>, began: u64) {
        let platform = &self.ready.platform;
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
            took: Duration::from_millis(platform.clock.now_ms().saturating_sub(began)),
        });
    }
}

/// One attempt of a step.
pub(crate) struct Attempt<'a> {
    pub ready: &'a Ready,
    pub run: &'a str,
    pub node: &'a str,
    pub function: &'a str,
    pub request: &'a CallRequest,
    pub caller: Option<TraceContext>,
    /// Milliseconds since 1970.
    pub at: u64,
    pub took: Duration,
}

impl Attempt<'_> {
    pub fn ended(&self, answer: &Result<String, Fault>) {
        let platform = &self.ready.platform;
        platform.telemetry.step(&StepEnded {
            project: &platform.project,
            flow: &self.ready.flow.id,
            run: self.run,
            node: self.node,
            step: self.request.step,
            attempt: self.request.attempt,
            function: self.function,
            fault: answer.as_ref().err().map(said),
            caller: self.caller,
            started: UNIX_EPOCH + Duration::from_millis(self.at),
            took: self.took,
        });
    }
}

fn said(fault: &Fault) -> (&str, &str) {
    (&fault.code, &fault.message)
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
