//! Log lines that say which run and step they are about, and no secret.

use crate::Redact;
use std::io::{self, Write};
use std::sync::Arc;
use tracing_subscriber::fmt::MakeWriter;

/// The span in which everything about a run is logged: `project`, `flow`, `run`.
pub fn run(project: &str, flow: &str, run: &str) -> tracing::Span {
    tracing::info_span!(target: "loom", "run", project, flow, run)
}

/// The span of one attempt of a step, inside its run's: `node`, `step`, `attempt`.
pub fn step(node: &str, step: u32, attempt: u32) -> tracing::Span {
    tracing::info_span!(target: "loom", "step", node, step, attempt)
}

/// Writes lines without secrets; for `tracing_subscriber::fmt().with_writer(…)`.
#[derive(Clone)]
pub struct Redacted<M> {
    redact: Arc<dyn Redact>,
    inner: M,
}

impl<M> Redacted<M> {
    pub fn new(redact: Arc<dyn Redact>, inner: M) -> Self {
        Self { redact, inner }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Redacted<M> {
    type Writer = RedactedWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactedWriter { redact: self.redact.clone(), line: Vec::new(), inner: self.inner.make_writer() }
    }
}

/// Gathers what one event writes, and writes it redacted, at once: a secret that came in two pieces would not be found.
pub struct RedactedWriter<W: Write> {
    redact: Arc<dyn Redact>,
    line: Vec<u8>,
    inner: W,
}

impl<W: Write> Write for RedactedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        self.inner.write_all(self.redact.redact(&text).as_bytes())?;
        self.inner.flush()
    }
}

impl<W: Write> Drop for RedactedWriter<W> {
    fn drop(&mut self) {
        if !self.line.is_empty() {
            let _ = self.flush();
        }
    }
}
