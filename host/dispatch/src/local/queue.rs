//! The queue of work in memory: ready, put off, or held by somebody.

use crate::dispatch::SAME;
use crate::lease::{End, Holding};
use crate::{DispatchError, Lease, Work};
use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// Offers that are kept at once.
const MOST: usize = 1_000_000;

pub(super) struct Queue {
    lease: Duration,
    state: Mutex<State>,
    /// Something became ready, or will be sooner than thought.
    ready: Notify,
}

#[derive(Default)]
struct State {
    number: u64,
    ready: VecDeque<Job>,
    /// What becomes ready later, by when and number: put off, or held.
    later: BTreeMap<(Instant, u64), Job>,
    /// When the lease of each job in hand ends.
    held: HashMap<u64, Instant>,
    /// Offers of late, oldest first, so that the same one counts once.
    recent: VecDeque<(Instant, Work)>,
    known: HashSet<Work>,
}

struct Job {
    number: u64,
    work: Work,
    given: u64,
}

impl Queue {
    pub(super) fn new(lease: Duration) -> Self {
        Self { lease, state: Mutex::default(), ready: Notify::new() }
    }

    pub(super) fn offer(&self, work: &[Work]) -> Result<(), DispatchError> {
        let mut state = self.lock();
        let now = Instant::now();
        state.forget_old(now);
        if state.ready.len() + state.later.len() + work.len() > MOST {
            return Err(DispatchError::Full);
        }
        for work in work {
            if state.known.insert(work.clone()) {
                state.recent.push_back((now, work.clone()));
                state.number += 1;
                let number = state.number;
                state.ready.push_back(Job { number, work: work.clone(), given: 0 });
                self.ready.notify_one();
            }
        }
        Ok(())
    }

    pub(super) async fn take(self: &Arc<Self>) -> Lease {
        loop {
            let notified = self.ready.notified();
            let next = match self.give() {
                Ok(lease) => return lease,
                Err(next) => next,
            };
            match next {
                Some(at) => tokio::select! { () = notified => {}, () = sleep_until(at) => {} },
                None => notified.await,
            }
        }
    }

    pub(super) fn backlog(&self) -> u64 {
        let state = self.lock();
        (state.ready.len() + state.later.len()) as u64
    }

    /// What is ready, or when something will be.
    fn give(self: &Arc<Self>) -> Result<Lease, Option<Instant>> {
        let mut state = self.lock();
        let now = Instant::now();
        state.ripen(now);
        let Some(mut job) = state.ready.pop_front() else {
            return Err(state.later.first_key_value().map(|((at, _), _)| *at));
        };
        if !state.ready.is_empty() {
            self.ready.notify_one();
        }
        job.given += 1;
        let (number, given, work, until) = (job.number, job.given, job.work.clone(), now + self.lease);
        state.held.insert(number, until);
        self.put_off(&mut state, until, job);
        Ok(Lease::new(work, given, Box::new(Held { queue: self.clone(), number, given })))
    }

    fn end(&self, number: u64, given: u64, how: End) {
        let mut state = self.lock();
        // The lease may have run out, and the work be in other hands.
        let Some(until) = state.held.get(&number).copied() else { return };
        let is_ours = state.later.get(&(until, number)).is_some_and(|job| job.given == given);
        let Some(job) = is_ours.then(|| state.later.remove(&(until, number))).flatten() else { return };
        let now = Instant::now();
        match how {
            End::Done => {
                state.held.remove(&number);
            }
            End::Again(after) => {
                state.held.remove(&number);
                self.put_off(&mut state, now + after, job);
            }
            End::Keep => {
                state.held.insert(number, now + self.lease);
                self.put_off(&mut state, now + self.lease, job);
            }
        }
    }

    /// If it is now the first to become ready, all who wait must know: any of them may give up waiting.
    fn put_off(&self, state: &mut State, at: Instant, job: Job) {
        let key = (at, job.number);
        state.later.insert(key, job);
        if state.later.first_key_value().is_some_and(|(first, _)| *first == key) {
            self.ready.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What was put off until now, or held too long, is ready.
    fn ripen(&mut self, now: Instant) {
        while let Some(entry) = self.later.first_entry().filter(|entry| entry.key().0 <= now) {
            let job = entry.remove();
            self.held.remove(&job.number);
            self.ready.push_back(job);
        }
    }

    fn forget_old(&mut self, now: Instant) {
        while self.recent.front().is_some_and(|(at, _)| now.duration_since(*at) >= SAME || self.recent.len() > MOST) {
            if let Some((_, work)) = self.recent.pop_front() {
                self.known.remove(&work);
            }
        }
    }
}

/// Work in hand; dropped without a word, it is ready at once.
struct Held {
    queue: Arc<Queue>,
    number: u64,
    given: u64,
}

#[async_trait]
impl Holding for Held {
    async fn end(&self, how: End) -> Result<(), DispatchError> {
        self.queue.end(self.number, self.given, how);
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // After `done` and `again` this finds nothing that is held.
        self.queue.end(self.number, self.given, End::Again(Duration::ZERO));
    }
}
