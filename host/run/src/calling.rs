//! The calls of one run that are under way: so many at once, each to be broken off alone.

use crate::ledger::Emit;
use crate::progress::{CallRequest, Listen};
use futures::future::{AbortHandle, BoxFuture, abortable};
use futures::stream::{FuturesUnordered, StreamExt};
use futures::{FutureExt, future};
use loomwork_engine::Happened;
use loomwork_types::Fault;
use std::collections::{HashMap, VecDeque};
use tokio_util::task::AbortOnDropHandle;

/// How many calls of one run are under way at once; the others wait in the order in which they were made.
const MAX_PARALLEL: usize = 64;

/// What a node's call is to the outside world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Pure or only reading: may be made before anything is written, and made again.
    Free,
    /// Changes something outside. With `once` it is never repeated, whatever became of it.
    Write { once: bool },
    /// Another flow, waited for or only started.
    Flow { wait: bool },
}

/// What a run's calls lead to.
pub trait Calls: Send + Sync {
    fn kind(&self, node: u32) -> CallKind;

    /// Calls the function of a node; the future owns all it needs.
    fn call(&self, request: CallRequest) -> BoxFuture<'static, Result<String, Fault>>;

    /// What a step is told that listened for this: of a signal its payload, of people's answers the decision they make.
    fn hear(&self, listen: &Listen, payload: String) -> String;

    /// Whoever waits is answered before the run ends.
    fn respond(&self, output: String);

    /// An event is published by a run that is not kept. Of one that is, its ledger publishes it.
    fn emit(&self, emit: Emit);
}

/// None: broken off.
type Answer = (u32, Option<Result<String, Fault>>);

#[derive(Default)]
pub(crate) struct Calling {
    waiting: VecDeque<CallRequest>,
    running: FuturesUnordered<BoxFuture<'static, Answer>>,
    aborts: HashMap<u32, AbortHandle>,
}

impl Calling {
    pub fn push(&mut self, request: CallRequest) {
        self.waiting.push_back(request);
    }

    pub fn cancel(&mut self, step: u32) {
        self.waiting.retain(|request| request.step != step);
        if let Some(abort) = self.aborts.remove(&step) {
            abort.abort();
        }
    }

    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.running.is_empty()
    }

    pub fn is_running(&self) -> bool {
        !self.running.is_empty()
    }

    /// Makes the calls that have a place. A single one runs on the caller's task; several are spread over the runtime's threads.
    pub fn start(&mut self, calls: &dyn Calls) {
        let several = self.waiting.len() + self.running.len() > 1;
        while self.running.len() < MAX_PARALLEL {
            let Some(request) = self.waiting.pop_front() else { return };
            let step = request.step;
            let (call, abort) = abortable(calls.call(request));
            self.aborts.insert(step, abort);
            let answer = call.map(move |answer| (step, answer.ok()));
            self.running.push(if several { on_another_thread(step, answer) } else { answer.boxed() });
        }
    }

    /// The next answer; never completes while nothing runs.
    pub async fn answered(&mut self) -> Option<Happened> {
        match self.running.next().await {
            Some(answer) => self.take(answer),
            None => future::pending().await,
        }
    }

    /// What else has been answered by now.
    pub fn also_answered(&mut self, happened: &mut Vec<Happened>) {
        while let Some(Some(answer)) = self.running.next().now_or_never() {
            happened.extend(self.take(answer));
        }
    }

    fn take(&mut self, (step, answer): Answer) -> Option<Happened> {
        self.aborts.remove(&step);
        match answer? {
            Ok(output) => Some(Happened::Returned(step, output)),
            Err(fault) => Some(Happened::Threw(step, fault)),
        }
    }
}

fn on_another_thread(step: u32, answer: impl Future<Output = Answer> + Send + 'static) -> BoxFuture<'static, Answer> {
    let task = AbortOnDropHandle::new(tokio::spawn(answer));
    let lost = move |_| (step, Some(Err(Fault::new("run.lost_call", "the call's task ended without an answer"))));
    task.map(move |done| done.unwrap_or_else(lost)).boxed()
}
