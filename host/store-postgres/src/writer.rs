//! A few tasks write, each with a connection. Each takes batches that wait, applies every one wholly or not at all, and commits
//! them together; the statements of a transaction are sent without waiting for their answers.

use crate::error::Done;
use crate::link::Link;
use crate::news;
use crate::settings::Plan;
use crate::tables::Tables;
use loomwork_journal::{Batch, Change, Hub, Outcome, StoreError, logic};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinSet;

/// Batches that may wait; who comes later waits before the queue.
const QUEUE: usize = 4_096;
/// Batches of one transaction.
const GROUP: usize = 128;
/// How often a batch is tried that another transaction was in the way of.
const ATTEMPTS: u32 = 6;

type Answer = Done<Vec<Outcome>>;
type Queue = Arc<Mutex<mpsc::Receiver<Job>>>;

struct Job {
    batch: Batch,
    answer: oneshot::Sender<Answer>,
}

/// The way to the tasks. They write what was accepted before they end.
#[derive(Debug)]
pub(crate) struct Writers {
    jobs: mpsc::Sender<Job>,
}

impl Writers {
    pub fn start(plan: &Arc<Plan>, writers: usize, hub: &Arc<Hub>, name: Arc<str>) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let mut tasks = JoinSet::new();
        for _ in 0..writers.max(1) {
            let work = Work { link: Link::new(plan.clone()), plan: plan.clone(), hub: hub.clone(), name: name.clone() };
            tasks.spawn(work.run(queue.clone()));
        }
        tasks.detach_all();
        Self { jobs }
    }

    pub async fn commit(&self, batch: Batch) -> Answer {
        let gone = || StoreError::Unavailable("the store has been closed".to_owned());
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job { batch, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

struct Work {
    link: Link,
    plan: Arc<Plan>,
    hub: Arc<Hub>,
    name: Arc<str>,
}

impl Work {
    async fn run(self, queue: Queue) {
        loop {
            let mut group = Vec::new();
            if queue.lock().await.recv_many(&mut group, GROUP).await == 0 {
                return;
            }
            let (batches, answers): (Vec<Batch>, Vec<_>) = group.into_iter().map(|job| (job.batch, job.answer)).unzip();
            let (done, changes) = self.commit(&batches).await;
            for (answer, done) in answers.into_iter().zip(done) {
                // Who asked may have gone; what was written stays written.
                let _ = answer.send(done);
            }
            self.tell(&changes).await;
        }
    }

    async fn tell(&self, changes: &[Change]) {
        self.hub.tell(changes);
        let changes = news::to_tell(&self.plan, changes);
        if changes.is_empty() {
            return;
        }
        let told = async {
            let session = self.link.get().await?;
            news::tell(&session, &self.plan.schema, &self.name, &changes).await
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, "other servers could not be told what has changed");
        }
    }

    /// Commits batches together; if that fails, one by one, so that none fails for another's sake.
    async fn commit(&self, batches: &[Batch]) -> (Vec<Answer>, Vec<Change>) {
        if batches.len() > 1 {
            match self.together(batches).await {
                Ok(done) => return done,
                Err(Failure { error, unknown: true }) => {
                    return (batches.iter().map(|_| Err(error.clone())).collect(), Vec::new());
                }
                Err(_) => {}
            }
        }
        let (mut answers, mut changes) = (Vec::with_capacity(batches.len()), Vec::new());
        for batch in batches {
            let (answer, changed) = self.alone(batch).await;
            answers.push(answer);
            changes.extend(changed);
        }
        (answers, changes)
    }

    /// Two transactions may have stood in each other's way; then one of them is tried again.
    async fn alone(&self, batch: &Batch) -> (Answer, Vec<Change>) {
        let mut attempt = 1;
        loop {
            match self.together(std::slice::from_ref(batch)).await {
                Ok((mut answers, changes)) => return (answers.pop().unwrap_or(Ok(Vec::new())), changes),
                Err(Failure { error: StoreError::Busy(_), unknown: false }) if attempt < ATTEMPTS => {
                    tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                    attempt += 1;
                }
                Err(Failure { error, .. }) => {
                    tracing::warn!(%error, "a batch could not be written");
                    return (Err(error), Vec::new());
                }
            }
        }
    }

    /// One transaction.
    async fn together(&self, batches: &[Batch]) -> Result<(Vec<Answer>, Vec<Change>), Failure> {
        let session = self.link.get().await.map_err(|error| Failure { error, unknown: false })?;
        let done = async {
            let mut tables = Tables::begin(session.clone(), batches).await?;
            match apply_all(&mut tables, batches).await {
                Ok(answers) => tables.commit().await.map(|changes| (answers, changes)),
                Err(error) => Err(tables.roll_back().await.unwrap_or(error)),
            }
        };
        done.await.map_err(|error| Failure { error, unknown: session.client.is_closed() })
    }
}

struct Failure {
    error: StoreError,
    /// The connection was lost: nobody knows whether it was committed, so it must not be done again.
    unknown: bool,
}

async fn apply_all(tables: &mut Tables, batches: &[Batch]) -> Done<Vec<Answer>> {
    let mut answers = Vec::with_capacity(batches.len());
    for batch in batches {
        answers.push(apply(tables, batch).await?);
    }
    Ok(answers)
}

/// The outer error is the database's, the inner one refuses this batch alone.
async fn apply(tables: &mut Tables, batch: &Batch) -> Done<Answer> {
    let alone = batch.writes.len() <= 1;
    if !alone {
        tables.save_point();
    }
    let mut outcomes = Vec::with_capacity(batch.writes.len());
    for write in &batch.writes {
        match logic::apply(tables, batch.at, write).await {
            Ok(outcome) => outcomes.push(outcome),
            Err(error @ (StoreError::Unavailable(_) | StoreError::Damaged(_) | StoreError::Busy(_))) => return Err(error),
            Err(error) => {
                tables.take_back(alone);
                return Ok(Err(error));
            }
        }
    }
    tables.keep(alone);
    Ok(Ok(outcomes))
}
