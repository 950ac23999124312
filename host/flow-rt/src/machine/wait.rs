//! Waits: for a time, for a signal, for people's decision.

use super::activity::Activity;
use super::command::Command;
use super::slots::Output;
use super::turn::{Task, What};
use super::{FrameNo, Machine, NodeNo, Role, Step, StepNo, Text, json};

impl Machine {
    /// A wait until `at`, at once if that is past.
    pub(super) fn wait_until(&mut self, frame: FrameNo, node: NodeNo, at: u64, timeout: Option<u64>) {
        let step = self.sleep_until(frame, node, Role::Wait, at.max(self.now));
        let timer = self.bound_scope(frame, node, timeout);
        self.wait(frame, node, step, timer);
    }

    /// Listens until `due`, for ever without.
    pub(super) fn listen(&mut self, frame: FrameNo, node: NodeNo, name: Text, key: Text, due: Option<u64>) {
        let step = self.step(frame, node, Role::Heard);
        self.commands.push(Command::Listen { step, node, name, key });
        let timer = due.map(|due| self.sleep_until(frame, node, Role::ScopeTimeout, due.max(self.now)));
        self.wait(frame, node, step, timer);
    }

    /// Asks people. With a default, the time limit is a pause after which the node goes on by it.
    pub(super) fn ask(&mut self, frame: FrameNo, node: NodeNo, about: Text, timeout: Option<u64>, has_default: bool) {
        let step = self.step(frame, node, Role::Heard);
        let due = timeout.map(|timeout| self.now.saturating_add(timeout));
        self.commands.push(Command::Ask { step, node, due, about });
        let role = if has_default { Role::Delay } else { Role::ScopeTimeout };
        let timer = timeout.map(|timeout| self.sleep(frame, node, role, timeout));
        self.wait(frame, node, step, timer);
    }

    fn wait(&mut self, frame: FrameNo, node: NodeNo, step: StepNo, timer: Option<StepNo>) {
        if let Some(frame) = self.frame(frame) {
            frame.begin(node, Activity::Wait { step, timer });
        }
    }

    /// A signal or a decision has come.
    pub(super) fn heard(&mut self, step: StepNo, payload: Vec<u8>) -> Option<Task> {
        if self.steps.get(step)?.role != Role::Heard {
            return None;
        }
        let Step { frame, node, .. } = self.steps.remove(step)?;
        if let Some(Activity::Wait { timer, .. }) = self.frame(frame)?.end(node) {
            self.drop_step(timer);
        }
        match json::accept(payload) {
            Ok(text) => {
                self.set_output(frame, node, Output::new(text));
                Some(Task::node(node, What::Returned, frame))
            }
            Err(fault) => {
                self.fault = Some(fault);
                Some(Task::node(node, What::Threw, frame))
            }
        }
    }

    /// A pause is over: the next attempt or round can begin; an undecided question is taken back.
    pub(super) fn pause_over(&mut self, frame: FrameNo, node: NodeNo) -> Option<Task> {
        match self.frame(frame)?.activity(node) {
            Some(Activity::Repeat(repeat)) => repeat.delay = None,
            Some(Activity::Wait { step, .. }) => {
                let step = *step;
                self.frame(frame)?.end(node);
                self.drop_step(Some(step));
            }
            _ => {}
        }
        Some(Task::node(node, What::Again, frame))
    }

    /// Answers whoever waits for the run; false if that has been done.
    pub(super) fn respond(&mut self, value: Text) -> bool {
        if std::mem::replace(&mut self.responded, true) {
            return false;
        }
        self.commands.push(Command::Respond(value));
        true
    }
}
