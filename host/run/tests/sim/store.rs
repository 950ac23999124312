//! The store as processes see it: it takes its time, is away now and then, and is where the blows fall. Looks at everything that is
//! written.

use crate::bugs::Bug;
use crate::chance::{Dice, hash};
use crate::coverage::Sight;
use crate::post;
use crate::world::{Blow, Life, World};
use async_trait::async_trait;
use loomwork_journal::*;
use std::sync::Arc;
use std::time::Duration;

pub struct Watched {
    pub world: Arc<World>,
    pub bug: Option<Bug>,
}

impl Watched {
    /// Some operations fail, if the world is flaky.
    fn fails(&self, what: &str, number: u64) -> Option<bool> {
        let mut dice = Dice::of(self.world.seed, &[hash(what), number]);
        dice.percent(self.world.flaky).then(|| dice.percent(50))
    }

    async fn read(&self) -> Result<(), StoreError> {
        self.world.gate().await;
        let number = {
            let mut state = self.world.state();
            state.reads += 1;
            state.reads
        };
        match self.fails("read", number) {
            Some(_) => {
                self.world.saw(Sight::ReadFailed);
                self.world.tell(|| format!("read {number} fails"));
                Err(away())
            }
            None => Ok(()),
        }
    }

    /// Kills or freezes the process, if its hour has come.
    async fn strike(&self, commit: u64, after: bool) {
        let world = &self.world;
        // One that is late, or looks back, is not struck again.
        let Some(stroke) = world.strokes.iter().find(|stroke| stroke.commit == commit && stroke.after == after) else { return };
        if world.life() != Life::Alive {
            return;
        }
        world.saw(match (stroke.blow, after) {
            (Blow::Dies, false) => Sight::DiedBefore,
            (Blow::Dies, true) => Sight::DiedAfter,
            (Blow::Freezes, _) => Sight::Frozen,
        });
        world.strike(stroke.blow);
        world.gate().await;
    }

    /// Everything that a run takes out of its inbox is told to its machine in the same commit.
    async fn looks_at(&self, batch: &Batch) -> Result<(), StoreError> {
        for write in &batch.writes {
            let Write::Append(append) = write else { continue };
            let Append { run, progress, .. } = &**append;
            let Some(through) = progress.taken else { continue };
            let told = |what: &Happened| {
                progress.entries.iter().any(|entry| matches!(entry, Entry::Told(event) if same(&event.what, what)))
            };
            for message in self.world.inner.inbox(run).await?.into_iter().filter(|message| message.number <= through) {
                if !told(&message.what) {
                    self.world.wrong(format!("message {} of {run} is taken and not told: {:?}", message.number, message.what));
                }
            }
        }
        Ok(())
    }

    fn notes(&self, number: u64, batch: &Batch, done: &Result<Vec<Outcome>, StoreError>) {
        let world = &self.world;
        for write in &batch.writes {
            match write {
                Write::Append(append) if append.progress.snapshot.is_some() => world.saw(Sight::Snapshot),
                Write::Cancel(_) => world.saw(Sight::Cancelled),
                _ => {}
            }
        }
        match done {
            Err(StoreError::Fenced { .. }) => world.saw(Sight::Fenced),
            Ok(outcomes) => outcomes.iter().for_each(|outcome| match outcome {
                Outcome::Delivered(0) => world.saw(Sight::EarlySignal),
                Outcome::Delivered(_) => world.saw(Sight::LateSignal),
                _ => {}
            }),
            _ => {}
        }
        world.tell(|| format!("commit {number}: {:?} -> {done:?}", batch.writes));
    }
}

fn same(told: &Happened, message: &Happened) -> bool {
    match (told, message) {
        // A decision is told in other words.
        (Happened::Heard(a, _), Happened::Heard(b, _)) => a == b,
        (told, message) => told == message,
    }
}

fn away() -> StoreError {
    StoreError::Unavailable("it is away for a moment".to_owned())
}

#[async_trait]
impl Store for Watched {
    async fn commit(&self, mut batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        let world = &self.world;
        world.gate().await;
        let number = {
            let mut state = world.state();
            state.commits += 1;
            state.commits
        };
        let mut dice = Dice::of(world.seed, &[hash("latency"), number]);
        let (there, back) = (dice.pick(&[0, 0, 1, 7]), dice.pick(&[0, 0, 0, 3]));
        if there > 0 {
            tokio::time::sleep(Duration::from_millis(there)).await;
        }
        self.strike(number, false).await;
        world.gate().await;
        let fails = self.fails("commit", number);
        if fails == Some(false) {
            world.saw(Sight::CommitFailed);
            world.tell(|| format!("commit {number} fails"));
            return Err(away());
        }
        if let Some(bug) = self.bug {
            bug.spoil(world, &mut batch);
        }
        self.looks_at(&batch).await?;
        if self.bug == Some(Bug::AnswersTooEarly) && batch.writes.iter().all(|write| matches!(write, Write::Append(_))) {
            let (late, count) = (world.clone(), batch.writes.len());
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                late.gate().await;
                late.inner.commit(batch).await
            });
            return Ok(vec![Outcome::Done; count]);
        }
        let listeners = post::listeners(world, &batch);
        let done = world.inner.commit(batch.clone()).await;
        post::note(world, &batch, &listeners, &done);
        self.notes(number, &batch, &done);
        self.strike(number, true).await;
        if back > 0 {
            tokio::time::sleep(Duration::from_millis(back)).await;
        }
        world.gate().await;
        if fails == Some(true) {
            world.saw(Sight::AnswerLost);
            world.tell(|| format!("the answer to commit {number} is lost"));
            return Err(away());
        }
        done
    }

    fn changes(&self) -> Changes {
        self.world.inner.changes()
    }

    async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError> {
        self.read().await?;
        self.world.inner.run(run).await
    }

    async fn runs(&self, filter: &Filter) -> Result<Vec<RunRow>, StoreError> {
        self.read().await?;
        self.world.inner.runs(filter).await
    }

    async fn counts(&self, project: &Project, flow: Option<&str>) -> Result<Counts, StoreError> {
        self.read().await?;
        self.world.inner.counts(project, flow).await
    }

    async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.read().await?;
        let mut entries = self.world.inner.entries(run, from, limit).await?;
        self.bug.inspect(|bug| bug.spoil_entries(&mut entries));
        Ok(entries)
    }

    async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        self.read().await?;
        self.world.inner.snapshot(run).await
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        self.read().await?;
        let mut inbox = self.world.inner.inbox(run).await?;
        self.bug.inspect(|bug| bug.spoil_inbox(&mut inbox));
        Ok(inbox)
    }

    async fn listening(&self, run: &RunId) -> Result<Vec<Listening>, StoreError> {
        self.read().await?;
        self.world.inner.listening(run).await
    }

    async fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Result<Vec<Listening>, StoreError> {
        self.read().await?;
        self.world.inner.questions(project, after, limit).await
    }

    async fn next_due(&self, except: &[String]) -> Result<Option<u64>, StoreError> {
        self.read().await?;
        self.world.inner.next_due(except).await
    }

    async fn workers(&self) -> Result<Vec<Worker>, StoreError> {
        self.read().await?;
        self.world.inner.workers().await
    }

    async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        self.read().await?;
        self.world.inner.record(project, kind, name).await
    }

    async fn records(&self, project: &Project, kind: Kind, page: &RecordPage) -> Result<Vec<Record>, StoreError> {
        self.read().await?;
        self.world.inner.records(project, kind, page).await
    }

    async fn projects(&self, kind: Kind) -> Result<Vec<Project>, StoreError> {
        self.read().await?;
        self.world.inner.projects(kind).await
    }

    async fn blobs(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, StoreError> {
        self.read().await?;
        self.world.inner.blobs(after, limit).await
    }
}
