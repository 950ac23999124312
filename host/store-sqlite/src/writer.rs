//! One thread writes. It takes all batches that wait, applies each wholly or not at all, and commits them together.

use crate::error::Done;
use crate::statistics::{Counters, Statistics};
use crate::tables::Tables;
use loomwork_journal::{Batch, Change, Hub, Outcome, StoreError, logic};
use rusqlite::Connection;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Batches that may wait; who comes later waits before the queue.
const QUEUE: usize = 4_096;
/// Batches of one transaction.
const GROUP: usize = 1_024;

type Answer = Done<Vec<Outcome>>;

struct Job {
    batch: Batch,
    answer: oneshot::Sender<Answer>,
}

/// The way to the thread, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    counters: Arc<Counters>,
}

impl Writer {
    pub fn start(db: Connection, hub: Arc<Hub>) -> Done<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let counters = Arc::new(Counters::default());
        let work = Work { tables: Tables::new(db)?, hub, counters: counters.clone() };
        let thread = std::thread::Builder::new().name("loom-store".to_owned()).spawn(move || work.run(queue));
        let thread = thread.map_err(|error| StoreError::Unavailable(format!("no thread for the store: {error}")))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), counters })
    }

    pub async fn commit(&self, batch: Batch) -> Answer {
        let gone = || StoreError::Unavailable("the store has been closed".to_owned());
        let (answer, answered) = oneshot::channel();
        self.jobs.as_ref().ok_or_else(gone)?.send(Job { batch, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    pub fn statistics(&self) -> Statistics {
        self.counters.read()
    }
}

/// What was accepted is written before the file is let go.
impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so; there is nothing more to close.
            let _ = thread.join();
        }
    }
}

struct Work {
    tables: Tables,
    hub: Arc<Hub>,
    counters: Arc<Counters>,
}

impl Work {
    fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let (mut group, mut last) = (Vec::with_capacity(GROUP), Group::default());
        while queue.blocking_recv_many(&mut group, GROUP) > 0 {
            last.gather(&mut queue, &mut group);
            let begun = Instant::now();
            let (batches, answers): (Vec<Batch>, Vec<_>) = group.drain(..).map(|job| (job.batch, job.answer)).unzip();
            let (done, changes) = self.commit(&batches);
            for (answer, done) in answers.into_iter().zip(done) {
                // Who asked may have gone; what was written stays written.
                let _ = answer.send(done);
            }
            self.hub.tell(&changes);
            last = Group { batches: batches.len(), took: begun.elapsed() };
        }
    }

    /// Commits batches together; if the database fails at that, one by one, so that none fails for another's sake.
    fn commit(&mut self, batches: &[Batch]) -> (Vec<Answer>, Vec<Change>) {
        match self.together(batches) {
            Ok(done) => done,
            Err(error) if batches.len() == 1 => {
                tracing::warn!(%error, "a batch could not be written");
                (vec![Err(error)], Vec::new())
            }
            Err(_) => {
                let (mut answers, mut changes) = (Vec::with_capacity(batches.len()), Vec::new());
                for batch in batches {
                    let (answer, changed) = self.commit(std::slice::from_ref(batch));
                    answers.extend(answer);
                    changes.extend(changed);
                }
                (answers, changes)
            }
        }
    }

    /// One transaction. An error is the database's, and nothing of it has happened.
    fn together(&mut self, batches: &[Batch]) -> Done<(Vec<Answer>, Vec<Change>)> {
        let begun = Instant::now();
        self.tables.begin()?;
        let applied: Done<Vec<Answer>> = batches.iter().map(|batch| self.apply(batch)).collect();
        let applied = applied.and_then(|answers| self.tables.finish().map(|()| answers));
        let between = Instant::now();
        match applied.and_then(|answers| self.tables.commit().map(|changes| (answers, changes))) {
            Ok(done) => {
                self.counters.committed(between - begun, between.elapsed());
                Ok(done)
            }
            Err(error) => {
                self.tables.roll_back()?;
                Err(error)
            }
        }
    }

    /// The outer error is the database's, the inner one refuses this batch alone.
    fn apply(&mut self, batch: &Batch) -> Done<Answer> {
        let alone = batch.writes.len() <= 1;
        if !alone {
            self.tables.save_point()?;
        }
        let mut outcomes = Vec::with_capacity(batch.writes.len());
        let mut refused = None;
        for write in &batch.writes {
            match ready(logic::apply(&mut self.tables, batch.at, write)) {
                Ok(outcome) => outcomes.push(outcome),
                Err(error @ (StoreError::Unavailable(_) | StoreError::Damaged(_))) => return Err(error),
                Err(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        self.counters.applied(batch.writes.len(), refused.is_some());
        match refused {
            Some(error) => {
                self.tables.take_back(alone)?;
                Ok(Err(error))
            }
            None => {
                self.tables.keep(alone)?;
                Ok(Ok(outcomes))
            }
        }
    }
}

/// The batches that were committed together last. Runs that go on side by side answer to one commit and come back for the next one a little
/// apart: who commits for the first of them keeps the others waiting for a whole commit more.
#[derive(Default)]
struct Group {
    batches: usize,
    took: Duration,
}

impl Group {
    /// Waits until as many have come again, as long as one after the other comes, and no longer than a part of what a commit takes. One alone
    /// waits for nobody.
    fn gather(&self, queue: &mut mpsc::Receiver<Job>, group: &mut Vec<Job>) {
        let mut came = Instant::now();
        let until = came + self.took / 4;
        while group.len() < self.batches {
            let now = Instant::now();
            match queue.try_recv() {
                Ok(job) => {
                    group.push(job);
                    came = now;
                }
                Err(_) if now > until || now - came > APART => return,
                Err(_) => std::thread::yield_now(),
            }
        }
    }
}

/// How far apart the batches come that belong together: more than what a step of a run takes.
const APART: Duration = Duration::from_micros(25);

/// Nothing here makes anybody wait: SQLite answers at once.
fn ready<T>(future: impl Future<Output = Done<T>>) -> Done<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(StoreError::Unavailable("the file cannot be waited for".to_owned())),
    }
}
