//! `try`: a body, a `catch` for its fault, and a `finally` that runs whatever happens.

use super::activity::{Activity, Ending, Outcome, Pending, Try};
use super::frame::{Context, Section};
use super::scope::Done;
use super::slots::{Output, Result as Slot};
use super::{FrameNo, Machine, NodeNo, Text};
use loomwork_types::Fault;
use std::rc::Rc;

impl Machine {
    pub(super) fn try_begin(&mut self, frame: FrameNo, node: NodeNo, timeout: Option<u64>) {
        let timer = self.bound_scope(frame, node, timeout);
        let guard = Try { section: Section::Body, frame: None, pending: Pending::Nothing, timer, outcome: None };
        if let Some(frame) = self.frame(frame) {
            frame.begin(node, Activity::Try(guard));
        }
    }

    /// A frame for a section. From `finally` on, the node's time limit holds no more.
    pub(super) fn try_open(&mut self, frame: FrameNo, node: NodeNo, section: Section, words: u32) -> Option<FrameNo> {
        if section == Section::Finally {
            let timer = self.guard(frame, node)?.timer.take();
            self.drop_step(timer);
        }
        let inner = self.open_scope(frame, node, section, Context::None, words);
        let guard = self.guard(frame, node)?;
        guard.section = section;
        guard.frame = Some(inner);
        Some(inner)
    }

    /// The fault at hand is what `catch` is for: `nodes.<node>.error` in it.
    pub(super) fn try_caught(&mut self, frame: FrameNo, node: NodeNo) {
        let fault = self.take_fault();
        self.show_fault(frame, node, fault);
    }

    /// `text` will be the output.
    pub(super) fn try_ok(&mut self, frame: FrameNo, node: NodeNo, text: Text) {
        self.pend(frame, node, Pending::Ok(text));
    }

    /// The fault at hand will be raised at the node.
    pub(super) fn try_fault(&mut self, frame: FrameNo, node: NodeNo) {
        let fault = self.take_fault();
        self.show_fault(frame, node, fault.clone());
        self.pend(frame, node, Pending::Fault(fault));
    }

    /// The return inside `inner` will go on.
    pub(super) fn try_return(&mut self, frame: FrameNo, node: NodeNo, inner: FrameNo) {
        if let Some(Ending::Return(value)) = self.frames.get(inner).and_then(|inner| inner.ending.clone()) {
            self.pend(frame, node, Pending::Return(value));
        }
    }

    pub(super) fn try_done(&mut self, frame: FrameNo, node: NodeNo) -> Done {
        let Some(Activity::Try(guard)) = self.frame(frame).and_then(|frame| frame.end(node)) else { return Done::Gone };
        self.drop_step(guard.timer);
        if let Some(Outcome::Cancelled) = guard.outcome {
            return Done::Gone;
        }
        // What `finally` ended with replaces even a time limit that was to be raised after it.
        let pending = match (guard.pending, guard.outcome) {
            (Pending::Nothing, Some(Outcome::Fault(fault))) => Pending::Fault(fault),
            (pending, _) => pending,
        };
        match pending {
            Pending::Ok(text) => {
                self.set_output(frame, node, Output::new(text));
                Done::Ok
            }
            Pending::Fault(fault) => {
                self.fault = Some(fault);
                Done::Fault
            }
            Pending::Return(value) => {
                self.give(frame, Ending::Return(value));
                Done::Gone
            }
            Pending::Nothing => Done::Gone,
        }
    }

    fn pend(&mut self, frame: FrameNo, node: NodeNo, pending: Pending) {
        if let Some(guard) = self.guard(frame, node) {
            guard.pending = pending;
        }
    }

    fn show_fault(&mut self, frame: FrameNo, node: NodeNo, fault: Fault) {
        if let Some(frame) = self.frame(frame) {
            frame.slots.set(node, Slot::Fault(Rc::new(fault)));
        }
    }
}
