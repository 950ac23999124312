//! `docs/machine.md` once more, as plainly as possible: a walk over the plan that looks at everything after every task.
//!
//! Nothing is counted or kept that can be looked up: whether a frame is quiet is found by searching for what is active in it.

mod control;
mod evaluate;
mod frame;

use crate::host::{Event, Happened};
use frame::{Ending, Frame, Kind, Out, Running};
use loomwork_check::plan::*;
use serde_json::Value as Json;
use std::collections::{BTreeMap, VecDeque};

/// A fault, without its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    pub code: String,
    pub message: String,
    pub data: Json,
}

impl Flaw {
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), message: String::new(), data: Json::Null }
    }

    pub fn json(&self) -> Json {
        serde_json::json!({"code": self.code, "message": self.message, "data": self.data})
    }
}

/// What is asked of the host, with JSON as values.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Call { step: u32, node: u32, attempt: u32, deadline: Option<u64>, input: Json },
    Sleep { step: u32, at: u64 },
    Listen { step: u32, node: u32, name: String, key: Json },
    Ask { step: u32, node: u32, due: Option<u64>, about: Json },
    Cancel(u32),
    Emit(String, Json),
    Respond(Json),
    Finish(Json),
    Abort(String),
}

#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Call,
    CallTimeout,
    Pause,
    Wait,
    /// Of a signal or a decision.
    Told,
    ScopeTimeout,
    FlowTimeout,
}

#[derive(Clone)]
enum Task {
    Node { frame: usize, node: NodeIx, live: bool },
    Arrival { home: usize, from: usize, head: NodeIx },
    Quiet(usize),
}

pub struct Reference<'a> {
    plan: &'a Plan,
    frames: Vec<Frame>,
    steps: BTreeMap<u32, (usize, NodeIx, Purpose)>,
    last_step: u32,
    ready: VecDeque<Task>,
    later: VecDeque<Task>,
    asked: Vec<Asked>,
    now: u64,
    started_at: u64,
    random: u64,
    input: Json,
    begun: bool,
    responded: bool,
    ended: bool,
}

impl<'a> Reference<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            frames: Vec::new(),
            steps: BTreeMap::new(),
            last_step: 0,
            ready: VecDeque::new(),
            later: VecDeque::new(),
            asked: Vec::new(),
            now: 0,
            started_at: 0,
            random: 0,
            input: Json::Null,
            begun: false,
            responded: false,
            ended: false,
        }
    }

    pub fn advance(&mut self, event: &Event) -> Vec<Asked> {
        let start = matches!(event.what, Happened::Start(_));
        if !self.ended && self.begun != start {
            self.now = self.now.max(event.at);
            self.take(&event.what);
            self.work();
        }
        std::mem::take(&mut self.asked)
    }

    fn take(&mut self, what: &Happened) {
        match what {
            Happened::Start(start) => {
                self.begun = true;
                self.started_at = self.now;
                self.input = serde_json::from_str(&start.input).expect("the tests start with JSON");
                self.random = start.seed;
                if let Some(timeout) = self.plan.timeout_ms {
                    self.sleep(0, NodeIx::MAX, Purpose::FlowTimeout, self.now + timeout);
                }
                let root = self.new_frame(0, Kind::Root);
                self.begin_frame(root);
            }
            Happened::Returned((step, output)) => {
                if let Some((frame, node)) = self.answered(*step, Purpose::Call) {
                    self.came(frame, node, output);
                }
            }
            Happened::Threw((step, fault)) => {
                if let Some((frame, node)) = self.answered(*step, Purpose::Call) {
                    let data = fault.data.as_ref().map_or(Json::Null, |data| serde_json::from_str(data).expect("JSON"));
                    let flaw = Flaw { code: fault.code.clone(), message: fault.message.clone(), data };
                    self.attempt_failed(frame, node, flaw);
                }
            }
            Happened::Fired(step) => self.fired(*step),
            Happened::Heard((step, payload)) => {
                if let Some((frame, node)) = self.answered(*step, Purpose::Told) {
                    self.came(frame, node, payload);
                }
            }
            Happened::Stop => self.give(0, Ending::Cancelled),
        }
    }

    /// Works off everything that follows.
    fn work(&mut self) {
        loop {
            self.find_quiet();
            let Some(task) = self.ready.pop_front().or_else(|| self.later.pop_front()) else { return };
            match task {
                Task::Node { frame, node, live: true } => self.run(frame, node),
                Task::Node { frame, node, live: false } => self.settle(frame, node, None),
                Task::Arrival { home, from, head } => self.visit(home, from, head),
                Task::Quiet(frame) => self.end_frame(frame),
            }
            if self.ended {
                self.ready.clear();
                self.later.clear();
                self.steps.clear();
                return;
            }
        }
    }

    fn find_quiet(&mut self) {
        for frame in 0..self.frames.len() {
            if self.frames[frame].alive && !self.frames[frame].queued && !self.is_active(frame) {
                self.frames[frame].queued = true;
                self.later.push_back(Task::Quiet(frame));
            }
        }
    }

    fn is_active(&self, frame: usize) -> bool {
        let queued = |task: &Task| match task {
            Task::Node { frame: of, .. } => *of == frame,
            Task::Arrival { home, .. } => *home == frame,
            Task::Quiet(_) => false,
        };
        !self.frames[frame].running.is_empty()
            || self.ready.iter().chain(&self.later).any(queued)
            || self.frames.iter().any(|other| other.alive && matches!(other.kind, Kind::Visit { home, .. } if home == frame))
    }

    fn step(&mut self, frame: usize, node: NodeIx, purpose: Purpose) -> u32 {
        self.last_step += 1;
        self.steps.insert(self.last_step, (frame, node, purpose));
        self.last_step
    }

    fn sleep(&mut self, frame: usize, node: NodeIx, purpose: Purpose, at: u64) {
        let step = self.step(frame, node, purpose);
        self.asked.push(Asked::Sleep { step, at });
    }

    /// Cancels the steps that fit, by number.
    fn cancel_steps(&mut self, fits: impl Fn(usize, NodeIx, Purpose) -> bool) {
        let fitting: Vec<u32> = self
            .steps
            .iter()
            .filter(|(_, (frame, node, purpose))| fits(*frame, *node, *purpose))
            .map(|(step, _)| *step)
            .collect();
        for step in fitting {
            self.steps.remove(&step);
            self.asked.push(Asked::Cancel(step));
        }
    }

    /// What is answered, no longer open; its timer goes with it.
    fn answered(&mut self, step: u32, wanted: Purpose) -> Option<(usize, NodeIx)> {
        let (frame, node, purpose) = *self.steps.get(&step)?;
        if purpose != wanted {
            return None;
        }
        self.steps.remove(&step);
        self.cancel_steps(|f, n, _| f == frame && n == node);
        Some((frame, node))
    }

    /// JSON that a node waited for.
    fn came(&mut self, frame: usize, node: NodeIx, json: &str) {
        self.frames[frame].running.remove(&node);
        match loomwork_types::decode(&self.plan.nodes[node as usize].output, json) {
            Ok(_) => {
                let output = serde_json::from_str(json).expect("the tests send JSON");
                self.complete(frame, node, Port::Ok, Out::Output(output));
            }
            Err(mismatch) => self.fault(frame, node, Flaw::new(mismatch.code)),
        }
    }

    fn fired(&mut self, step: u32) {
        let Some((frame, node, purpose)) = self.steps.get(&step).copied() else { return };
        if matches!(purpose, Purpose::Call | Purpose::Told) {
            return;
        }
        self.steps.remove(&step);
        match purpose {
            Purpose::Call | Purpose::Told => {}
            Purpose::CallTimeout => {
                self.cancel_steps(|f, n, p| f == frame && n == node && p == Purpose::Call);
                self.attempt_failed(frame, node, Flaw::new("limit.time"));
            }
            Purpose::Pause => self.after_pause(frame, node),
            Purpose::Wait => {
                self.frames[frame].running.remove(&node);
                self.cancel_steps(|f, n, p| f == frame && n == node && p == Purpose::ScopeTimeout);
                self.complete(frame, node, Port::Ok, Out::Output(Json::Null));
            }
            Purpose::ScopeTimeout => self.scope_timed_out(frame, node),
            Purpose::FlowTimeout => self.give(0, Ending::Fault(Flaw::new("limit.time"))),
        }
    }

    /// The node has an output or fault, and leaves by a port.
    fn complete(&mut self, frame: usize, node: NodeIx, port: Port, out: Out) {
        self.frames[frame].out.insert(node, out);
        self.frames[frame].made.insert(node);
        self.settle(frame, node, Some(port));
    }

    fn settle(&mut self, frame: usize, node: NodeIx, port: Option<Port>) {
        let plan = self.plan;
        for wire in &plan.nodes[node as usize].outgoing {
            let Wire { port: of, to, .. } = plan.wires[*wire as usize];
            let live = port == Some(of);
            if plan.nodes[to as usize].region == Some(to) {
                if live {
                    let home = self.home_of(frame, to);
                    self.later.push_back(Task::Arrival { home, from: frame, head: to });
                }
                continue;
            }
            self.frames[frame].settled.insert(*wire, live);
            let settled: Vec<bool> = plan.nodes[to as usize]
                .incoming
                .iter()
                .filter_map(|wire| self.frames[frame].settled.get(wire).copied())
                .collect();
            if settled.len() == plan.nodes[to as usize].incoming.len() {
                self.ready.push_back(Task::Node { frame, node: to, live: settled.contains(&true) });
            }
        }
    }

    /// The node's fault: out by its `error` wire, or raised.
    fn fault(&mut self, frame: usize, node: NodeIx, flaw: Flaw) {
        let of = &self.plan.nodes[node as usize];
        if of.handles_error && !matches!(of.what, What::Fail { .. }) {
            self.complete(frame, node, Port::Error, Out::Fault(flaw));
        } else {
            self.give(frame, Ending::Fault(flaw));
        }
    }

    fn new_frame(&mut self, scope: ScopeIx, kind: Kind) -> usize {
        self.frames.push(Frame::new(scope, kind));
        self.frames.len() - 1
    }

    fn begin_frame(&mut self, frame: usize) {
        let plan = self.plan;
        for entry in &plan.scopes[self.frames[frame].scope as usize].entries {
            if plan.nodes[*entry as usize].region == Some(*entry) {
                self.later.push_back(Task::Arrival { home: frame, from: frame, head: *entry });
            } else {
                self.ready.push_back(Task::Node { frame, node: *entry, live: true });
            }
        }
    }

    /// The frame around the visits of a head, seen from a frame in or below it: up until the head's own visits are left.
    fn home_of(&self, mut frame: usize, head: NodeIx) -> usize {
        let around = dominating_heads(self.plan, head);
        while let Kind::Visit { home, head: of } = self.frames[frame].kind {
            if around.contains(&of) {
                break;
            }
            frame = home;
        }
        frame
    }

    fn visit(&mut self, home: usize, from: usize, head: NodeIx) {
        let scope = self.frames[home].scope;
        let visit = self.new_frame(scope, Kind::Visit { home, head });
        self.frames[visit].out = self.frames[from].out.clone();
        let mut around = home;
        while let Kind::Visit { home, .. } = self.frames[around].kind {
            around = home;
        }
        let count = self.frames[around].visits.entry(head).or_default();
        *count += 1;
        let (count, max) = (*count, self.plan.nodes[head as usize].max_visits);
        if count <= max {
            self.run(visit, head);
        } else if count == max + 1 {
            self.fault(visit, head, Flaw::new("limit.visits"));
        } else {
            self.give(visit, Ending::Fault(Flaw::new("limit.visits")));
        }
    }

    /// Gives the scope around a frame its ending, unless it has one.
    fn give(&mut self, frame: usize, ending: Ending) {
        let mut scope = frame;
        while let Kind::Visit { home, .. } = self.frames[scope].kind {
            scope = home;
        }
        if self.frames[scope].ending.is_none() {
            self.frames[scope].ending = Some(ending);
            self.cancel_below(&[scope]);
        }
    }

    /// Cancels all that runs in some frames and below, except in a `finally`.
    fn cancel_below(&mut self, roots: &[usize]) {
        let mut reached = roots.to_vec();
        let mut place = 0;
        while place < reached.len() {
            let of = reached[place];
            for frame in 0..self.frames.len() {
                let below = match self.frames[frame].kind {
                    Kind::Visit { home, .. } => home == of,
                    Kind::Section { outer, section, .. } => outer == of && section != Section::Finally,
                    Kind::Root => false,
                };
                if below && self.frames[frame].alive && !reached.contains(&frame) {
                    reached.push(frame);
                }
            }
            place += 1;
        }
        self.cancel_steps(|frame, _, purpose| purpose != Purpose::FlowTimeout && reached.contains(&frame));
        let stays = |task: &Task| match task {
            Task::Node { frame, .. } => !reached.contains(frame),
            Task::Arrival { home, .. } => !reached.contains(home),
            Task::Quiet(_) => true,
        };
        self.ready.retain(stays);
        self.later.retain(stays);
        for frame in &reached {
            let frame = &mut self.frames[*frame];
            frame.ending.get_or_insert(Ending::Cancelled);
            frame.running.retain(|_, running| running.is_scope());
            for running in frame.running.values_mut() {
                running.cancel();
            }
        }
    }

    fn end_frame(&mut self, frame: usize) {
        self.frames[frame].alive = false;
        let ending = self.frames[frame].ending.clone();
        match self.frames[frame].kind {
            Kind::Root => {
                self.cancel_steps(|_, _, purpose| purpose == Purpose::FlowTimeout);
                self.ended = true;
                self.asked.push(match ending {
                    None => Asked::Finish(Json::Null),
                    Some(Ending::Return(value)) => Asked::Finish(value),
                    Some(Ending::Fault(flaw)) => Asked::Abort(flaw.code),
                    Some(Ending::Cancelled) => Asked::Abort("run.cancelled".to_owned()),
                });
            }
            Kind::Visit { home, .. } => {
                if ending.is_none() {
                    for node in self.frames[frame].made.clone() {
                        let out = self.frames[frame].out[&node].clone();
                        self.frames[home].out.insert(node, out);
                        self.frames[home].made.insert(node);
                    }
                }
            }
            Kind::Section { outer, owner, section } => {
                if !matches!(self.frames[outer].running.get(&owner), None | Some(Running::Call { .. } | Running::Wait)) {
                    self.section_ended(outer, owner, section, frame, ending);
                }
            }
        }
    }
}

/// Heads, other than itself, that every way from the start of its scope to `node` leads through.
pub fn dominating_heads(plan: &Plan, node: NodeIx) -> Vec<NodeIx> {
    let scope = &plan.scopes[plan.nodes[node as usize].scope as usize];
    let is_head = |other: &NodeIx| *other != node && plan.nodes[*other as usize].region == Some(*other);
    scope.nodes.iter().copied().filter(is_head).filter(|head| !crate::plans::reaches(plan, &scope.entries, node, *head)).collect()
}
