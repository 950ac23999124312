//! What happens in runs, told to those who watch. While nobody does it costs a look at a flag; it never keeps a run waiting.

use crate::deploy::Ready;
use loomwork_api::{Happening, RunEvent, RunState};
use loomwork_journal::{RunId, State};
use loomwork_types::Fault;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc;

/// What waits to be published; what comes on top is dropped, and that is told.
const WAITING: usize = 8_192;
/// Runs of which it is remembered that something was dropped.
const DROPPED: usize = 10_000;

/// Something to be published.
#[derive(Debug)]
pub(crate) enum Told {
    Event(RunEvent),
    /// Of a run that is kept, by the store: the rest is read there.
    Ended {
        run: RunId,
        state: State,
    },
}

#[derive(Default)]
pub(crate) struct Feed {
    on: AtomicBool,
    out: Mutex<Option<mpsc::Sender<Told>>>,
    /// Runs of which something was dropped since this was last asked.
    dropped: Mutex<HashSet<String>>,
}

impl Feed {
    /// Whether anybody watches.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    pub fn set(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
    }

    /// Gives what is told from now on to a new publisher.
    pub fn publisher(&self) -> mpsc::Receiver<Told> {
        let (sender, receiver) = mpsc::channel(WAITING);
        *self.out.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    /// Nothing is made that nobody wants.
    pub fn tell(&self, told: impl FnOnce() -> Told) {
        if self.is_on() {
            self.send(told());
        }
    }

    #[cold]
    fn send(&self, told: Told) {
        let sender = self.out.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(Err(full)) = sender.map(|sender| sender.try_send(told)) {
            match full.into_inner() {
                Told::Event(event) => self.dropped(event.run),
                Told::Ended { run, .. } => self.dropped(run.to_string()),
            }
        }
    }

    /// Notes that something of a run was not published.
    pub fn dropped(&self, run: String) {
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        if dropped.len() < DROPPED {
            dropped.insert(run);
        }
    }

    pub fn take_dropped(&self) -> Vec<String> {
        std::mem::take(&mut *self.dropped.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

impl Ready {
    pub fn tell(&self, run: &str, what: impl FnOnce() -> Happening) {
        let at = || self.platform.clock.now_ms();
        self.platform.feed.tell(|| Told::Event(RunEvent { run: run.into(), flow: self.flow.id.clone(), at: at(), what: what() }));
    }

    /// Tells that a run began of which nothing is kept; what is given back tells how it ended.
    pub fn unkept_began<'a>(&'a self, run: &'a str, trigger: Option<&str>) -> Option<Unkept<'a>> {
        if !self.platform.feed.is_on() {
            return None;
        }
        self.tell(run, || Happening::Begun { trigger: trigger.map(str::to_owned), parent: None });
        Some(Unkept { ready: self, run, ended: false })
    }

    /// Tells that an attempt began; what is given back tells how it ended.
    pub fn step_began<'a>(&'a self, run: &'a str, node: &'a str, step: u32, attempt: u32) -> Option<Underway<'a>> {
        if !self.platform.feed.is_on() {
            return None;
        }
        self.tell(run, || Happening::StepBegan { step, node: node.into(), attempt });
        Some(Underway { ready: self, run, node, step, attempt, began: Instant::now(), ended: false })
    }
}

/// A run that is not kept, and that somebody watches: it may be dropped where it is.
pub(crate) struct Unkept<'a> {
    ready: &'a Ready,
    run: &'a str,
    ended: bool,
}

impl Unkept<'_> {
    pub fn ended(mut self, end: &Result<String, Fault>) {
        self.ended = true;
        self.tell(end.as_ref().err().map(|fault| &*fault.code));
    }

    fn tell(&self, fault: Option<&str>) {
        let state = match fault {
            None => RunState::Finished,
            Some("run.cancelled") => RunState::Cancelled,
            Some(_) => RunState::Failed,
        };
        self.ready.tell(self.run, || Happening::Ended { state, fault: fault.map(str::to_owned) });
    }
}

impl Drop for Unkept<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(Some("run.cancelled"));
        }
    }
}

/// An attempt that somebody watches.
pub(crate) struct Underway<'a> {
    ready: &'a Ready,
    run: &'a str,
    node: &'a str,
    step: u32,
    attempt: u32,
    began: Instant,
    ended: bool,
}

impl Underway<'_> {
    pub fn ended(mut self, answer: &Result<String, Fault>) {
        self.ended = true;
        match answer {
            Ok(_) => self.tell("returned", None),
            Err(fault) => self.tell("failed", Some(&fault.code)),
        }
    }

    fn tell(&self, state: &str, fault: Option<&str>) {
        self.ready.tell(self.run, || Happening::StepEnded {
            step: self.step,
            node: self.node.to_owned(),
            attempt: self.attempt,
            took_us: self.began.elapsed().as_micros() as u64,
            state: state.to_owned(),
            fault: fault.map(str::to_owned),
        });
    }
}

/// A call that is broken off is dropped where it is.
impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.tell("cancelled", None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(run: &str) -> Told {
        let what = Happening::Waiting { until: None };
        Told::Event(RunEvent { run: run.into(), flow: "f".into(), at: 0, what })
    }

    #[test]
    fn nothing_is_made_while_nobody_watches() {
        let feed = Feed::default();
        let mut published = feed.publisher();
        feed.tell(|| unreachable!("nobody watches"));
        feed.set(true);
        feed.tell(|| event("a"));
        feed.set(false);
        feed.tell(|| unreachable!("nobody watches any more"));
        assert!(matches!(published.try_recv(), Ok(Told::Event(event)) if event.run == "a"));
        assert!(published.try_recv().is_err());
    }

    #[test]
    fn what_is_too_much_is_dropped_and_known() {
        let feed = Feed::default();
        let _published = feed.publisher();
        feed.set(true);
        (0..WAITING).for_each(|_| feed.tell(|| event("a")));
        assert_eq!(feed.take_dropped(), Vec::<String>::new());
        (0..3).for_each(|_| feed.tell(|| event("b")));
        assert_eq!(feed.take_dropped(), ["b"]);
        assert_eq!(feed.take_dropped(), Vec::<String>::new());
        (0..2 * DROPPED).for_each(|run| feed.dropped(run.to_string()));
        assert_eq!(feed.take_dropped().len(), DROPPED);
    }
}
