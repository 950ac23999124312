//! One span that has ended.

use super::context::{SpanId, TraceContext};
use crate::Redact;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Bytes of a text in a span.
const LONGEST: usize = 1024;

#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(super) context: TraceContext,
    pub(super) parent: Option<SpanId>,
    pub(super) name: String,
    /// Nanoseconds since the epoch.
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) attributes: Vec<(&'static str, Attribute)>,
    /// The message of a fault.
    pub(super) failed: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Attribute {
    Text(String),
    Number(i64),
}

impl Span {
    pub(crate) fn new(
        context: TraceContext,
        parent: Option<SpanId>,
        kind: &str,
        name: &str,
        started: SystemTime,
        took: Duration,
    ) -> Self {
        let start = started.duration_since(UNIX_EPOCH).map_or(0, nanoseconds);
        let end = start.saturating_add(nanoseconds(took));
        Self { context, parent, name: format!("{kind} {name}"), start, end, attributes: Vec::with_capacity(8), failed: None }
    }

    pub(crate) fn attribute(&mut self, name: &'static str, value: &str) {
        self.attributes.push((name, Attribute::Text(value.to_owned())));
    }

    pub(crate) fn number(&mut self, name: &'static str, value: u32) {
        self.attributes.push((name, Attribute::Number(i64::from(value))));
    }

    pub(crate) fn fail(&mut self, code: &str, message: &str) {
        self.attribute("error.type", code);
        self.failed = Some(message.to_owned());
    }

    /// Hides secrets, then shortens: half of a secret would not be found.
    pub(crate) fn redact(&mut self, redact: &dyn Redact) {
        let shown = |text: &str| clip(&redact.redact(text)).to_owned();
        self.name = shown(&self.name);
        self.failed = self.failed.as_deref().map(shown);
        for (_, attribute) in &mut self.attributes {
            if let Attribute::Text(text) = attribute {
                *text = shown(text.as_str());
            }
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn clip(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
