//! The newest runs that are not kept, with their steps: a ring in memory, bounded in runs and in bytes.

use crate::progress::CallRequest;
use crate::trace::{FaultView, Step, Trace, cut};
use loomwork_caps::Redactor;
use loomwork_types::Fault;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of all texts.
const MOST_BYTES: usize = 16 << 20;

/// A run that has ended and of which nothing else is left.
#[derive(Clone, Debug)]
pub struct RecentRun {
    pub id: String,
    pub flow: String,
    /// Of the flow's component.
    pub digest: String,
    /// The id of the trigger that fired.
    pub trigger: Option<String>,
    /// Milliseconds since 1970.
    pub began: u64,
    pub ended: u64,
    /// JSON text, cut, secrets redacted; the same of the output and the steps.
    pub input: String,
    pub end: Result<String, FaultView>,
    pub steps: Vec<Step>,
}

/// The same, as it was.
pub(crate) struct Seen {
    pub id: Arc<str>,
    pub flow: String,
    pub digest: Arc<str>,
    pub trigger: Option<String>,
    pub began: u64,
    pub ended: u64,
    pub input: String,
    pub end: Result<String, Fault>,
    pub trace: Arc<Trace>,
}

pub(crate) struct Recent {
    most: usize,
    ring: Mutex<Ring>,
}

#[derive(Default)]
struct Ring {
    runs: VecDeque<(usize, Arc<Seen>)>,
    bytes: usize,
}

impl Recent {
    /// Keeps so many runs; none keeps nothing and costs nothing.
    pub fn new(most: usize) -> Self {
        Self { most, ring: Mutex::default() }
    }

    pub fn is_on(&self) -> bool {
        self.most > 0
    }

    pub fn push(&self, seen: Seen) {
        let size = seen.size();
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.bytes += size;
        ring.runs.push_back((size, Arc::new(seen)));
        while ring.runs.len() > self.most || ring.bytes > MOST_BYTES {
            let Some((size, _)) = ring.runs.pop_front() else { return };
            ring.bytes -= size;
        }
    }

    /// The newest first, without steps.
    pub fn list(&self, flow: Option<&str>, redactor: &Redactor) -> Vec<RecentRun> {
        let wanted = |seen: &&Arc<Seen>| flow.is_none_or(|flow| seen.flow == flow);
        self.all().iter().rev().filter(wanted).map(|seen| seen.shown(redactor, false)).collect()
    }

    pub fn get(&self, id: &str, redactor: &Redactor) -> Option<RecentRun> {
        let all = self.all();
        all.iter().find(|seen| &*seen.id == id).map(|seen| seen.shown(redactor, true))
    }

    fn all(&self) -> Vec<Arc<Seen>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.runs.iter().map(|(_, seen)| seen.clone()).collect()
    }
}

impl Seen {
    fn size(&self) -> usize {
        let end = self.end.as_ref().map_or_else(|fault| fault.message.len(), String::len);
        size_of::<Self>() + self.input.len() + end + self.trace.size()
    }

    fn shown(&self, redactor: &Redactor, whole: bool) -> RecentRun {
        let hiding = self.trace.hiding(redactor);
        let clean = |text: &str| hiding.text(text).into_owned();
        RecentRun {
            id: self.id.to_string(),
            flow: self.flow.clone(),
            digest: self.digest.to_string(),
            trigger: self.trigger.clone(),
            began: self.began,
            ended: self.ended,
            input: clean(&self.input),
            end: self.end.as_ref().map(|output| clean(output)).map_err(|fault| FaultView::clean(fault, &hiding)),
            steps: if whole { self.trace.steps(&hiding) } else { Vec::new() },
        }
    }
}

/// A call that was made, for a trace.
pub(crate) fn taken(
    node: &Arc<str>,
    request: &CallRequest,
    input: Arc<str>,
    at: u64,
    took_us: u64,
    answer: &Result<String, Fault>,
) -> crate::trace::Taken {
    crate::trace::Taken {
        step: request.step,
        node: node.clone(),
        attempt: request.attempt,
        started_at: at,
        took_us,
        input,
        answer: answer.as_ref().map(|output| cut(output).into_boxed_str()).map_err(Clone::clone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(id: &str, bytes: usize) -> Seen {
        let trace = Arc::new(Trace::default());
        let end = Ok("x".repeat(bytes));
        Seen {
            id: id.into(),
            flow: "f".into(),
            digest: "d".into(),
            trigger: None,
            began: 0,
            ended: 1,
            input: "1".into(),
            end,
            trace,
        }
    }

    #[test]
    fn the_oldest_give_way_to_number_and_size() {
        let (recent, redactor) = (Recent::new(3), Redactor::default());
        let ids = |recent: &Recent| recent.list(None, &redactor).into_iter().map(|run| run.id).collect::<Vec<_>>();
        for id in ["a", "b", "c", "d"] {
            recent.push(seen(id, 10));
        }
        assert_eq!(ids(&recent), ["d", "c", "b"]);
        recent.push(seen("e", MOST_BYTES - 5_000));
        recent.push(seen("f", 5_000));
        assert_eq!(ids(&recent), ["f"]);
        recent.push(seen("g", MOST_BYTES));
        assert!(ids(&recent).is_empty());
        recent.push(seen("h", 1));
        assert_eq!(ids(&recent), ["h"]);
        assert!(recent.list(Some("other"), &redactor).is_empty());
        redactor.learn("key", "hunter2").expect("it can be hidden");
        recent.push(Seen { input: "hunter2".into(), ..seen("i", 1) });
        assert_eq!(recent.get("i", &redactor).expect("it is there").input, "[secret:key]");
    }
}
