//! The one thing that the rest of the host calls.

use crate::trace::{Exporter, Span, TraceContext};
use crate::{Metrics, Redact, ShowAll};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Counts always, which costs well under a microsecond; makes spans only if there is an exporter. Clones are the same one.
#[derive(Clone)]
pub struct Telemetry {
    metrics: Arc<Metrics>,
    exporter: Option<Exporter>,
    redact: Arc<dyn Redact>,
}

/// A run that has ended, for whatever reason.
#[derive(Clone, Copy, Debug)]
pub struct RunEnded<'a> {
    pub project: &'a str,
    pub flow: &'a str,
    pub run: &'a str,
    /// What started it: `http`, `cron`, `event`, `flow`, `manual`.
    pub trigger: &'a str,
    /// `succeeded`, `failed`, `cancelled`.
    pub state: &'a str,
    /// Code and message of the fault, if it failed.
    pub fault: Option<(&'a str, &'a str)>,
    /// Where it began in the caller's trace: the `traceparent` that came with the request, kept with the run.
    pub caller: Option<TraceContext>,
    pub started: SystemTime,
    pub took: Duration,
}

/// One attempt of a step that has ended.
#[derive(Clone, Copy, Debug)]
pub struct StepEnded<'a> {
    pub project: &'a str,
    pub flow: &'a str,
    pub run: &'a str,
    pub node: &'a str,
    pub step: u32,
    /// From 1 on.
    pub attempt: u32,
    /// What was called: `http/client#send`, or the control node's name.
    pub function: &'a str,
    pub fault: Option<(&'a str, &'a str)>,
    /// As for the run.
    pub caller: Option<TraceContext>,
    pub started: SystemTime,
    pub took: Duration,
}

impl Default for Telemetry {
    /// Counts, and exports nothing.
    fn default() -> Self {
        Self::new(None, Arc::new(ShowAll))
    }
}

impl Telemetry {
    pub fn new(exporter: Option<Exporter>, redact: Arc<dyn Redact>) -> Self {
        let metrics = Arc::new(Metrics::new());
        if let Some(exporter) = &exporter {
            metrics.count_lost_spans_of(exporter);
        }
        Self { metrics, exporter, redact }
    }

    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub fn run_started(&self, flow: &str, trigger: &str) {
        self.metrics.run_started(flow, trigger);
    }

    /// Counts the run, and makes its span: the root of its steps' spans, below the caller's.
    pub fn run_ended(&self, run: &RunEnded<'_>) {
        self.metrics.run_ended(run.flow, run.state, run.took);
        let Some(exporter) = &self.exporter else { return };
        let context = TraceContext::of_run(run.run, run.caller, exporter.share());
        if !context.sampled {
            return;
        }
        let mut span = Span::new(context, run.caller.map(|caller| caller.span), "run", run.flow, run.started, run.took);
        span.attribute("loom.project", run.project);
        span.attribute("loom.flow", run.flow);
        span.attribute("loom.run", run.run);
        span.attribute("loom.trigger", run.trigger);
        span.attribute("loom.state", run.state);
        self.send(exporter, span, run.fault);
    }

    /// Counts the attempt, and makes its span.
    pub fn step(&self, step: &StepEnded<'_>) {
        self.metrics.step(step.function, step.fault.map(|(code, _)| code), step.took);
        let Some(exporter) = &self.exporter else { return };
        let run = TraceContext::of_run(step.run, step.caller, exporter.share());
        if !run.sampled {
            return;
        }
        let context = run.of_step(step.run, step.step, step.attempt);
        let mut span = Span::new(context, Some(run.span), "step", step.node, step.started, step.took);
        span.attribute("loom.project", step.project);
        span.attribute("loom.flow", step.flow);
        span.attribute("loom.run", step.run);
        span.attribute("loom.node", step.node);
        span.attribute("loom.function", step.function);
        span.number("loom.step", step.step);
        span.number("loom.attempt", step.attempt);
        self.send(exporter, span, step.fault);
    }

    /// The place of an attempt in its run's trace: its [`TraceContext::header`] is what an outgoing request carries as `traceparent`.
    pub fn context(&self, run: &str, step: u32, attempt: u32, caller: Option<TraceContext>) -> TraceContext {
        let share = self.exporter.as_ref().map_or(0.0, Exporter::share);
        TraceContext::of_run(run, caller, share).of_step(run, step, attempt)
    }

    /// Waits until all spans so far are sent or given up: for the end of a process.
    pub async fn flush(&self) {
        if let Some(exporter) = &self.exporter {
            exporter.flush().await;
        }
    }

    fn send(&self, exporter: &Exporter, mut span: Span, fault: Option<(&str, &str)>) {
        if let Some((code, message)) = fault {
            span.fail(code, message);
        }
        span.redact(&*self.redact);
        exporter.send(span);
    }
}
