//! Frames of inner scopes: opening them, and what their ends mean to the node that owns them.

use super::activity::{Activity, Ending, Outcome};
use super::frame::{Context, Kind, Opening, Section};
use super::slots::Slots;
use super::{FrameNo, Machine, NodeNo, Role, StepNo};

/// How a frame ended, as generated code branches on it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum EndedAs {
    Quiet = 0,
    /// The fault is at hand.
    Fault = 1,
    Return = 2,
    Cancelled = 3,
}

/// Whether a scope node is done, as generated code branches on it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Done {
    /// It still waits for frames to end.
    NotYet = 0,
    /// Its output is set.
    Ok = 1,
    /// The fault is at hand.
    Fault = 2,
    /// It only lets go of its frame.
    Gone = 3,
}

impl Machine {
    pub(super) fn open_root(&mut self, words: u32, timeout: Option<u64>) -> FrameNo {
        self.flow_timer = timeout.map(|timeout| self.sleep(0, 0, Role::FlowTimeout, timeout));
        let opening = Opening { kind: Kind::Root, outer: None, context: Context::None, slots: Slots::default(), words };
        self.open(opening)
    }

    pub(super) fn open_scope(
        &mut self,
        outer: FrameNo,
        owner: NodeNo,
        section: Section,
        context: Context,
        words: u32,
    ) -> FrameNo {
        self.work = self.work.saturating_add(1);
        let kind = Kind::Scope { owner, section };
        self.open(Opening { kind, outer: Some(outer), context, slots: Slots::default(), words })
    }

    pub(super) fn bound_scope(&mut self, frame: FrameNo, node: NodeNo, timeout: Option<u64>) -> Option<StepNo> {
        timeout.map(|timeout| self.sleep(frame, node, Role::ScopeTimeout, timeout))
    }

    /// How `inner` ended; whatever was decided about its node before wins.
    pub(super) fn ended_as(&mut self, inner: FrameNo) -> EndedAs {
        let Some(frame) = self.frames.get(inner) else { return EndedAs::Cancelled };
        let (kind, outer, ending) = (frame.kind, frame.outer, frame.ending.clone());
        if let (Kind::Scope { owner, section }, Some(outer)) = (kind, outer)
            && section != Section::Finally
            && let Some(outcome) = self.frame(outer).and_then(|frame| frame.activity(owner)).and_then(Activity::outcome)
            && outcome.is_some()
        {
            return EndedAs::Cancelled;
        }
        match ending {
            None => EndedAs::Quiet,
            Some(Ending::Return(_)) => EndedAs::Return,
            Some(Ending::Cancelled) => EndedAs::Cancelled,
            Some(Ending::Fault(fault)) => {
                self.fault = Some(fault);
                EndedAs::Fault
            }
        }
    }

    /// A return inside `inner` goes on to the scope that its node is in.
    pub(super) fn pass_return(&mut self, frame: FrameNo, inner: FrameNo) {
        if let Some(Ending::Return(value)) = self.frames.get(inner).and_then(|inner| inner.ending.clone()) {
            self.give(frame, Ending::Return(value));
        }
    }

    /// Ends a scope node whose frames have all ended, by what was decided about it; none if nothing was.
    pub(super) fn end_by_outcome(&mut self, outcome: Outcome) -> Option<Done> {
        match outcome {
            Outcome::Stopped => None,
            Outcome::Cancelled => Some(Done::Gone),
            Outcome::Fault(fault) => {
                self.fault = Some(fault);
                Some(Done::Fault)
            }
        }
    }

    pub(super) fn each(&mut self, frame: FrameNo, node: NodeNo) -> Option<&mut super::activity::Each> {
        match self.frame(frame)?.activity(node)? {
            Activity::Each(each) => Some(each),
            _ => None,
        }
    }

    pub(super) fn repeat(&mut self, frame: FrameNo, node: NodeNo) -> Option<&mut super::activity::Repeat> {
        match self.frame(frame)?.activity(node)? {
            Activity::Repeat(repeat) => Some(repeat),
            _ => None,
        }
    }

    pub(super) fn guard(&mut self, frame: FrameNo, node: NodeNo) -> Option<&mut super::activity::Try> {
        match self.frame(frame)?.activity(node)? {
            Activity::Try(guard) => Some(guard),
            _ => None,
        }
    }
}
