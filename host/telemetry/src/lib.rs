//! What a running host tells of itself: numbers for Prometheus, traces for OpenTelemetry, log lines that say which run and step.
//!
//! In reading order: [`Telemetry`] is what the rest of the host calls, once for each thing that ended; [`Metrics`] counts;
//! [`TraceContext`] is the place of a run or step in a trace, found from their ids, so that no span has to be kept while a run waits for
//! weeks; [`Exporter`] sends spans to a collector; [`log`] is for lines. Everything passes a [`Redact`] on its way out.
//!
//! Nothing is global, nothing blocks, and what cannot be sent is dropped and counted. Knows nothing of runs' insides, stores and servers.

pub mod log;
mod metrics;
mod redact;
mod telemetry;
mod trace;

pub use metrics::{CONTENT_TYPE, Counted, HttpAnswer, Metrics, RouteMeter, RunMeter, StepMeter};
pub use redact::{Redact, ShowAll};
pub use telemetry::{RunEnded, StepEnded, Telemetry};
pub use trace::{ExportError, Exporter, ExporterConfig, NotATraceParent, SpanId, TraceContext, TraceId};
