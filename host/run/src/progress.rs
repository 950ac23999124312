//! How far a run has come: its machine, and what the machine waits for. Pure bookkeeping; nothing here waits or does I/O.
//!
//! The same code goes forward in a live run and through the journal when a run is taken up again, so both agree on what is
//! outstanding.

use loomwork_engine::{Command, Event, Happened, Machine};
use loomwork_types::Fault;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What drives a run: a compiled flow's machine, or a plain interpreter in tests.
pub trait Advance {
    /// Takes events in order and answers with commands in order. After a fault it is of no more use.
    fn advance(&mut self, events: &[Event]) -> Result<Vec<Command>, Fault>;

    /// The whole state, for [`Advance::restore`] on a fresh machine of the same flow.
    fn save(&mut self) -> Result<Vec<u8>, Fault>;

    fn restore(&mut self, state: &[u8]) -> Result<(), Fault>;
}

impl Advance for Machine {
    fn advance(&mut self, events: &[Event]) -> Result<Vec<Command>, Fault> {
        Machine::advance(self, events)
    }

    fn save(&mut self) -> Result<Vec<u8>, Fault> {
        Machine::save(self)
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Fault> {
        Machine::restore(self, state)
    }
}

/// One call that a machine asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRequest {
    pub step: u32,
    /// The node's index in the document.
    pub node: u32,
    /// Counted from 1.
    pub attempt: u32,
    /// The first attempt's step: the same for all attempts of one call.
    pub first: u32,
    /// When the machine stops waiting, in milliseconds since 1970.
    pub deadline: Option<u64>,
    /// JSON object by parameter name.
    pub input: Arc<str>,
    /// The journal says that it has left.
    #[serde(default)]
    pub called: bool,
    /// Milliseconds since 1970; 0 in what older programs kept.
    #[serde(default)]
    pub asked: u64,
}

/// A signal, or a decision of people, that a machine waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listen {
    pub step: u32,
    /// The node's index in the document.
    pub node: u32,
    pub what: Heard,
    /// Milliseconds since 1970; 0 in what older programs kept.
    #[serde(default)]
    pub asked: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Heard {
    /// `key` is JSON text.
    Signal { name: String, key: String },
    /// `about` is what `loomwork_check::Question` reads; `due` is when the machine goes on without.
    Decision { about: String, due: Option<u64> },
}

/// What a machine waits for. With the machine's own state it is all there is to a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outstanding {
    pub calls: BTreeMap<u32, CallRequest>,
    /// (due, step)
    pub timers: BTreeSet<(u64, u32)>,
    pub listens: BTreeMap<u32, Listen>,
    /// How many events the run has published: each has the next number.
    pub emitted: u32,
    /// What the run began with; not in what older programs kept.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The latest time the machine was told; it never goes back.
    pub now: u64,
}

/// Something to be done because of what happened, in the machine's order.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// The outstanding call of this step is to be made.
    Call(u32),
    Listen(u32),
    /// A call or a signal is not wanted any more. Timers need nothing.
    Cancel(u32),
    Emit {
        number: u32,
        event: String,
        payload: String,
    },
    Respond(String),
    End(Result<String, Fault>),
}

/// A machine, and what it waits for.
#[derive(Debug)]
pub struct Progress<M> {
    machine: M,
    pub outstanding: Outstanding,
}

impl<M: Advance> Progress<M> {
    /// A run that has not begun.
    pub fn new(machine: M) -> Self {
        Self { machine, outstanding: Outstanding::default() }
    }

    /// A run as it was when `state` and `outstanding` were kept together.
    pub fn restored(mut machine: M, state: &[u8], outstanding: Outstanding) -> Result<Self, Fault> {
        machine.restore(state)?;
        Ok(Self { machine, outstanding })
    }

    /// Dates what happened now: never before what the machine was told last.
    pub fn date(&self, now: u64, happened: Vec<Happened>) -> Vec<Event> {
        let at = self.outstanding.now.max(now);
        happened.into_iter().map(|what| Event { at, what }).collect()
    }

    /// Tells the machine what happened. `events` are in the order of their time.
    pub fn tell(&mut self, events: &[Event]) -> Result<Vec<Task>, Fault> {
        for event in events {
            self.outstanding.now = self.outstanding.now.max(event.at);
            self.settle(&event.what);
        }
        let commands = self.machine.advance(events)?;
        Ok(commands.into_iter().filter_map(|command| self.outstanding.take(command)).collect())
    }

    /// What happened is not outstanding any more.
    fn settle(&mut self, what: &Happened) {
        match what {
            Happened::Returned(step, _) | Happened::Threw(step, _) => drop(self.outstanding.calls.remove(step)),
            Happened::Heard(step, _) => drop(self.outstanding.listens.remove(step)),
            Happened::Fired(step) => self.outstanding.timers.retain(|(_, of)| of != step),
            Happened::Start(start) => self.outstanding.seed = Some(start.seed),
            Happened::Stop => {}
        }
    }

    /// The journal says that this call has left.
    pub fn called(&mut self, step: u32) {
        if let Some(request) = self.outstanding.calls.get_mut(&step) {
            request.called = true;
        }
    }

    pub fn save(&mut self) -> Result<Vec<u8>, Fault> {
        self.machine.save()
    }
}

impl Outstanding {
    /// Notes what a command makes outstanding, and says what is to be done about it.
    fn take(&mut self, command: Command) -> Option<Task> {
        match command {
            Command::Call { step, node, attempt, first, deadline, input } => {
                let request =
                    CallRequest { step, node, attempt, first, deadline, input: input.into(), called: false, asked: self.now };
                self.calls.insert(step, request);
                Some(Task::Call(step))
            }
            Command::Sleep { step, at } => {
                self.timers.insert((at, step));
                None
            }
            Command::Listen { step, node, name, key } => self.listen(step, node, Heard::Signal { name, key }),
            Command::Ask { step, node, due, about } => self.listen(step, node, Heard::Decision { about, due }),
            Command::Cancel(step) => self.cancel(step),
            Command::Emit { event, payload } => {
                self.emitted += 1;
                Some(Task::Emit { number: self.emitted, event, payload })
            }
            Command::Respond(output) => Some(Task::Respond(output)),
            Command::Finish(output) => Some(Task::End(Ok(output))),
            Command::Abort(fault) => Some(Task::End(Err(fault))),
        }
    }

    fn listen(&mut self, step: u32, node: u32, what: Heard) -> Option<Task> {
        self.listens.insert(step, Listen { step, node, what, asked: self.now });
        Some(Task::Listen(step))
    }

    fn cancel(&mut self, step: u32) -> Option<Task> {
        self.timers.retain(|(_, of)| *of != step);
        let wanted = self.calls.remove(&step).is_some() || self.listens.remove(&step).is_some();
        wanted.then_some(Task::Cancel(step))
    }

    /// When the next timer is due.
    pub fn due(&self) -> Option<u64> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// The timers that are due at `now`, in their order.
    pub fn fired(&self, now: u64) -> Vec<Happened> {
        let due = self.timers.iter().take_while(|(at, _)| *at <= now.max(self.now));
        due.map(|(_, step)| Happened::Fired(*step)).collect()
    }
}
