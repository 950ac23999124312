//! `repeat`: a body again and again, while or until something holds.

use super::activity::{Activity, Repeat};
use super::frame::{Context, Section};
use super::scope::Done;
use super::slots::Output;
use super::{FrameNo, Machine, NodeNo, Role, Text};

impl Machine {
    pub(super) fn repeat_begin(&mut self, frame: FrameNo, node: NodeNo, timeout: Option<u64>) {
        let timer = self.bound_scope(frame, node, timeout);
        let repeat = Repeat { round: 0, last: "null".into(), body: None, delay: None, timer, outcome: None };
        if let Some(frame) = self.frame(frame) {
            frame.begin(node, Activity::Repeat(repeat));
        }
    }

    /// A frame for the next round.
    pub(super) fn repeat_open(&mut self, frame: FrameNo, node: NodeNo, words: u32) -> Option<FrameNo> {
        let repeat = self.repeat(frame, node)?;
        let context = Context::Round { index: repeat.round, last: repeat.last.clone() };
        let inner = self.open_scope(frame, node, Section::Body, context, words);
        self.repeat(frame, node)?.body = Some(inner);
        Some(inner)
    }

    /// `text` is the result of the round that has ended. How many rounds that makes.
    pub(super) fn repeat_store(&mut self, frame: FrameNo, node: NodeNo, text: Text) -> u32 {
        let Some(repeat) = self.repeat(frame, node) else { return 0 };
        repeat.last = text;
        repeat.round += 1;
        repeat.round
    }

    /// In the frame of the round that has ended, `repeat.…` is now that of the round to come.
    pub(super) fn repeat_turn(&mut self, frame: FrameNo, node: NodeNo, inner: FrameNo) {
        let Some(repeat) = self.repeat(frame, node) else { return };
        let context = Context::Round { index: repeat.round, last: repeat.last.clone() };
        if let Some(inner) = self.frame(inner) {
            inner.context = context;
        }
    }

    /// Pauses before the next round; the frame of the one that has ended is kept, for `while` to read.
    pub(super) fn repeat_sleep(&mut self, frame: FrameNo, node: NodeNo, inner: FrameNo, delay: u64) {
        let step = self.sleep(frame, node, Role::Delay, delay);
        self.closing = None;
        if let Some(repeat) = self.repeat(frame, node) {
            repeat.delay = Some(step);
            repeat.body = Some(inner);
        }
    }

    /// The frame kept over the pause, now read for the last time.
    pub(super) fn repeat_kept(&mut self, frame: FrameNo, node: NodeNo) -> Option<FrameNo> {
        let kept = self.repeat(frame, node)?.body.take();
        self.closing = kept;
        kept
    }

    /// Ends the node: with the last round's result, or as was decided about it.
    pub(super) fn repeat_done(&mut self, frame: FrameNo, node: NodeNo) -> Done {
        let Some(repeat) = self.repeat_end(frame, node) else { return Done::Gone };
        if let Some(done) = repeat.outcome.and_then(|outcome| self.end_by_outcome(outcome)) {
            return done;
        }
        self.set_output(frame, node, Output::new(repeat.last));
        Done::Ok
    }

    /// Ends the node with the fault at hand.
    pub(super) fn repeat_failed(&mut self, frame: FrameNo, node: NodeNo) {
        self.repeat_end(frame, node);
    }

    fn repeat_end(&mut self, frame: FrameNo, node: NodeNo) -> Option<Repeat> {
        let Some(Activity::Repeat(repeat)) = self.frame(frame).and_then(|frame| frame.end(node)) else { return None };
        if let Some(unused) = repeat.body {
            self.frames.remove(unused);
        }
        self.drop_step(repeat.timer);
        Some(repeat)
    }
}
