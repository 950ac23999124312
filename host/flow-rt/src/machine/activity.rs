//! What a node that has begun is in the middle of, and how frames and scope nodes come to an end.

use super::frame::Section;
use super::{FrameNo, StepNo, Text};
use loomwork_types::Fault;
use loomwork_value::Value;
use std::rc::Rc;

/// How a scope's frame was made to end. A frame without one ends by falling quiet.
#[derive(Clone)]
pub(super) enum Ending {
    Fault(Fault),
    Return(Text),
    Cancelled,
}

/// What a scope node will do once its frames have ended, decided before they have.
pub(super) enum Outcome {
    /// `break`: complete with what there is.
    Stopped,
    Fault(Fault),
    Cancelled,
}

pub(super) enum Activity {
    Call(Call),
    Wait { step: StepNo, timer: Option<StepNo> },
    Each(Each),
    Repeat(Repeat),
    Try(Try),
}

/// A function's call, or the pause before the next attempt.
pub(super) struct Call {
    pub attempt: u32,
    /// The first attempt's step.
    pub first: StepNo,
    /// The input, kept if there may be another attempt.
    pub input: Option<Text>,
    pub step: StepNo,
    pub timer: Option<StepNo>,
}

pub(super) struct Each {
    pub items: Items,
    pub next: u32,
    /// By the items' order; none for what was skipped, failed or never finished.
    pub results: Vec<Option<Text>>,
    /// The bodies that run, by number.
    pub running: Vec<FrameNo>,
    pub concurrency: u32,
    pub timer: Option<StepNo>,
    pub outcome: Option<Outcome>,
}

pub(super) type Items = Rc<[Value]>;

pub(super) struct Repeat {
    /// Rounds that have ended.
    pub round: u32,
    pub last: Text,
    /// The round that runs, or that ended last.
    pub body: Option<FrameNo>,
    /// The pause before the next round.
    pub delay: Option<StepNo>,
    pub timer: Option<StepNo>,
    pub outcome: Option<Outcome>,
}

pub(super) struct Try {
    pub section: Section,
    pub frame: Option<FrameNo>,
    /// What happens after `finally`.
    pub pending: Pending,
    pub timer: Option<StepNo>,
    pub outcome: Option<Outcome>,
}

pub(super) enum Pending {
    Nothing,
    Ok(Text),
    Fault(Fault),
    Return(Text),
}

impl Activity {
    pub fn outcome(&mut self) -> Option<&mut Option<Outcome>> {
        match self {
            Activity::Each(each) => Some(&mut each.outcome),
            Activity::Repeat(repeat) => Some(&mut repeat.outcome),
            Activity::Try(guard) => Some(&mut guard.outcome),
            Activity::Call(_) | Activity::Wait { .. } => None,
        }
    }

    /// The frames below it that are cancelled with it: a `finally` is left to run.
    pub fn cancellable(&self) -> Vec<FrameNo> {
        match self {
            Activity::Each(each) => each.running.clone(),
            Activity::Repeat(repeat) if repeat.delay.is_none() => repeat.body.into_iter().collect(),
            Activity::Try(guard) if guard.section != Section::Finally => guard.frame.into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// One of its frames has ended.
    pub fn forget(&mut self, frame: FrameNo) {
        match self {
            Activity::Each(each) => each.running.retain(|running| *running != frame),
            Activity::Repeat(repeat) => repeat.body = None,
            Activity::Try(guard) => guard.frame = None,
            Activity::Call(_) | Activity::Wait { .. } => {}
        }
    }
}
