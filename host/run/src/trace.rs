//! What happened in a run, step by step: kept for the runs of memory, shown by `loom run --trace` and the studio.

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

impl From<&Fault> for FaultView {
    fn from(fault: &Fault) -> Self {
        let data = fault.data.as_deref().and_then(|json| serde_json::from_str(json).ok());
        Self { code: fault.code.to_string(), message: fault.message.clone(), data }
    }
}

/// The steps of one run, the newest kept.
#[derive(Debug, Default)]
pub struct Trace {
    steps: Mutex<VecDeque<Step>>,
}

impl Trace {
    /// Steps kept of one run; older ones give way.
    pub const MAX_STEPS: usize = 10_000;
    /// Bytes kept of an input or output.
    pub const MAX_TEXT: usize = 4 * 1024;

    pub fn steps(&self) -> Vec<Step> {
        self.steps.lock().map(|steps| steps.iter().cloned().collect()).unwrap_or_default()
    }

    pub(crate) fn push(&self, step: Step) {
        if let Ok(mut steps) = self.steps.lock() {
            if steps.len() == Self::MAX_STEPS {
                steps.pop_front();
            }
            steps.push_back(step);
        }
    }
}

/// The first [`Trace::MAX_TEXT`] bytes, cut between characters, with an ellipsis where something is missing.
pub(crate) fn cut(text: &str) -> String {
    if text.len() <= Trace::MAX_TEXT {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(Trace::MAX_TEXT);
    format!("{}…", &text[..end])
}
