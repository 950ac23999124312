//! The books a compiled flow keeps while it runs: frames, steps, timers, texts, and what is still to be done.
//!
//! The rules are in `docs/machine.md`. What each node does, and which wire goes where, is not known here: that is generated
//! code, which asks [`Machine::next`] what has happened and calls back to say what follows.

mod activity;
mod calls;
mod cancel;
mod codec;
mod command;
mod each;
mod event;
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "called by generated code and the host only, as the canonical ABI says")]
pub mod exports;
mod frame;
mod generator;
mod guard;
mod interface;
mod json;
mod numbered;
mod read;
mod repeat;
mod save;
mod scope;
mod slots;
mod turn;
mod wait;

use std::collections::VecDeque;
use std::sync::Arc;

use command::Command;
use event::Event;
use frame::Frame;
use loomwork_types::Fault;
use numbered::Numbered;
use turn::{Later, Ready};

/// JSON text, shared by everything that passes it along.
pub(crate) type Text = Arc<str>;
/// Frames are numbered from 1 in the order in which they begin.
pub(crate) type FrameNo = u32;
/// A node's index in the plan.
pub(crate) type NodeNo = u32;
pub(crate) type StepNo = u32;

/// How many tasks one event may cause before the machine gives up on it: a bound on nested loops that never wait.
const WORK_LIMIT: u32 = 10_000_000;

/// One run of one flow.
#[derive(Default)]
pub struct Machine {
    // What is saved.
    phase: Phase,
    run: Run,
    now: u64,
    random: u64,
    last_frame: FrameNo,
    last_step: StepNo,
    frames: Numbered<Box<Frame>>,
    steps: Numbered<Step>,
    flow_timer: Option<StepNo>,
    /// Whoever waited for the run has been answered.
    responded: bool,

    // What lasts for one `advance`.
    events: VecDeque<Event>,
    ready: VecDeque<Ready>,
    later: VecDeque<Later>,
    /// In order.
    quiet: Vec<FrameNo>,
    commands: Vec<Command>,
    work: u32,

    // What generated code and the machine hand each other during one task.
    fault: Option<Fault>,
    /// Which attempt of a call has just failed.
    attempt: u32,
    closing: Option<FrameNo>,
}

#[derive(Default)]
enum Phase {
    #[default]
    New,
    Running,
    Ended,
    /// The machine cannot go on; every later `advance` says so again.
    Broken(Fault),
}

/// What `start` brought.
#[derive(Default)]
struct Run {
    id: String,
    seed: u64,
    started_at: u64,
    input: slots::Output,
    vars: slots::Output,
}

/// Something the host was asked for and has not answered.
struct Step {
    frame: FrameNo,
    node: NodeNo,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Call,
    /// Bounds one attempt of a call.
    CallTimeout,
    /// The pause before the next attempt, before the next round, or before a question is answered by its default.
    Delay,
    Wait,
    /// A signal, or people's decision.
    Heard,
    /// Bounds a scope node.
    ScopeTimeout,
    /// Bounds the run.
    FlowTimeout,
}

impl Machine {
    fn step(&mut self, frame: FrameNo, node: NodeNo, role: Role) -> StepNo {
        self.last_step += 1;
        self.steps.push(self.last_step, Step { frame, node, role });
        self.last_step
    }

    /// Asks for `fired` after `delay` milliseconds.
    fn sleep(&mut self, frame: FrameNo, node: NodeNo, role: Role, delay: u64) -> StepNo {
        let at = self.now.saturating_add(delay);
        self.sleep_until(frame, node, role, at)
    }

    fn sleep_until(&mut self, frame: FrameNo, node: NodeNo, role: Role, at: u64) -> StepNo {
        let step = self.step(frame, node, role);
        self.commands.push(Command::Sleep { step, at });
        step
    }

    /// Takes back what was asked for, if it is still open.
    fn drop_step(&mut self, step: Option<StepNo>) {
        let Some(step) = step else { return };
        if self.steps.remove(step).is_some() {
            self.commands.push(Command::Cancel(step));
        }
    }

    /// The machine's own failure: nothing goes on.
    fn break_down(&mut self, fault: Fault) {
        self.clear();
        self.commands.clear();
        self.phase = Phase::Broken(fault);
    }

    fn clear(&mut self) {
        self.frames.clear();
        self.steps.clear();
        self.ready.clear();
        self.later.clear();
        self.quiet.clear();
        self.flow_timer = None;
        self.closing = None;
    }
}

/// What a machine that was restored from a state saves, for fuzzing. None if the bytes are no state of the component that `identity`
/// names. At the end of the file and not in WebAssembly, so that the runtime's bytes know nothing of it.
#[cfg(not(target_family = "wasm"))]
pub fn saved_again(state: &[u8], identity: &str) -> Option<Vec<u8>> {
    Machine::restore(state, identity).map(|machine| machine.save(identity))
}
