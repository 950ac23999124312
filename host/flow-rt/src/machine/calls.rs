//! Calls of functions and flows, their retries and time limits.

use super::activity::{Activity, Call, Ending};
use super::command::Command;
use super::slots::Result as Done;
use super::{FrameNo, Machine, NodeNo, Role, Text, json};
use loomwork_types::Fault;
use std::rc::Rc;

/// How a function node tries again, as written in its document.
pub(super) struct Retry {
    pub attempts: u32,
    pub delay_ms: u64,
    /// 1 for a constant delay.
    pub factor: f64,
    pub max_delay_ms: u64,
    pub jitter: f64,
}

impl Machine {
    /// The first attempt. Its input is kept if there may be others.
    pub(super) fn call(&mut self, frame: FrameNo, node: NodeNo, input: Text, timeout: Option<u64>, keep: bool) {
        let step = self.send(frame, node, (1, None), timeout, input.clone());
        let timer = self.bound(frame, node, timeout);
        let call = Call { attempt: 1, first: step, input: keep.then_some(input), step, timer };
        if let Some(frame) = self.frame(frame) {
            frame.begin(node, Activity::Call(call));
        }
    }

    /// The next attempt, after its delay.
    pub(super) fn call_again(&mut self, frame: FrameNo, node: NodeNo, timeout: Option<u64>) {
        let Some(Activity::Call(call)) = self.frame(frame).and_then(|frame| frame.activity(node)) else { return };
        call.attempt += 1;
        let attempt = (call.attempt, Some(call.first));
        let input = call.input.clone().unwrap_or_else(|| "null".into());
        let step = self.send(frame, node, attempt, timeout, input);
        let timer = self.bound(frame, node, timeout);
        if let Some(Activity::Call(call)) = self.frame(frame).and_then(|frame| frame.activity(node)) {
            call.step = step;
            call.timer = timer;
        }
    }

    /// `attempt` is its number and the step of the first one, if this is another.
    fn send(&mut self, frame: FrameNo, node: NodeNo, attempt: (u32, Option<u32>), timeout: Option<u64>, input: Text) -> u32 {
        let step = self.step(frame, node, Role::Call);
        let deadline = timeout.map(|timeout| self.now.saturating_add(timeout));
        let (attempt, first) = (attempt.0, attempt.1.unwrap_or(step));
        self.commands.push(Command::Call { step, node, attempt, first, deadline, input });
        step
    }

    fn bound(&mut self, frame: FrameNo, node: NodeNo, timeout: Option<u64>) -> Option<u32> {
        timeout.map(|timeout| self.sleep(frame, node, Role::CallTimeout, timeout))
    }

    /// Which attempt has just failed, from 1.
    pub(super) fn attempt(&mut self, frame: FrameNo, node: NodeNo) -> u32 {
        self.attempt = match self.frame(frame).and_then(|frame| frame.activity(node)) {
            Some(Activity::Call(call)) => call.attempt,
            _ => 0,
        };
        self.attempt
    }

    /// Waits before the next attempt. False if there is none.
    pub(super) fn retry(&mut self, frame: FrameNo, node: NodeNo, retry: &Retry) -> bool {
        let attempt = self.attempt(frame, node);
        if attempt == 0 || attempt >= retry.attempts {
            return false;
        }
        let asked = self.fault.take().and_then(|fault| retry_after(&fault)).unwrap_or_default();
        let delay = self.retry_delay(attempt, retry).max(asked.min(retry.max_delay_ms));
        let step = self.sleep(frame, node, Role::Delay, delay);
        if let Some(Activity::Call(call)) = self.frame(frame).and_then(|frame| frame.activity(node)) {
            call.step = step;
            call.timer = None;
        }
        true
    }

    /// Milliseconds after failed attempt `attempt`, as the document has it.
    fn retry_delay(&mut self, attempt: u32, retry: &Retry) -> u64 {
        let max = retry.max_delay_ms as f64;
        let mut delay = retry.delay_ms as f64;
        for _ in 1..attempt {
            if retry.factor == 1.0 || delay >= max || delay == 0.0 {
                break;
            }
            delay *= retry.factor;
        }
        delay = delay.min(max);
        if retry.jitter > 0.0 {
            delay *= 1.0 + retry.jitter * (2.0 * self.random_unit() - 1.0);
        }
        (delay + 0.5) as u64
    }

    /// `nodes.<node>.error` becomes the fault at hand.
    pub(super) fn keep_fault(&mut self, frame: FrameNo, node: NodeNo) {
        let fault = self.take_fault();
        if let Some(frame) = self.frame(frame) {
            frame.end(node);
            frame.slots.set(node, Done::Fault(Rc::new(fault)));
        }
    }

    /// The fault at hand ends the scope, for want of an `error` wire; the node lets go of its frame.
    pub(super) fn raise(&mut self, frame: FrameNo, node: NodeNo) {
        let fault = self.take_fault();
        if let Some(frame) = self.frame(frame) {
            frame.end(node);
        }
        self.give(frame, Ending::Fault(fault));
        self.release(frame);
    }

    pub(super) fn take_fault(&mut self) -> Fault {
        self.fault.take().unwrap_or_else(|| Fault::new("bug.no_fault", "failed without a fault"))
    }
}

/// How many milliseconds whoever failed asks to be left alone: `retry_after` in the fault's data, in seconds.
fn retry_after(fault: &Fault) -> Option<u64> {
    let seconds: f64 = json::slice(fault.data.as_deref()?, "retry_after")?.parse().ok()?;
    Some((seconds.max(0.0) * 1_000.0 + 0.5) as u64)
}
