//! Which write does what, and the making of runs.

use super::index::{Key, unbegun};
use super::state::{Holder, State};
use crate::{Change, Concurrency, Create, Next, Outcome, Project, Run, RunId, RunRow, StoreError, Write};
use loomwork_types::Fault;

impl State {
    pub fn apply(&mut self, at: u64, write: Write) -> Result<Outcome, StoreError> {
        match write {
            Write::Create(create) => self.create(at, *create),
            Write::Append(append) => self.append(at, *append),
            Write::Signal(signal) => self.signal(at, signal),
            Write::Answer(answer) => self.answer(at, &answer),
            Write::Cancel(run) => self.cancel(at, &run),
            Write::Claim { worker, run } => self.claim(at, &worker, &run),
            Write::ClaimDue { worker, limit } => self.claim_due(at, &worker, limit),
            Write::Lease { worker, until } => {
                self.leases.set(worker, until);
                Ok(Outcome::Done)
            }
            Write::Retire { worker } => {
                self.leases.remove(&worker);
                Ok(Outcome::Done)
            }
            Write::Put(put) => self.put(at, put),
            Write::Add { project, kind, name, by } => self.add(at, (project, kind, name), by),
            Write::Prune(prune) => Ok(self.prune(at, &prune)),
        }
    }

    fn create(&mut self, at: u64, create: Create) -> Result<Outcome, StoreError> {
        if let Some(same) = self.same(&create) {
            return Ok(Outcome::Existing(same));
        }
        if let Some(run) = self.debounced(&create) {
            return Ok(self.debounce(at, run, create));
        }
        let ended = matches!(&create.begin, Some((_, progress)) if matches!(progress.next, Next::Ended(_)));
        let now = create.start_at <= at || create.begin.is_some();
        let room = create.concurrency.as_ref().is_none_or(|it| self.room(&create.project, it));
        let blocked = now && !room && !ended;
        let slot = now && room && !ended && create.concurrency.is_some();
        self.last_run += 1;
        let number = self.last_run;
        let (run, blobs, begin) = new_run(at, number, create);
        let mut run = run;
        run.row.slot = slot;
        if blocked {
            run.row.wake_at = None;
        }
        for blob in blobs {
            self.blobs.set((blob, Holder::Run(number)), ());
        }
        if let Some((worker, progress)) = begin.filter(|_| !blocked) {
            run.row.owner = Some(worker);
            run.row.fence = 1;
            run.row.state = crate::State::Running;
            let run = self.progress(at, run, progress);
            return Ok(Outcome::Created { fence: 1, state: run });
        }
        if let Some(wake) = run.row.wake_at {
            self.changes.push(Change::Due { run: run.row.id.clone(), at: wake });
        }
        self.save(run);
        Ok(Outcome::Created { fence: 0, state: crate::State::Queued })
    }

    /// The run that is there already for the same reason.
    fn same(&self, create: &Create) -> Option<RunId> {
        let idempotency = create.idempotency.as_ref();
        let idempotency = idempotency.map(|key| Key::Idempotency(create.project.clone(), create.flow.clone(), key.clone()));
        let step = create.parent.as_ref().map(|parent| Key::Step(parent.run.clone(), parent.step));
        let keys = [Some(Key::Id(create.id.clone())), idempotency, step];
        let number = keys.iter().flatten().find_map(|key| self.index.get(key))?;
        self.runs.get(number).map(|run| run.row.id.clone())
    }

    fn debounced(&self, create: &Create) -> Option<Run> {
        let key = create.debounce.clone()?;
        let number = self.index.get(&Key::Debounce(create.project.clone(), create.flow.clone(), key))?;
        self.runs.get(number).filter(|run| unbegun(run)).cloned()
    }

    fn debounce(&mut self, at: u64, mut run: Run, create: Create) -> Outcome {
        let id = run.row.id.clone();
        run.input = create.input;
        run.row.pin = create.pin;
        run.row.updated = at;
        if let Some(wake) = &mut run.row.wake_at {
            *wake = create.start_at;
            self.changes.push(Change::Due { run: id.clone(), at: create.start_at });
        }
        self.drop_blobs(&Holder::Run(run.row.number));
        for blob in create.blobs {
            self.blobs.set((blob, Holder::Run(run.row.number)), ());
        }
        self.save(run);
        Outcome::Debounced(id)
    }

    /// Whether one more run of this key may go.
    pub fn room(&self, project: &Project, concurrency: &Concurrency) -> bool {
        let slot = |number| Key::Slot(project.clone(), concurrency.key.clone(), number);
        self.index.range(slot(0)..=slot(u64::MAX)).count() < concurrency.limit as usize
    }

    fn cancel(&mut self, at: u64, id: &RunId) -> Result<Outcome, StoreError> {
        let mut run = self.copy(id)?;
        if run.row.state.ended() {
            return Err(StoreError::Ended { run: id.clone() });
        }
        let first = !std::mem::replace(&mut run.row.cancel, true);
        if unbegun(&run) {
            self.end(at, run, crate::End::Cancelled(Fault::new("run.cancelled", "the run was cancelled before it began")));
            return Ok(Outcome::Cancelled { ended: true });
        }
        if first {
            self.deliver(at, &mut run, crate::Happened::Stop);
            self.save(run);
        }
        Ok(Outcome::Cancelled { ended: false })
    }
}

type Begin = Option<(String, crate::Progress)>;

fn new_run(at: u64, number: u64, create: Create) -> (Run, Vec<String>, Begin) {
    let row = RunRow {
        number,
        id: create.id,
        project: create.project,
        flow: create.flow,
        pin: create.pin,
        state: crate::State::Queued,
        created: at,
        updated: at,
        wake_at: Some(create.start_at),
        owner: None,
        fence: 0,
        lost: 0,
        next_seq: 0,
        trigger: create.trigger,
        parent: create.parent,
        concurrency: create.concurrency,
        idempotency: create.idempotency,
        debounce: create.debounce,
        origin: create.origin,
        slot: false,
        messages: 0,
        cancel: false,
        fault: None,
    };
    (Run { row, input: create.input, answer: None, end: None }, create.blobs, create.begin)
}
