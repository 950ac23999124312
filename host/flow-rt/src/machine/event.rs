//! What happened: each event is turned into the task it causes, or into nothing.

use super::activity::{Activity, Ending, Outcome};
use super::slots::Output;
use super::turn::{Task, What};
use super::{FrameNo, Machine, NodeNo, Phase, Role, Run, Step, StepNo, json};
use loomwork_types::Fault;

pub(super) struct Event {
    pub at: u64,
    pub what: Happened,
}

/// Texts are as the host sent them: nothing about them is believed yet.
pub(super) enum Happened {
    Start { input: Vec<u8>, run: Vec<u8>, seed: u64, vars: Vec<u8> },
    Returned { step: StepNo, output: Vec<u8> },
    Threw { step: StepNo, code: Vec<u8>, message: Vec<u8>, data: Option<Vec<u8>> },
    Fired { step: StepNo },
    Heard { step: StepNo, payload: Vec<u8> },
    Stop,
}

impl Machine {
    pub(super) fn take(&mut self, event: Event) -> Option<Task> {
        let begun = match (&self.phase, &event.what) {
            (Phase::New, Happened::Start { .. }) => true,
            (Phase::Running, Happened::Start { .. }) => false,
            (Phase::Running, _) => true,
            _ => false,
        };
        if !begun {
            return None;
        }
        self.now = self.now.max(event.at);
        match event.what {
            Happened::Start { input, run, seed, vars } => self.start(input, run, seed, vars),
            Happened::Returned { step, output } => self.returned(step, output),
            Happened::Threw { step, code, message, data } => {
                let (frame, node) = self.answered(step)?;
                self.fault = Some(read_fault(code, message, data));
                Some(Task::node(node, What::Threw, frame))
            }
            Happened::Fired { step } => self.fired(step),
            Happened::Heard { step, payload } => self.heard(step, payload),
            Happened::Stop => {
                let root = self.frames.first()?;
                self.give(root, Ending::Cancelled);
                None
            }
        }
    }

    fn start(&mut self, input: Vec<u8>, id: Vec<u8>, seed: u64, vars: Vec<u8>) -> Option<Task> {
        match (json::accept(input), json::accept(vars), String::from_utf8(id)) {
            (Ok(input), Ok(vars), Ok(id)) => {
                self.run = Run { id, seed, started_at: self.now, input: Output::new(input), vars: Output::new(vars) };
                self.random = seed;
                self.phase = Phase::Running;
                Some(Task { entry: 0, what: What::Run, frame: 0, inner: None })
            }
            (Err(fault), ..) | (_, Err(fault), _) => {
                self.break_down(fault);
                None
            }
            (.., Err(_)) => {
                self.break_down(Fault::new("json.invalid", "the run's id is not UTF-8"));
                None
            }
        }
    }

    /// The call that `step` is, now no longer open; its timer is taken back.
    fn answered(&mut self, step: StepNo) -> Option<(FrameNo, NodeNo)> {
        if self.steps.get(step)?.role != Role::Call {
            return None;
        }
        let Step { frame, node, .. } = self.steps.remove(step)?;
        let timer = match self.frame(frame)?.activity(node) {
            Some(Activity::Call(call)) => call.timer.take(),
            _ => None,
        };
        self.drop_step(timer);
        Some((frame, node))
    }

    fn returned(&mut self, step: StepNo, output: Vec<u8>) -> Option<Task> {
        let (frame, node) = self.answered(step)?;
        match json::accept(output) {
            Ok(text) => {
                self.frame(frame)?.end(node);
                self.set_output(frame, node, Output::new(text));
                Some(Task::node(node, What::Returned, frame))
            }
            Err(fault) => {
                self.fault = Some(fault);
                Some(Task::node(node, What::Threw, frame))
            }
        }
    }

    fn fired(&mut self, step: StepNo) -> Option<Task> {
        if matches!(self.steps.get(step)?.role, Role::Call | Role::Heard) {
            return None;
        }
        let Step { frame, node, role } = self.steps.remove(step)?;
        match role {
            Role::Call | Role::Heard => None,
            Role::CallTimeout => self.call_timed_out(frame, node),
            Role::Delay => self.pause_over(frame, node),
            Role::Wait => {
                if let Some(Activity::Wait { timer, .. }) = self.frame(frame)?.end(node) {
                    self.drop_step(timer);
                }
                self.set_output(frame, node, Output::default());
                Some(Task::node(node, What::Returned, frame))
            }
            Role::ScopeTimeout => self.scope_timed_out(frame, node),
            Role::FlowTimeout => {
                self.flow_timer = None;
                let root = self.frames.first()?;
                self.give(root, Ending::Fault(out_of_time()));
                None
            }
        }
    }

    fn call_timed_out(&mut self, frame: FrameNo, node: NodeNo) -> Option<Task> {
        let Some(Activity::Call(call)) = self.frame(frame)?.activity(node) else { return None };
        call.timer = None;
        let step = call.step;
        self.drop_step(Some(step));
        self.fault = Some(out_of_time());
        Some(Task::node(node, What::Threw, frame))
    }

    fn scope_timed_out(&mut self, frame: FrameNo, node: NodeNo) -> Option<Task> {
        let delay = match self.frame(frame)?.activity(node)? {
            Activity::Wait { step, .. } => Some(*step),
            Activity::Repeat(repeat) => {
                repeat.timer = None;
                repeat.delay.take()
            }
            Activity::Each(each) => {
                each.timer = None;
                None
            }
            Activity::Try(guard) => {
                guard.timer = None;
                None
            }
            Activity::Call(_) => return None,
        };
        if delay.is_none() {
            self.cut_short(frame, node, Outcome::Fault(out_of_time()));
            return None;
        }
        // In a wait, and between two rounds, nothing runs that would have to end first.
        self.drop_step(delay);
        if let Some(Activity::Repeat(repeat)) = self.frame(frame)?.end(node) {
            self.closing = repeat.body;
        }
        self.fault = Some(out_of_time());
        Some(Task::node(node, What::Threw, frame))
    }
}

fn out_of_time() -> Fault {
    Fault::new("limit.time", "took longer than its timeout")
}

fn read_fault(code: Vec<u8>, message: Vec<u8>, data: Option<Vec<u8>>) -> Fault {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let fault = Fault::new(text(code), text(message));
    match data.map(json::accept) {
        Some(Ok(data)) => fault.data(&*data),
        Some(Err(_)) | None => fault,
    }
}
