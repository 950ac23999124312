//! Spans: where they belong, what they hold, how they leave.

mod context;
mod export;
mod otlp;
mod send;
mod span;

pub use context::{NotATraceParent, SpanId, TraceContext, TraceId};
pub use export::{ExportError, Exporter, ExporterConfig};
pub(crate) use span::Span;
