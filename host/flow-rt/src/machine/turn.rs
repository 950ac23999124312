//! What is to be done next. Nodes that are ready come first, then arrivals and quiet frames in order, then the next event.
//!
//! Everything waits in queues, so no flow, however long or looped, makes the stack grow.

use super::activity::Ending;
use super::command::Command;
use super::frame::{Kind, Opening};
use super::slots::{Output, Result as Done};
use super::{FrameNo, Machine, NodeNo, Phase, WORK_LIMIT};
use loomwork_types::Fault;

pub(super) struct Ready {
    pub frame: FrameNo,
    pub node: NodeNo,
    pub skip: bool,
}

pub(super) enum Later {
    /// A live wire reached a head: a visit begins, whose home holds it.
    Arrival {
        home: FrameNo,
        from: FrameNo,
        head: NodeNo,
    },
    Quiet(FrameNo),
}

/// Something that generated code takes on.
#[derive(Clone, Copy)]
pub(super) struct Task {
    /// 0 is the flow itself, else the node's number plus one.
    pub entry: u32,
    pub what: What,
    pub frame: FrameNo,
    /// For [`What::Ended`]: the frame that has ended.
    pub inner: Option<FrameNo>,
}

/// Why a node is entered. Generated code branches on the number.
#[derive(Clone, Copy)]
#[repr(u32)]
pub(super) enum What {
    /// All its wires have settled, and one is live.
    Run = 0,
    /// All its wires are dead.
    Skip = 1,
    /// A visit of it begins, in the visit's own frame.
    Visit = 2,
    /// What it asked for is there: its output is set.
    Returned = 3,
    /// What it asked for has failed: the fault is at hand.
    Threw = 4,
    /// The pause is over.
    Again = 5,
    /// A frame of its scope has ended.
    Ended = 6,
}

impl Task {
    pub fn node(node: NodeNo, what: What, frame: FrameNo) -> Self {
        Self { entry: node + 1, what, frame, inner: None }
    }
}

impl Machine {
    pub(super) fn next(&mut self) -> Option<Task> {
        self.end_task();
        loop {
            if matches!(self.phase, Phase::Broken(_)) {
                return None;
            }
            self.queue_quiet();
            self.work += 1;
            if self.work > WORK_LIMIT {
                self.break_down(Fault::new("limit.work", "one event caused more than 10 000 000 activations"));
                return None;
            }
            if let Some(Ready { frame, node, skip }) = self.ready.pop_front() {
                return Some(Task::node(node, if skip { What::Skip } else { What::Run }, frame));
            }
            let task = match self.later.pop_front() {
                Some(Later::Arrival { home, from, head }) => self.visit(home, from, head),
                Some(Later::Quiet(frame)) => self.end_frame(frame),
                None => {
                    self.work = 0;
                    let event = self.events.pop_front()?;
                    self.take(event)
                }
            };
            if task.is_some() {
                return task;
            }
        }
    }

    fn end_task(&mut self) {
        if let Some(frame) = self.closing.take() {
            self.frames.remove(frame);
        }
        self.fault = None;
        crate::values::with(|runtime| runtime.reset());
    }

    /// A node whose wires have all settled.
    pub(super) fn make_ready(&mut self, frame: FrameNo, node: NodeNo, skip: bool) {
        if self.frame(frame).is_some_and(|frame| frame.ending.is_none()) {
            self.hold(frame);
            self.ready.push_back(Ready { frame, node, skip });
        }
    }

    /// A live wire reaches `head`, whose home is `hops` homes up from the frame the wire is in.
    pub(super) fn arrive(&mut self, from: FrameNo, hops: u32, head: NodeNo) {
        let mut home = from;
        for _ in 0..hops {
            if let Some(Kind::Visit { home: next }) = self.frames.get(home).map(|frame| frame.kind) {
                home = next;
            }
        }
        if self.frame(home).is_some_and(|frame| frame.ending.is_none()) {
            self.hold(home);
            self.later.push_back(Later::Arrival { home, from, head });
        }
    }

    fn visit(&mut self, home: FrameNo, from: FrameNo, head: NodeNo) -> Option<Task> {
        let slots = self.frames.get(from)?.slots.for_visit();
        let around = self.frames.get(home)?;
        let opening = Opening {
            kind: Kind::Visit { home },
            outer: around.outer,
            context: around.context.clone(),
            slots,
            words: around.words.len() as u32 - 1,
        };
        let frame = self.open(opening);
        self.frame(home)?.visits.push(frame);
        Some(Task::node(head, What::Visit, frame))
    }

    /// Counts a visit: 0 if the head may run, 1 if it has been visited too often, 2 if it was told so before.
    pub(super) fn count_visit(&mut self, frame: FrameNo, head: NodeNo, max: u32) -> u32 {
        let scope = self.scope_frame(frame);
        let Some(scope) = self.frame(scope) else { return 2 };
        let at = scope.visited.iter().position(|(node, _)| *node == head).unwrap_or_else(|| {
            scope.visited.push((head, 0));
            scope.visited.len() - 1
        });
        let count = &mut scope.visited[at].1;
        *count = count.saturating_add(1);
        let count = *count;
        if count <= max {
            return 0;
        }
        self.fault = Some(Fault::new("limit.visits", format!("visited more than {max} times")));
        if count == max.saturating_add(1) { 1 } else { 2 }
    }

    fn end_frame(&mut self, number: FrameNo) -> Option<Task> {
        let frame = self.frames.get(number)?;
        match frame.kind {
            Kind::Root => {
                self.end_run(number);
                None
            }
            Kind::Visit { home } => {
                self.end_visit(number, home);
                None
            }
            Kind::Scope { owner, .. } => {
                let outer = frame.outer?;
                self.closing = Some(number);
                self.frame(outer)?.activity(owner)?.forget(number);
                Some(Task { inner: Some(number), ..Task::node(owner, What::Ended, outer) })
            }
        }
    }

    fn end_visit(&mut self, number: FrameNo, home: FrameNo) {
        let Some(visit) = self.frames.remove(number) else { return };
        let Some(around) = self.frame(home) else { return };
        around.visits.retain(|frame| *frame != number);
        if visit.ending.is_none() {
            around.slots.take_made(visit.slots);
        }
        self.release(home);
    }

    fn end_run(&mut self, root: FrameNo) {
        let timer = self.flow_timer.take();
        self.drop_step(timer);
        let ending = self.frames.remove(root).and_then(|frame| frame.ending);
        self.commands.push(match ending {
            None => Command::Finish("null".into()),
            Some(Ending::Return(value)) => Command::Finish(value),
            Some(Ending::Fault(fault)) => Command::Abort(fault),
            Some(Ending::Cancelled) => Command::Abort(Fault::new("run.cancelled", "the run was cancelled")),
        });
        self.clear();
        self.phase = Phase::Ended;
    }

    /// Sets what `nodes.<node>` is in `frame`.
    pub(super) fn set_output(&mut self, frame: FrameNo, node: NodeNo, output: Output) {
        if let Some(frame) = self.frame(frame) {
            frame.slots.set(node, Done::Output(output));
        }
    }
}
