//! News of a store for those who wait: bounded, without a runtime of its own, and never in the way of who brings it.

use crate::{Kind, Project, RunId, State};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Poll, Waker};

/// Something that others may wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nobody has the run, and it is to be taken up at this time.
    Due {
        run: RunId,
        at: u64,
    },
    /// The run's owner has a message to fetch.
    Message {
        run: RunId,
        owner: String,
    },
    /// The run has answered its trigger.
    Answered {
        run: RunId,
    },
    Ended {
        run: RunId,
        state: State,
    },
    /// A record that processes keep in mind was written or deleted; see [`Kind::is_kept_in_mind`].
    Record {
        project: Project,
        kind: Kind,
        name: String,
    },
    /// There was more than the listener took, or the connection was lost for a while: look at everything.
    Missed,
}

/// Changes a listener keeps until it takes them.
const KEPT: usize = 4_096;

/// Where a store tells its changes.
#[derive(Debug, Default)]
pub struct Hub {
    listeners: Mutex<Vec<Weak<Mutex<Queue>>>>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Change>,
    waker: Option<Waker>,
    closed: bool,
}

impl Hub {
    pub fn listen(&self) -> Changes {
        let queue = Arc::default();
        let mut listeners = lock(&self.listeners);
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Arc::downgrade(&queue));
        Changes { queue }
    }

    /// Tells all who listen.
    pub fn tell(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        let listeners: Vec<_> = lock(&self.listeners).iter().filter_map(Weak::upgrade).collect();
        for listener in listeners {
            let waker = lock(&listener).push(changes);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

/// Who listens is told that there is nothing more to come.
impl Drop for Hub {
    fn drop(&mut self) {
        for listener in lock(&self.listeners).iter().filter_map(Weak::upgrade) {
            let waker = {
                let mut queue = lock(&listener);
                queue.closed = true;
                queue.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

impl Queue {
    fn push(&mut self, changes: &[Change]) -> Option<Waker> {
        if self.waiting.len() + changes.len() > KEPT {
            self.waiting.clear();
            self.waiting.push_back(Change::Missed);
        } else {
            self.waiting.extend(changes.iter().cloned());
        }
        self.waker.take()
    }
}

/// One listener's changes.
#[derive(Debug)]
pub struct Changes {
    queue: Arc<Mutex<Queue>>,
}

impl Changes {
    /// The next change; none when the store is gone. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Change> {
        poll_fn(|context| {
            let mut queue = lock(&self.queue);
            match queue.waiting.pop_front() {
                Some(change) => Poll::Ready(Some(change)),
                None if queue.closed => Poll::Ready(None),
                None => {
                    queue.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
