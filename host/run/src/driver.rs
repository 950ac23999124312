//! Drives one run: feeds its machine events, carries out its commands, and lets nothing leave the host before what it depends
//! on is written. The machine decides; this only does.
//!
//! Knows nothing of documents, components or databases: a call goes to whatever [`Calls`] says node `n` is, a chunk to whatever
//! the [`Ledger`] is. Dropping the future breaks off the calls under way.

use crate::calling::{CallKind, Calling, Calls, Came};
use crate::clock::Clock;
use crate::ledger::{Child, Chunk, Emit, Ledger, Lost, Stand};
use crate::progress::{Advance, CallRequest, Progress, Task};
use futures::FutureExt;
use futures::future::{self, BoxFuture};
use loomwork_engine::Happened;
use loomwork_types::Fault;
use tokio_util::sync::CancellationToken;

/// A run that has nothing to do for longer than this leaves the process, if it is kept.
const PARK_AFTER_MS: u64 = 1_000;
/// Events between two writes of a run that only thinks, and at least as many between two snapshots: taking it up never means telling many
/// more, or calling much again.
const WRITE_EVERY: usize = 256;
/// A state takes its time to be saved: one of so many bytes is worth one event more between two snapshots.
const STATE_OF_AN_EVENT: usize = 256;
/// Bytes of answers that wait to be written.
const UNWRITTEN: usize = 8 << 20;

/// What the world around a run offers and wants.
pub(crate) struct Surroundings<'a> {
    pub calls: &'a dyn Calls,
    pub clock: &'a dyn Clock,
    /// Somebody who is here cancels the run.
    pub cancel: &'a CancellationToken,
    /// The process is to end: calls under way may end, no others begin.
    pub halt: &'a CancellationToken,
}

/// How a run left the driver.
#[derive(Debug)]
pub(crate) enum Left {
    Ended(Result<String, Fault>),
    /// Written as waiting: whoever finds it due takes it up.
    Parked,
}

pub(crate) struct Driver<'a, M, L> {
    progress: Progress<M>,
    ledger: L,
    around: Surroundings<'a>,
    calling: Calling,
    /// What is to be written next, and what leaves once it is.
    next: Chunk,
    held: Vec<Task>,
    /// True if `next` is to be written at once.
    urgent: bool,
    writing: Option<Writing>,
    since_snapshot: usize,
    /// Events after which there is another snapshot.
    snapshot_every: usize,
    /// Of the answers in `next`.
    unwritten: usize,
    stopped: bool,
    halted: bool,
}

/// A chunk on its way, and what leaves when it has arrived.
struct Writing {
    done: BoxFuture<'static, Result<Vec<Happened>, Lost>>,
    held: Vec<Task>,
    parks: bool,
}

enum Woken {
    Written(Result<Vec<Happened>, Lost>),
    Happened(Vec<Happened>),
    News,
}

impl<'a, M: Advance, L: Ledger> Driver<'a, M, L> {
    pub fn new(progress: Progress<M>, ledger: L, around: Surroundings<'a>) -> Self {
        Self {
            progress,
            ledger,
            around,
            calling: Calling::default(),
            next: Chunk::default(),
            held: Vec::new(),
            urgent: false,
            writing: None,
            since_snapshot: 0,
            snapshot_every: WRITE_EVERY,
            unwritten: 0,
            stopped: false,
            halted: false,
        }
    }

    /// Begins a run.
    pub async fn begin(mut self, start: Happened) -> Result<Left, Lost> {
        self.tell(vec![start]);
        self.go_on().await
    }

    /// Takes up a run: calls that are outstanding are made, or made again, but for those of which nobody can say what became.
    pub async fn take_up(mut self) -> Result<Left, Lost> {
        let (lost, again): (Vec<u32>, Vec<u32>) = self.progress.outstanding.calls.keys().partition(|step| self.is_lost(**step));
        again.into_iter().for_each(|step| self.call(step));
        self.tell(lost.into_iter().map(|step| Happened::Threw(step, unknown_outcome())).collect());
        self.news().await?;
        self.go_on().await
    }

    async fn go_on(mut self) -> Result<Left, Lost> {
        loop {
            if let Some(left) = self.release_at_once() {
                return Ok(left);
            }
            self.calling.start(self.around.calls);
            self.end_if_stuck();
            self.write_if_due();
            match self.woken().await {
                Woken::Written(answers) => {
                    let answers = answers?;
                    if let Some(left) = self.release() {
                        return Ok(left);
                    }
                    self.tell(answers);
                }
                Woken::Happened(happened) => self.tell(happened),
                Woken::News => self.news().await?,
            }
        }
    }

    /// Tells the machine what happened; what it wants is done, or held until it may leave.
    fn tell(&mut self, happened: Vec<Happened>) {
        if happened.is_empty() {
            return;
        }
        self.urgent |= happened.iter().any(|what| self.is_precious(what));
        happened.iter().for_each(|what| self.observe(what));
        let events = self.progress.date(self.around.clock.now_ms(), happened);
        let tasks = self.progress.tell(&events).unwrap_or_else(|fault| vec![Task::End(Err(fault))]);
        if L::KEEPS {
            self.since_snapshot += events.len();
            self.unwritten += events.iter().map(|event| weight(&event.what)).sum::<usize>();
            self.next.told.extend(events);
            self.urgent |= self.next.told.len() >= WRITE_EVERY || self.unwritten >= UNWRITTEN;
        }
        tasks.into_iter().for_each(|task| self.take(task));
    }

    /// Calls are observed where they are made; what comes from elsewhere is only seen here.
    fn observe(&self, what: &Happened) {
        let outstanding = &self.progress.outstanding;
        let of = |call: &CallRequest, fault| Came {
            step: call.step,
            node: call.node,
            attempt: call.attempt,
            asked: call.asked,
            fault,
        };
        let came = match what {
            Happened::Heard(step, _) => outstanding.listens.get(step).map(Came::heard),
            Happened::Returned(step, _) => self.child(*step).map(|call| of(call, None)),
            Happened::Threw(step, fault) => self.child(*step).map(|call| of(call, Some(fault))),
            Happened::Start(_) | Happened::Fired(_) | Happened::Stop => None,
        };
        came.iter().for_each(|came| self.around.calls.came(came));
    }

    /// The call of another flow that this step is, if runs of others are kept apart from this one.
    fn child(&self, step: u32) -> Option<&CallRequest> {
        let request = self.progress.outstanding.calls.get(&step).filter(|_| L::KEEPS)?;
        matches!(self.around.calls.kind(request.node), CallKind::Flow { .. }).then_some(request)
    }

    /// The answer of something that changed the world is written at once: it must not be asked for again.
    fn is_precious(&self, what: &Happened) -> bool {
        let (Happened::Returned(step, _) | Happened::Threw(step, _)) = what else { return false };
        self.progress.outstanding.calls.get(step).is_some_and(|request| request.called)
    }

    /// It has left, nobody knows whether it arrived, and it must not be repeated.
    fn is_lost(&self, step: u32) -> bool {
        let request = &self.progress.outstanding.calls[&step];
        request.called && self.around.calls.kind(request.node) == CallKind::Write { once: true }
    }

    fn take(&mut self, task: Task) {
        match task {
            Task::Call(step) => self.call(step),
            Task::Cancel(step) => self.cancel(step),
            Task::Listen(step) => {
                self.next.listens.extend(self.progress.outstanding.listens.get(&step).cloned());
                self.urgent = true;
            }
            Task::Emit { number, event, payload } => {
                let emit = Emit { number, event, payload };
                if !L::KEEPS {
                    return self.around.calls.emit(emit);
                }
                self.next.emits.push(emit);
                self.urgent = true;
            }
            Task::Respond(output) => {
                self.next.answer = L::KEEPS.then(|| output.clone());
                self.held.push(Task::Respond(output));
                self.urgent = true;
            }
            Task::End(end) => {
                self.next.stand = if L::KEEPS { Stand::Ended(end.clone()) } else { Stand::Running };
                self.held.push(Task::End(end));
                self.urgent = true;
            }
        }
    }

    fn call(&mut self, step: u32) {
        // What does not begin any more stays outstanding, for whoever takes the run up.
        let Some(request) = self.progress.outstanding.calls.get(&step).filter(|_| !self.halted) else { return };
        match self.around.calls.kind(request.node) {
            CallKind::Flow { wait } if L::KEEPS => {
                let (node, input) = (request.node, request.input.clone());
                self.next.children.push(Child { step, node, input, wait });
                self.urgent = true;
            }
            CallKind::Write { .. } if L::KEEPS && !request.called => {
                self.next.calling.push((step, request.node, request.attempt));
                self.held.push(Task::Call(step));
                self.urgent = true;
            }
            _ => self.calling.push(request.clone()),
        }
    }

    /// What has not left is forgotten; what has is broken off. Of a child and a signal of a run that was taken up nobody here knows
    /// whether they have, so that they are cancelled in any case.
    fn cancel(&mut self, step: u32) {
        self.calling.cancel(step);
        self.held.retain(|task| *task != Task::Call(step));
        self.next.calling.retain(|(of, ..)| *of != step);
        self.next.children.retain(|child| child.step != step);
        self.next.listens.retain(|listen| listen.step != step);
        if L::KEEPS {
            self.next.cancels.push(step);
        }
    }

    async fn news(&mut self) -> Result<(), Lost> {
        let news = self.ledger.news().await?;
        self.next.taken = news.taken.or(self.next.taken);
        let happened = news.happened.into_iter().map(|what| self.in_words(what)).collect();
        self.tell(happened);
        Ok(())
    }

    fn in_words(&self, what: Happened) -> Happened {
        match what {
            Happened::Heard(step, payload) => match self.progress.outstanding.listens.get(&step) {
                Some(listen) => Happened::Heard(step, self.around.calls.hear(listen, payload)),
                None => Happened::Heard(step, payload),
            },
            other => other,
        }
    }

    fn write_if_due(&mut self) {
        if !L::KEEPS || self.writing.is_some() {
            return;
        }
        let parks = !self.urgent && self.may_park();
        if !self.urgent && !parks {
            return;
        }
        for (step, ..) in &self.next.calling {
            if let Some(request) = self.progress.outstanding.calls.get_mut(step) {
                request.called = true;
            }
        }
        if parks {
            let now = self.around.clock.now_ms();
            let wake_at = if self.halted { Some(now) } else { self.progress.outstanding.due() };
            self.next.stand = Stand::Waiting { wake_at };
        }
        if parks || self.since_snapshot >= self.snapshot_every && !matches!(self.next.stand, Stand::Ended(_)) {
            self.snapshot();
        }
        let chunk = std::mem::take(&mut self.next);
        self.unwritten = 0;
        let done = self.ledger.write(chunk).boxed();
        self.writing = Some(Writing { done, held: std::mem::take(&mut self.held), parks });
        self.urgent = false;
    }

    /// A machine that cannot be saved goes on without: its journal is whole.
    fn snapshot(&mut self) {
        self.since_snapshot = 0;
        self.next.snapshot = self.progress.save().ok().map(|state| (state, self.progress.outstanding.clone()));
        let size = self.next.snapshot.as_ref().map_or(0, |(state, _)| state.len());
        self.snapshot_every = WRITE_EVERY.max(size / STATE_OF_AN_EVENT);
    }

    /// Nothing is under way, and nothing will be for a while.
    fn may_park(&self) -> bool {
        let now = self.around.clock.now_ms();
        let soon = self.progress.outstanding.due().is_some_and(|at| at <= now.saturating_add(PARK_AFTER_MS));
        !self.calling.is_running() && self.held.is_empty() && (self.halted || self.calling.is_idle() && !soon)
    }

    fn end_if_stuck(&mut self) {
        let outstanding = &self.progress.outstanding;
        let reachable =
            outstanding.due().is_some() || L::KEEPS && (!outstanding.calls.is_empty() || !outstanding.listens.is_empty());
        if reachable || !self.calling.is_idle() || !self.held.is_empty() || self.writing.is_some() {
            return;
        }
        let fault = match outstanding.listens.values().next() {
            Some(_) => Fault::new("run.unreachable", "the run is not kept, so that no signal and no decision can reach it"),
            None => Fault::new("run.stuck", "the flow waits for nothing and has not ended"),
        };
        self.take(Task::End(Err(fault)));
    }

    /// Without a ledger there is nothing to wait for.
    fn release_at_once(&mut self) -> Option<Left> {
        let held = if L::KEEPS { Vec::new() } else { std::mem::take(&mut self.held) };
        self.let_go(held)
    }

    /// What was held until the chunk was written leaves now.
    fn release(&mut self) -> Option<Left> {
        let writing = self.writing.take()?;
        if writing.parks {
            return Some(Left::Parked);
        }
        self.let_go(writing.held)
    }

    fn let_go(&mut self, held: Vec<Task>) -> Option<Left> {
        for task in held {
            match task {
                Task::Call(step) => {
                    let request = self.progress.outstanding.calls.get(&step);
                    request.into_iter().for_each(|request| self.calling.push(request.clone()));
                }
                Task::Respond(output) => self.around.calls.respond(output),
                Task::End(end) => return Some(Left::Ended(end)),
                Task::Listen(_) | Task::Cancel(_) | Task::Emit { .. } => {}
            }
        }
        None
    }

    /// Waits until something happens, and takes along whatever else has happened by then.
    async fn woken(&mut self) -> Woken {
        let Self { progress, ledger, around, calling, writing, stopped, halted, .. } = self;
        let parks = writing.as_ref().is_some_and(|writing| writing.parks);
        let due = progress.outstanding.due().filter(|_| !parks);
        let mut happened = Vec::new();
        tokio::select! {
            biased;
            () = around.cancel.cancelled(), if !*stopped => {
                *stopped = true;
                happened.push(Happened::Stop);
            }
            () = around.halt.cancelled(), if !*halted => *halted = true,
            done = written(writing) => return Woken::Written(done),
            answers = calling.answered(), if calling.is_running() => happened.extend(answers),
            () = wait_until(around.clock, due) => {}
            () = ledger.nudged(), if L::KEEPS && !parks => return Woken::News,
        }
        happened.extend(self.calling.answered_by_now());
        if due.is_some() {
            happened.extend(self.progress.outstanding.fired(self.around.clock.now_ms()));
        }
        Woken::Happened(happened)
    }
}

/// Bytes that a store is given.
fn weight(what: &Happened) -> usize {
    match what {
        Happened::Returned(_, payload) | Happened::Heard(_, payload) => payload.len(),
        Happened::Threw(_, fault) => fault.message.len() + fault.data.as_ref().map_or(0, String::len),
        Happened::Start(_) | Happened::Fired(_) | Happened::Stop => 0,
    }
}

fn unknown_outcome() -> Fault {
    Fault::new(
        "unknown-outcome",
        "the call had left when the server stopped, and nobody knows whether it was carried out; it is not made twice",
    )
}

async fn written(writing: &mut Option<Writing>) -> Result<Vec<Happened>, Lost> {
    match writing {
        Some(writing) => (&mut writing.done).await,
        None => future::pending().await,
    }
}

async fn wait_until(clock: &dyn Clock, due: Option<u64>) {
    match due {
        Some(at) => clock.sleep_until(at).await,
        None => future::pending().await,
    }
}
