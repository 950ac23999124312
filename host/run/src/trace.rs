//! What happened in a run, step by step: kept for the runs of memory, shown by `loom run --trace` and the studio.

use crate::marked::{Hiding, Marked};
use loomwork_caps::Redactor;
use loomwork_types::Fault;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// One call that a run made.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub step: u32,
    /// The node's id.
    pub node: Arc<str>,
    /// Counted from 1.
    pub attempt: u32,
    /// Milliseconds since 1970.
    pub started_at: u64,
    /// Microseconds from the command to the answer.
    pub took_us: u64,
    /// JSON text, cut to [`Trace::MAX_TEXT`] bytes, secrets redacted.
    pub input: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultView>,
}

/// A fault as people and programs are shown it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FaultView {
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
}

impl FaultView {
    /// Without secrets.
    pub(crate) fn clean(fault: &Fault, redactor: &Hiding) -> Self {
        let data = fault.data.as_deref().map(|json| redactor.text(json));
        let data = data.map(|json| serde_json::from_str(&json).unwrap_or_else(|_| serde_json::Value::String(json.into_owned())));
        Self { code: fault.code.to_string(), message: redactor.text(&fault.message).into_owned(), data }
    }
}

impl From<&Fault> for FaultView {
    fn from(fault: &Fault) -> Self {
        let data = fault.data.as_deref().and_then(|json| serde_json::from_str(json).ok());
        Self { code: fault.code.to_string(), message: fault.message.clone(), data }
    }
}

/// The steps of one run, the newest kept, as they were: secrets are taken out when somebody looks.
#[derive(Debug, Default)]
pub struct Trace {
    steps: Mutex<VecDeque<Taken>>,
    marked: Marked,
}

/// A call as it was made.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub step: u32,
    pub node: Arc<str>,
    pub attempt: u32,
    pub started_at: u64,
    pub took_us: u64,
    /// Cut, as all texts here.
    pub input: Arc<str>,
    pub answer: Result<Box<str>, Fault>,
}

impl Trace {
    /// Steps kept of one run; older ones give way.
    pub const MAX_STEPS: usize = 10_000;
    /// Bytes kept of an input or output.
    pub const MAX_TEXT: usize = 4 * 1024;

    /// The steps without secrets.
    pub(crate) fn steps(&self, hiding: &Hiding) -> Vec<Step> {
        self.steps.lock().map(|steps| steps.iter().map(|taken| taken.shown(hiding)).collect()).unwrap_or_default()
    }

    /// Hides a project's secrets, and what was given to parameters of this run that are marked secret.
    pub(crate) fn hiding(&self, redactor: &Redactor) -> Hiding {
        self.marked.with(redactor)
    }

    /// A call's input as it may be kept.
    pub(crate) fn input(&self, node: &str, secret: &[Arc<str>], input: &Arc<str>) -> Arc<str> {
        match secret {
            [] => cut_shared(input),
            secret => cut(&self.marked.mask(node, secret, input)).into(),
        }
    }

    pub(crate) fn push(&self, taken: Taken) {
        if let Ok(mut steps) = self.steps.lock() {
            if steps.len() == Self::MAX_STEPS {
                steps.pop_front();
            }
            steps.push_back(taken);
        }
    }

    /// Bytes of texts.
    pub(crate) fn size(&self) -> usize {
        self.steps.lock().map(|steps| steps.iter().map(Taken::size).sum()).unwrap_or_default()
    }
}

impl Taken {
    fn shown(&self, redactor: &Hiding) -> Step {
        let clean = |text: &str| redactor.text(text).into_owned();
        Step {
            step: self.step,
            node: self.node.clone(),
            attempt: self.attempt,
            started_at: self.started_at,
            took_us: self.took_us,
            input: clean(&self.input),
            output: self.answer.as_ref().ok().map(|output| clean(output)),
            fault: self.answer.as_ref().err().map(|fault| FaultView::clean(fault, redactor)),
        }
    }

    fn size(&self) -> usize {
        let answer = match &self.answer {
            Ok(output) => output.len(),
            Err(fault) => fault.message.len() + fault.data.as_ref().map_or(0, |data| data.len()),
        };
        size_of::<Self>() + self.input.len() + answer
    }
}

/// The text itself where it is short enough.
fn cut_shared(text: &Arc<str>) -> Arc<str> {
    if text.len() <= Trace::MAX_TEXT { text.clone() } else { cut(text).into() }
}

/// The first [`Trace::MAX_TEXT`] bytes, cut between characters, with an ellipsis where something is missing.
pub(crate) fn cut(text: &str) -> String {
    if text.len() <= Trace::MAX_TEXT {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(Trace::MAX_TEXT);
    format!("{}…", &text[..end])
}
