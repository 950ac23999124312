//! Drives one machine to its end: feeds it events, carries out its commands. The machine decides; this only does.
//!
//! Knows nothing of documents or components: a call goes to whatever [`Calls`] says node `n` is. Dropping the future
//! cancels the run, its calls and its timers.

use crate::clock::Clock;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use futures::{FutureExt, future};
use loomwork_engine::{Command, Event, Happened, Machine};
use loomwork_types::Fault;
use std::collections::{BTreeSet, HashMap, VecDeque};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How many calls of one run are under way at once; the others wait in the order in which they were made.
const MAX_PARALLEL: usize = 64;

/// One call that a machine asked for.
#[derive(Clone, Debug)]
pub struct CallRequest {
    pub step: u32,
    /// The node's index in the document.
    pub node: u32,
    pub attempt: u32,
    /// When the machine stops waiting, in milliseconds since 1970.
    pub deadline: Option<u64>,
    /// JSON object by parameter name.
    pub input: String,
}

/// What a run's commands lead to.
pub trait Calls: Send + Sync {
    /// Calls the function of a node; the future owns all it needs.
    fn call(&self, request: CallRequest) -> BoxFuture<'static, Result<String, Fault>>;

    /// An event is published.
    fn emit(&self, name: String, payload: String);

    /// Whoever waits is answered before the run ends.
    fn respond(&self, output: String);
}

/// Drives `machine` from its first event to its end.
pub async fn drive(
    machine: Machine,
    start: Happened,
    calls: &dyn Calls,
    clock: &dyn Clock,
    cancel: &CancellationToken,
) -> Result<String, Fault> {
    let mut driver = Driver {
        machine,
        calls,
        clock,
        waiting: VecDeque::new(),
        running: FuturesUnordered::new(),
        aborts: HashMap::new(),
        timers: BTreeSet::new(),
        now: 0,
    };
    let mut events = vec![start];
    let mut stopped = false;
    loop {
        if let Some(end) = driver.advance(events)? {
            return end;
        }
        driver.start_calls();
        events = driver.next_events(cancel, &mut stopped).await?;
    }
}

type Answer = (u32, Option<Result<String, Fault>>);

struct Driver<'a> {
    machine: Machine,
    calls: &'a dyn Calls,
    clock: &'a dyn Clock,
    waiting: VecDeque<CallRequest>,
    running: FuturesUnordered<BoxFuture<'static, Answer>>,
    aborts: HashMap<u32, future::AbortHandle>,
    /// (due, step)
    timers: BTreeSet<(u64, u32)>,
    /// The latest time the machine was told; it never goes back.
    now: u64,
}

impl Driver<'_> {
    /// Tells the machine what happened and carries out what it answers; gives the run's end if this was it.
    fn advance(&mut self, happened: Vec<Happened>) -> Result<Option<Result<String, Fault>>, Fault> {
        self.now = self.now.max(self.clock.now_ms());
        let at = self.now;
        let events: Vec<Event> = happened.into_iter().map(|what| Event { at, what }).collect();
        for command in self.machine.advance(&events)? {
            match command {
                Command::Call { step, node, attempt, deadline, input } => {
                    self.waiting.push_back(CallRequest { step, node, attempt, deadline, input });
                }
                Command::Sleep { step, at } => drop(self.timers.insert((at, step))),
                Command::Cancel(step) => self.cancel(step),
                Command::Emit { event, payload } => self.calls.emit(event, payload),
                Command::Respond(output) => self.calls.respond(output),
                Command::Finish(output) => return Ok(Some(Ok(output))),
                Command::Abort(fault) => return Ok(Some(Err(fault))),
                Command::Listen { .. } | Command::Ask { .. } => {
                    return Err(Fault::new("run.unsupported", "this host cannot deliver signals and decisions"));
                }
            }
        }
        Ok(None)
    }

    fn cancel(&mut self, step: u32) {
        self.waiting.retain(|request| request.step != step);
        self.timers.retain(|(_, of)| *of != step);
        if let Some(abort) = self.aborts.remove(&step) {
            abort.abort();
        }
    }

    /// A single call runs on the caller's task; several at once are spread over the runtime's threads.
    fn start_calls(&mut self) {
        let several = self.waiting.len() + self.running.len() > 1;
        while self.running.len() < MAX_PARALLEL {
            let Some(request) = self.waiting.pop_front() else { return };
            let step = request.step;
            let call = self.calls.call(request);
            let (call, abort) = future::abortable(call);
            self.aborts.insert(step, abort);
            let answer = call.map(move |answer| (step, answer.ok()));
            self.running.push(if several { on_another_thread(step, answer) } else { answer.boxed() });
        }
    }

    /// Waits until something happens, and takes along whatever else has happened by then.
    async fn next_events(&mut self, cancel: &CancellationToken, stopped: &mut bool) -> Result<Vec<Happened>, Fault> {
        let due = self.timers.first().map(|(at, _)| *at);
        if self.running.is_empty() && due.is_none() {
            return Err(Fault::new("run.stuck", "the flow waits for nothing and has not ended"));
        }
        let mut events = Vec::new();
        tokio::select! {
            biased;
            () = cancel.cancelled(), if !*stopped => {
                *stopped = true;
                events.push(Happened::Stop);
            }
            Some(answer) = self.running.next(), if !self.running.is_empty() => self.take(answer, &mut events),
            () = wait_until(self.clock, due) => {}
        }
        while let Some(Some(answer)) = self.running.next().now_or_never() {
            self.take(answer, &mut events);
        }
        self.take_due_timers(&mut events);
        Ok(events)
    }

    fn take(&mut self, (step, answer): Answer, events: &mut Vec<Happened>) {
        self.aborts.remove(&step);
        match answer {
            Some(Ok(output)) => events.push(Happened::Returned(step, output)),
            Some(Err(fault)) => events.push(Happened::Threw(step, fault)),
            None => {}
        }
    }

    fn take_due_timers(&mut self, events: &mut Vec<Happened>) {
        let now = self.now.max(self.clock.now_ms());
        while let Some((at, step)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, step));
            events.push(Happened::Fired(step));
        }
    }
}

fn on_another_thread(step: u32, answer: impl Future<Output = Answer> + Send + 'static) -> BoxFuture<'static, Answer> {
    let task = AbortOnDropHandle::new(tokio::spawn(answer));
    let lost = move |_| (step, Some(Err(Fault::new("run.lost_call", "the call's task ended without an answer"))));
    task.map(move |done| done.unwrap_or_else(lost)).boxed()
}

async fn wait_until(clock: &dyn Clock, due: Option<u64>) {
    match due {
        Some(at) => clock.sleep_until(at).await,
        None => future::pending().await,
    }
}
