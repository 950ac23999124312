//! The calls of one run that are under way: so many at once, each to be broken off alone.

use crate::ledger::Emit;
use crate::progress::{CallRequest, Listen};
use futures::FutureExt;
use futures::future::BoxFuture;
use loomwork_engine::Happened;
use loomwork_types::Fault;
use std::collections::VecDeque;
use std::future;
use std::task::{Context, Poll, Waker};
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

/// Another flow's end, a signal or a decision, as it is told.
pub struct Came<'a> {
    pub step: u32,
    pub node: u32,
    pub attempt: u32,
    /// Milliseconds since 1970.
    pub asked: u64,
    pub fault: Option<&'a Fault>,
}

impl Came<'_> {
    pub fn heard(listen: &Listen) -> Self {
        Self { step: listen.step, node: listen.node, attempt: 1, asked: listen.asked, fault: None }
    }
}

/// What a run's calls lead to.
pub trait Calls: Send + Sync {
    fn kind(&self, node: u32) -> CallKind;

    /// Calls the function of a node; the future owns all it needs.
    fn call(&self, request: CallRequest) -> BoxFuture<'static, Result<String, Fault>>;

    /// What a step is told that listened for this: of a signal its payload, of people's answers the decision they make.
    fn hear(&self, listen: &Listen, payload: String) -> String;

    /// What was waited for outside this process, and not called, has come.
    fn came(&self, came: &Came<'_>);

    /// Whoever waits is answered before the run ends.
    fn respond(&self, output: String);

    /// An event is published by a run that is not kept. Of one that is, its ledger publishes it.
    fn emit(&self, emit: Emit);
}

type Answer = Result<String, Fault>;

#[derive(Default)]
pub(crate) struct Calling {
    waiting: VecDeque<CallRequest>,
    /// In the order in which they began. Dropping one breaks it off.
    running: Vec<(u32, BoxFuture<'static, Answer>)>,
}

impl Calling {
    pub fn push(&mut self, request: CallRequest) {
        self.waiting.push_back(request);
    }

    pub fn cancel(&mut self, step: u32) {
        self.waiting.retain(|request| request.step != step);
        self.running.retain(|(of, _)| *of != step);
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
            let answer = calls.call(request);
            self.running.push((step, if several { on_another_thread(answer) } else { answer }));
        }
    }

    /// The next answers; never completes while nothing runs.
    pub async fn answered(&mut self) -> Vec<Happened> {
        future::poll_fn(|context| match self.poll(context) {
            answers if answers.is_empty() => Poll::Pending,
            answers => Poll::Ready(answers),
        })
        .await
    }

    /// What has been answered by now. Whoever waits afterwards looks at all of them again, so that no answer is missed.
    pub fn answered_by_now(&mut self) -> Vec<Happened> {
        self.poll(&mut Context::from_waker(Waker::noop()))
    }

    /// Looks at all of them: they are few, and what runs on another thread is looked at cheaply.
    fn poll(&mut self, context: &mut Context<'_>) -> Vec<Happened> {
        let mut happened = Vec::new();
        self.running.retain_mut(|(step, answer)| match answer.poll_unpin(context) {
            Poll::Ready(answer) => {
                happened.push(told(*step, answer));
                false
            }
            Poll::Pending => true,
        });
        happened
    }
}

fn told(step: u32, answer: Answer) -> Happened {
    match answer {
        Ok(output) => Happened::Returned(step, output),
        Err(fault) => Happened::Threw(step, fault),
    }
}

fn on_another_thread(answer: BoxFuture<'static, Answer>) -> BoxFuture<'static, Answer> {
    let task = AbortOnDropHandle::new(tokio::spawn(answer));
    let lost = |_| Err(Fault::new("run.lost_call", "the call's task ended without an answer"));
    task.map(move |done| done.unwrap_or_else(lost)).boxed()
}
