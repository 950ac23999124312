//! A frame: one activation of a scope, or one visit of a head in it.

use super::activity::{Activity, Ending};
use super::slots::Slots;
use super::turn::Later;
use super::{FrameNo, Machine, NodeNo, Text};
use loomwork_value::Value;

pub(super) struct Frame {
    /// Read and written by generated code: the frame's number, then how many wires of each join have settled.
    pub words: Box<[u32]>,
    pub kind: Kind,
    /// The frame of the node that this scope belongs to.
    pub outer: Option<FrameNo>,
    pub context: Context,
    pub slots: Slots,
    /// Nodes that have begun and not completed, by number.
    pub active: Vec<(NodeNo, Activity)>,
    /// Visits whose home this is, by number.
    pub visits: Vec<FrameNo>,
    /// Of a scope's frame: how often each head has been visited.
    pub visited: Vec<(NodeNo, u32)>,
    /// What keeps the frame from ending: nodes ready or active, arrivals, visits, and its own opening.
    pub holds: u32,
    pub ending: Option<Ending>,
    /// Among the frames that are being cancelled.
    pub cancelling: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Root,
    Scope { owner: NodeNo, section: Section },
    Visit { home: FrameNo },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Body,
    Catch,
    Finally,
}

/// What `each.…` and `repeat.…` are in a body.
#[derive(Clone)]
pub(super) enum Context {
    None,
    Item { index: u32, value: Value },
    Round { index: u32, last: Text },
}

impl Frame {
    pub fn activity(&mut self, node: NodeNo) -> Option<&mut Activity> {
        let at = self.active.binary_search_by_key(&node, |(n, _)| *n).ok()?;
        Some(&mut self.active[at].1)
    }

    pub fn begin(&mut self, node: NodeNo, activity: Activity) {
        match self.active.binary_search_by_key(&node, |(n, _)| *n) {
            Ok(at) => self.active[at].1 = activity,
            Err(at) => self.active.insert(at, (node, activity)),
        }
    }

    pub fn end(&mut self, node: NodeNo) -> Option<Activity> {
        let at = self.active.binary_search_by_key(&node, |(n, _)| *n).ok()?;
        Some(self.active.remove(at).1)
    }
}

/// What a new frame starts from.
pub(super) struct Opening {
    pub kind: Kind,
    pub outer: Option<FrameNo>,
    pub context: Context,
    pub slots: Slots,
    /// How many words its joins need.
    pub words: u32,
}

impl Machine {
    /// A new frame, held open until whoever opened it releases it.
    pub(super) fn open(&mut self, opening: Opening) -> FrameNo {
        self.last_frame += 1;
        let number = self.last_frame;
        let mut words = vec![0; opening.words as usize + 1].into_boxed_slice();
        words[0] = number;
        let frame = Frame {
            words,
            kind: opening.kind,
            outer: opening.outer,
            context: opening.context,
            slots: opening.slots,
            active: Vec::new(),
            visits: Vec::new(),
            visited: Vec::new(),
            holds: 1,
            ending: None,
            cancelling: false,
        };
        self.frames.push(number, Box::new(frame));
        number
    }

    pub(super) fn frame(&mut self, number: FrameNo) -> Option<&mut Frame> {
        self.frames.get_mut(number).map(|frame| &mut **frame)
    }

    pub(super) fn hold(&mut self, number: FrameNo) {
        if let Some(frame) = self.frame(number) {
            frame.holds += 1;
        }
    }

    /// Lets go of a frame. A frame that nothing holds when the task is over is quiet.
    pub(super) fn release(&mut self, number: FrameNo) {
        let Some(frame) = self.frame(number) else { return };
        frame.holds = frame.holds.saturating_sub(1);
        if frame.holds == 0
            && let Err(place) = self.quiet.binary_search(&number)
        {
            self.quiet.insert(place, number);
        }
    }

    /// Frames that the task just done has left quiet end in their turn, in the order in which they began.
    pub(super) fn queue_quiet(&mut self) {
        for number in std::mem::take(&mut self.quiet) {
            if self.frames.get(number).is_some_and(|frame| frame.holds == 0) {
                self.later.push_back(Later::Quiet(number));
            }
        }
    }

    /// The frame of the scope's activation that a visit belongs to; any other frame is its own.
    pub(super) fn scope_frame(&self, mut number: FrameNo) -> FrameNo {
        while let Some(Kind::Visit { home }) = self.frames.get(number).map(|frame| frame.kind) {
            number = home;
        }
        number
    }
}
