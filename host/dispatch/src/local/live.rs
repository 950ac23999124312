//! The stream of live events in memory: the newest are kept.

use crate::{Follow, Followed, LiveEvent, Since, Topic};
use futures::StreamExt as _;
use futures::stream;
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Events that are kept.
const MOST: usize = 16_384;
/// Bytes that are kept.
const MOST_BYTES: usize = 32 << 20;

pub(super) struct Live {
    /// Another one in each process.
    name: String,
    state: Mutex<State>,
    last: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    events: VecDeque<LiveEvent>,
    /// Sequence number of the newest event.
    last: u64,
    bytes: usize,
    known: HashSet<(String, String)>,
}

impl Default for Live {
    fn default() -> Self {
        let chance = RandomState::new().build_hasher().finish();
        Self { name: format!("{chance:016x}"), state: Mutex::default(), last: watch::Sender::default() }
    }
}

impl Live {
    pub(super) fn publish(&self, events: &[LiveEvent]) -> u64 {
        let last = {
            let mut state = self.lock();
            events.iter().for_each(|event| state.append(event));
            state.last
        };
        self.last.send_replace(last);
        last
    }

    pub(super) fn follow(live: &Arc<Self>, topic: Topic, since: Since) -> Follow {
        let at = match since {
            Since::Now => live.lock().last,
            Since::After(at) => at,
        };
        let watcher = Watcher { changes: live.last.subscribe(), live: live.clone(), topic, at };
        let events =
            stream::unfold(watcher, |mut watcher| async move { watcher.next().await.map(|followed| (followed, watcher)) });
        Follow::new(live.name.clone(), at, events.boxed())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn append(&mut self, event: &LiveEvent) {
        if !self.known.insert((event.run.clone(), event.key.clone())) {
            return;
        }
        self.last += 1;
        self.bytes += event.body.len();
        self.events.push_back(event.clone());
        while self.events.len() > MOST || self.bytes > MOST_BYTES {
            let Some(old) = self.events.pop_front() else { return };
            self.bytes -= old.body.len();
            self.known.remove(&(old.run, old.key));
        }
    }

    fn first(&self) -> u64 {
        self.last + 1 - self.events.len() as u64
    }
}

struct Watcher {
    live: Arc<Live>,
    changes: watch::Receiver<u64>,
    topic: Topic,
    /// The last sequence number that was looked at.
    at: u64,
}

impl Watcher {
    async fn next(&mut self) -> Option<Followed> {
        loop {
            self.changes.borrow_and_update();
            if let Some(followed) = self.look() {
                return Some(followed);
            }
            self.changes.changed().await.ok()?;
        }
    }

    fn look(&mut self) -> Option<Followed> {
        let live = self.live.clone();
        let state = live.lock();
        let first = state.first();
        // Behind what is kept, or ahead of what there ever was: another stream's number.
        if self.at.saturating_add(1) < first || self.at > state.last {
            self.at = first - 1;
            return Some(Followed::Gap);
        }
        let skip = usize::try_from(self.at + 1 - first).unwrap_or(usize::MAX);
        for event in state.events.iter().skip(skip) {
            self.at += 1;
            if self.topic.wants(event) {
                return Some(Followed::Event { sequence: self.at, run: event.run.clone(), body: event.body.clone() });
            }
        }
        None
    }
}
