//! Workers take runs.

use super::index::{Key, blocked};
use super::state::State;
use crate::{Outcome, Run, RunId, State as RunState, StoreError};

impl State {
    pub fn claim(&mut self, at: u64, worker: &str, id: &RunId) -> Result<Outcome, StoreError> {
        self.leased(at, worker)?;
        let run = self.copy(id)?;
        if run.row.state.ended() {
            return Err(StoreError::Ended { run: id.clone() });
        }
        let free = match &run.row.owner {
            Some(owner) => self.lost(at, owner),
            None => !blocked(&run),
        };
        let claimed = if free { self.take(at, worker, run) } else { None };
        Ok(Outcome::Claimed(claimed.into_iter().collect()))
    }

    pub fn claim_due(&mut self, at: u64, worker: &str, limit: usize) -> Result<Outcome, StoreError> {
        self.leased(at, worker)?;
        let mut claimed = Vec::new();
        while claimed.len() < limit {
            let Some(run) = self.next_free(at) else { break };
            claimed.extend(self.take(at, worker, run));
        }
        Ok(Outcome::Claimed(claimed))
    }

    /// The run that is due longest, else the oldest one of a lost worker.
    fn next_free(&self, at: u64) -> Option<Run> {
        let due = self.between(Key::Due(0, 0), Key::Due(at, u64::MAX)).next();
        let owned = self.index.range(Key::Owner(String::new(), 0)..).map_while(|(key, number)| match key {
            Key::Owner(owner, _) => Some((owner, number)),
            _ => None,
        });
        let orphan = || owned.filter(|(owner, _)| self.lost(at, owner)).map(|(_, number)| *number).min();
        due.or_else(|| self.runs.get(&orphan()?)).cloned()
    }

    fn leased(&self, at: u64, worker: &str) -> Result<(), StoreError> {
        if self.lost(at, worker) { Err(StoreError::NoLease { worker: worker.to_owned() }) } else { Ok(()) }
    }

    /// Whether a worker keeps nothing any more. A lease holds until just before its end.
    fn lost(&self, at: u64, worker: &str) -> bool {
        self.leases.get(&worker.to_owned()).is_none_or(|until| *until <= at)
    }

    /// Makes the run this worker's, or has it wait for a place of its concurrency key.
    fn take(&mut self, at: u64, worker: &str, mut run: Run) -> Option<Run> {
        run.row.updated = at;
        if let Some(concurrency) = run.row.concurrency.clone().filter(|_| !run.row.slot) {
            if !self.room(&run.row.project, &concurrency) {
                run.row.wake_at = None;
                self.save(run);
                return None;
            }
            run.row.slot = true;
        }
        if run.row.owner.replace(worker.to_owned()).is_some() {
            run.row.lost += 1;
        }
        run.row.fence += 1;
        run.row.wake_at = None;
        if run.row.state == RunState::Queued {
            run.row.state = RunState::Running;
        }
        self.save(run.clone());
        Some(run)
    }
}
