//! Endings: giving a scope's frame its fault or return, and cancelling all that runs below.

use super::activity::{Activity, Ending, Outcome};
use super::turn::{Later, Ready};
use super::{FrameNo, Machine, NodeNo, Role, Step, StepNo};
use std::collections::VecDeque;

impl Machine {
    /// Gives the scope that `frame` is in its ending, unless it has one, and cancels what runs in it.
    pub(super) fn give(&mut self, frame: FrameNo, ending: Ending) {
        let scope = self.scope_frame(frame);
        let Some(found) = self.frame(scope) else { return };
        if found.ending.is_none() {
            found.ending = Some(ending);
            self.cancel(vec![scope]);
        }
    }

    /// Decides what scope node `node` will do once its frames have ended, and cancels them. True if there are none left.
    pub(super) fn cut_short(&mut self, frame: FrameNo, node: NodeNo, outcome: Outcome) -> bool {
        let Some(activity) = self.frame(frame).and_then(|frame| frame.activity(node)) else { return true };
        if let Some(place) = activity.outcome()
            && place.is_none()
        {
            *place = Some(outcome);
        }
        let below = activity.cancellable();
        let none_left = below.is_empty();
        for number in &below {
            self.mark_cancelled(*number);
        }
        self.cancel(below);
        none_left
    }

    fn mark_cancelled(&mut self, number: FrameNo) {
        if let Some(frame) = self.frame(number) {
            frame.ending.get_or_insert(Ending::Cancelled);
        }
    }

    /// Cancels everything in these frames and below: steps by number, then what was about to begin.
    fn cancel(&mut self, roots: Vec<FrameNo>) {
        let cancelled = self.reach(roots);
        let Self { steps, frames, .. } = &*self;
        let of_these = |step: &Step| frames.get(step.frame).is_some_and(|frame| frame.cancelling);
        let steps: Vec<StepNo> =
            steps.iter().filter(|(_, step)| step.role != Role::FlowTimeout && of_these(step)).map(|(number, _)| number).collect();
        for step in steps {
            self.drop_step(Some(step));
        }
        let mut released = self.unqueue();
        for number in cancelled {
            released.extend(self.drop_waiting(number));
            if let Some(frame) = self.frame(number) {
                frame.cancelling = false;
            }
        }
        for number in released {
            self.release(number);
        }
    }

    /// The given frames and all below them, each marked; frames of a `finally` are left out.
    fn reach(&mut self, roots: Vec<FrameNo>) -> Vec<FrameNo> {
        let (mut reached, mut open) = (Vec::new(), VecDeque::from(roots));
        while let Some(number) = open.pop_front() {
            let Some(frame) = self.frame(number) else { continue };
            if std::mem::replace(&mut frame.cancelling, true) {
                continue;
            }
            reached.push(number);
            let mut below = frame.visits.clone();
            for (_, activity) in &mut frame.active {
                below.extend(activity.cancellable());
                if let Some(outcome) = activity.outcome() {
                    *outcome = Some(Outcome::Cancelled);
                }
            }
            for inner in &below {
                self.mark_cancelled(*inner);
            }
            open.extend(below);
        }
        reached
    }

    /// Drops what is queued for the frames that are being cancelled; gives the frames to release, one for each.
    fn unqueue(&mut self) -> Vec<FrameNo> {
        let Self { frames, ready, later, .. } = self;
        let cancelling = |frame: FrameNo| frames.get(frame).is_some_and(|frame| frame.cancelling);
        let mut released = Vec::new();
        ready.retain(|Ready { frame, .. }| {
            let keep = !cancelling(*frame);
            if !keep {
                released.push(*frame);
            }
            keep
        });
        later.retain(|later| match later {
            Later::Arrival { home, .. } if cancelling(*home) => {
                released.push(*home);
                false
            }
            _ => true,
        });
        released
    }

    /// Forgets the nodes of a frame that only waited for the host.
    fn drop_waiting(&mut self, number: FrameNo) -> Vec<FrameNo> {
        let Some(frame) = self.frame(number) else { return Vec::new() };
        let before = frame.active.len();
        let mut kept = Vec::new();
        frame.active.retain(|(_, activity)| match activity {
            Activity::Call(_) | Activity::Wait { .. } => false,
            Activity::Repeat(repeat) if repeat.delay.is_some() => {
                kept.extend(repeat.body);
                false
            }
            Activity::Repeat(_) | Activity::Each(_) | Activity::Try(_) => true,
        });
        let dropped = before - frame.active.len();
        for round in kept {
            self.frames.remove(round);
        }
        vec![number; dropped]
    }
}
