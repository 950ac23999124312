//! A journal told to a fresh machine again: gives the run's steps back, and shows whether the machine still asks for what it
//! asked for then.

use crate::progress::{Advance, CallRequest, Heard, Listen, Progress, Task};
use loomwork_engine::{Event, Happened};
use loomwork_journal::{End, Entry};
use loomwork_types::{Fault, writer};
use std::collections::BTreeMap;

/// One thing that a run asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub step: u32,
    pub asked: Asked,
    /// The node's index in the document.
    pub node: u32,
    /// Counted from 1.
    pub attempt: u32,
    /// Milliseconds since 1970.
    pub asked_at: u64,
    /// None while it is under way.
    pub ended_at: Option<u64>,
    /// JSON: of a signal its name and key, of a question to people all there is to it.
    pub input: String,
    /// None while it is under way, or if the machine gave it up.
    pub answer: Option<Result<String, Fault>>,
    /// The machine gave it up before it answered.
    pub cancelled: bool,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A call of a function or of another flow.
    Call,
    /// It waits for a signal.
    Signal,
    /// It waits for people.
    Decision,
}

/// What came of telling a journal again.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// In the order in which they were asked for.
    pub steps: Vec<Past>,
    /// How many events the run has published.
    pub emitted: u32,
    /// Entries told before the first difference, or all.
    pub told: usize,
    /// How the machine and the journal differ, in words; none if they agree.
    pub difference: Option<String>,
}

/// Tells `entries`, a whole journal from its start, to a fresh machine.
pub fn replay<M: Advance>(machine: M, entries: &[Entry]) -> Replay {
    let mut replaying = Replaying { progress: Progress::new(machine), steps: BTreeMap::new(), end: None };
    let mut told = 0;
    for entry in entries {
        if let Err(difference) = replaying.take(entry) {
            return replaying.done(told, Some(difference));
        }
        told += 1;
    }
    replaying.done(told, None)
}

impl Past {
    fn new(step: u32, asked: Asked, node: u32, attempt: u32, asked_at: u64, input: String) -> Self {
        Self { step, asked, node, attempt, asked_at, ended_at: None, input, answer: None, cancelled: false }
    }
}

struct Replaying<M> {
    progress: Progress<M>,
    /// Steps are numbered in the order in which they are asked for.
    steps: BTreeMap<u32, Past>,
    end: Option<Result<String, Fault>>,
}

impl<M: Advance> Replaying<M> {
    fn take(&mut self, entry: &Entry) -> Result<(), String> {
        match entry {
            Entry::Told(event) => self.tell(event),
            Entry::Called { step, node, attempt, .. } => self.called(*step, *node, *attempt),
            Entry::Ended { end, .. } => self.ended(end),
        }
    }

    fn tell(&mut self, event: &Event) -> Result<(), String> {
        self.settle(event)?;
        let tasks = self.progress.tell(std::slice::from_ref(event)).unwrap_or_else(|fault| vec![Task::End(Err(fault))]);
        for task in tasks {
            match task {
                Task::Call(step) => self.asked(step, event.at),
                Task::Cancel(step) => self.given_up(step, event.at),
                Task::End(end) => self.end = Some(end),
                Task::Listen(step) => self.listened(step, event.at),
                Task::Emit { .. } | Task::Respond(_) => {}
            }
        }
        Ok(())
    }

    fn asked(&mut self, step: u32, at: u64) {
        let Some(CallRequest { node, attempt, input, .. }) = self.progress.outstanding.calls.get(&step) else { return };
        let (node, attempt, input) = (*node, *attempt, input.to_string());
        self.steps.insert(step, Past::new(step, Asked::Call, node, attempt, at, input));
    }

    fn listened(&mut self, step: u32, at: u64) {
        let Some(Listen { node, what, .. }) = self.progress.outstanding.listens.get(&step) else { return };
        let (asked, input) = match what {
            Heard::Signal { name, key } => (Asked::Signal, format!(r#"{{"signal":{},"key":{key}}}"#, json_text(name))),
            Heard::Decision { about, .. } => (Asked::Decision, about.clone()),
        };
        self.steps.insert(step, Past::new(step, asked, *node, 1, at, input));
    }

    fn given_up(&mut self, step: u32, at: u64) {
        if let Some(past) = self.steps.get_mut(&step) {
            past.ended_at = Some(at);
            past.cancelled = true;
        }
    }

    /// Answers are to calls that are outstanding. Those to calls that were given up in the same instant may still come.
    fn settle(&mut self, event: &Event) -> Result<(), String> {
        let (step, answer) = match &event.what {
            Happened::Returned(step, output) => (step, Ok(output.clone())),
            Happened::Threw(step, fault) => (step, Err(fault.clone())),
            Happened::Heard(step, payload) => (step, Ok(payload.clone())),
            _ => return Ok(()),
        };
        let Some(past) = self.steps.get_mut(step) else {
            return Err(format!("the journal has an answer to step {step}, which the machine has not asked for"));
        };
        if !past.cancelled {
            past.ended_at = Some(event.at);
            past.answer = Some(answer);
        }
        Ok(())
    }

    fn called(&mut self, step: u32, node: u32, attempt: u32) -> Result<(), String> {
        match self.steps.get(&step) {
            Some(past) if (past.node, past.attempt) == (node, attempt) => {
                self.progress.called(step);
                Ok(())
            }
            Some(past) => Err(format!(
                "step {step} was attempt {attempt} of node {node}, but the machine asks for attempt {} of node {}",
                past.attempt, past.node
            )),
            None => Err(format!("step {step} called node {node}, but the machine does not ask for it")),
        }
    }

    fn ended(&mut self, end: &End) -> Result<(), String> {
        let then = match end {
            End::Finished(output) => Ok(output),
            End::Failed(fault) | End::Cancelled(fault) => Err(fault),
        };
        match (&self.end, then) {
            (Some(Ok(now)), Ok(then)) if now == then => Ok(()),
            (Some(Err(now)), Err(then)) if now == then => Ok(()),
            // The host ended it, not the machine.
            (None, Err(fault)) if HOSTS_OWN.contains(&&*fault.code) || fault.code.starts_with("store.") => Ok(()),
            (now, then) => Err(format!(
                "the run ended with {}, but the machine {}",
                shown(then),
                now.as_ref().map_or("goes on".into(), |now| format!("ends with {}", shown(now.as_ref())))
            )),
        }
    }

    fn done(self, told: usize, difference: Option<String>) -> Replay {
        Replay { steps: self.steps.into_values().collect(), emitted: self.progress.outstanding.emitted, told, difference }
    }
}

/// With these, and with what a store refuses, the host ends runs that cannot go on, whatever their machine would say.
const HOSTS_OWN: [&str; 6] = ["run.poisoned", "run.stuck", "run.unreachable", "limit.busy", "flow.not_found", "flow.changed"];

fn json_text(text: &str) -> String {
    let mut json = String::new();
    writer::string(text, &mut json);
    json
}

fn shown(end: Result<&String, &Fault>) -> String {
    match end {
        Ok(output) => output.chars().take(200).collect(),
        Err(fault) => fault.to_string(),
    }
}
