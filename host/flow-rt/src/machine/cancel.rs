//! Endings: giving a scope's frame its fault or return, and cancelling all that runs below.

use super::activity::{Activity, Ending, Outcome};
use super::turn::{Later, Ready};
use super::{FrameNo, Machine, NodeNo, Role, StepNo};
use std::collections::BTreeSet;

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
        let steps: Vec<StepNo> = self
            .steps
            .iter()
            .filter(|(_, step)| step.role != Role::FlowTimeout && cancelled.contains(&step.frame))
            .map(|(number, _)| *number)
            .collect();
        for step in steps {
            self.drop_step(Some(step));
        }
        let mut released = self.unqueue(&cancelled);
        for number in &cancelled {
            released.extend(self.drop_waiting(*number));
        }
        for number in released {
            self.release(number);
        }
    }

    /// The given frames and all below them, each marked; frames of a `finally` are left out.
    fn reach(&mut self, roots: Vec<FrameNo>) -> BTreeSet<FrameNo> {
        let mut reached = BTreeSet::new();
        let mut open = roots;
        while let Some(number) = open.pop() {
            let Some(frame) = self.frame(number) else { continue };
            if !reached.insert(number) {
                continue;
            }
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

    /// Drops what is queued for these frames; gives the frames to release, one for each.
    fn unqueue(&mut self, cancelled: &BTreeSet<FrameNo>) -> Vec<FrameNo> {
        let mut released = Vec::new();
        self.ready.retain(|Ready { frame, .. }| {
            let keep = !cancelled.contains(frame);
            if !keep {
                released.push(*frame);
            }
            keep
        });
        self.later.retain(|later| match later {
            Later::Arrival { home, .. } if cancelled.contains(home) => {
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
            self.frames.remove(&round);
        }
        vec![number; dropped]
    }
}
