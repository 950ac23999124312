//! A run goes on, and ends.

use super::index::Key;
use super::state::{Holder, State};
use crate::Happened;
use crate::{Append, Change, End, Message, Next, Outcome, Progress, Run, Snapshot, State as RunState, StoreError};

impl State {
    pub fn append(&mut self, at: u64, append: Append) -> Result<Outcome, StoreError> {
        let run = self.copy(&append.run)?;
        if run.row.owner.is_none() || run.row.fence != append.fence {
            return Err(StoreError::Fenced { run: append.run });
        }
        if run.row.next_seq != append.seq {
            return Err(StoreError::Gap { run: append.run, expected: run.row.next_seq });
        }
        self.progress(at, run, append.progress);
        Ok(Outcome::Done)
    }

    /// Saves the run as it is after this, and gives its state.
    pub fn progress(&mut self, at: u64, mut run: Run, progress: Progress) -> RunState {
        let number = run.row.number;
        run.row.updated = at;
        if !progress.entries.is_empty() {
            run.row.lost = 0;
        }
        for entry in progress.entries {
            self.entries.set((number, run.row.next_seq), entry);
            run.row.next_seq += 1;
        }
        if let Some(through) = progress.taken {
            self.messages.remove_range((number, 0)..=(number, through));
        }
        for step in progress.unlisten {
            self.listens.remove(&(number, step));
        }
        for listen in progress.listens {
            self.listen(at, &mut run, listen);
        }
        if let Some(state) = progress.snapshot {
            self.snapshots.set(number, Snapshot { seq: run.row.next_seq, state });
        }
        if let Some(answer) = progress.answer.filter(|_| run.answer.is_none()) {
            run.answer = Some(answer);
            self.changes.push(Change::Answered { run: run.row.id.clone() });
        }
        run.row.pin = progress.pin.unwrap_or(run.row.pin);
        for blob in progress.blobs {
            self.blobs.set((blob, Holder::Run(number)), ());
        }
        self.go_on(at, run, progress.next)
    }

    fn go_on(&mut self, at: u64, mut run: Run, next: Next) -> RunState {
        match next {
            Next::Running => (run.row.state, run.row.wake_at) = (RunState::Running, None),
            Next::Waiting { until } => (run.row.state, run.row.wake_at) = (RunState::Waiting, until),
            Next::Released { until } => {
                let number = run.row.number;
                let told = self.messages.range((number, 0)..=(number, u64::MAX)).next().is_some();
                (run.row.state, run.row.owner) = (RunState::Waiting, None);
                run.row.wake_at = if told { Some(until.map_or(at, |until| until.min(at))) } else { until };
                if let Some(at) = run.row.wake_at {
                    self.changes.push(Change::Due { run: run.row.id.clone(), at });
                }
            }
            Next::Ended(end) => return self.end(at, run, end),
        }
        let state = run.row.state;
        self.save(run);
        state
    }

    /// Nothing comes behind this: what only a living run needs is dropped, and those who waited for it are told.
    pub fn end(&mut self, at: u64, mut run: Run, end: End) -> RunState {
        let (number, state) = (run.row.number, end.state());
        run.row.state = state;
        run.row.updated = at;
        run.row.fault = end.fault().map(|fault| fault.code.to_string());
        (run.row.owner, run.row.wake_at) = (None, None);
        let slot = std::mem::replace(&mut run.row.slot, false);
        self.listens.remove_range((number, 0)..=(number, u32::MAX));
        self.messages.remove_range((number, 0)..=(number, u64::MAX));
        self.snapshots.remove(&number);
        self.changes.push(Change::Ended { run: run.row.id.clone(), state });
        run.end = Some(end);
        self.save(run.clone());
        if slot {
            self.promote(at, &run);
        }
        self.tell_parent(at, &run);
        state
    }

    /// Gives places that are free to those who have waited longest for them.
    fn promote(&mut self, at: u64, ended: &Run) {
        let Some(concurrency) = &ended.row.concurrency else { return };
        let project = &ended.row.project;
        let blocked = |number| Key::Blocked(project.clone(), concurrency.key.clone(), number);
        while let Some(run) = self.between(blocked(0), blocked(u64::MAX)).next() {
            let limit = run.row.concurrency.clone();
            if !limit.is_some_and(|limit| self.room(project, &limit)) {
                return;
            }
            let mut run = run.clone();
            run.row.slot = true;
            run.row.updated = at;
            run.row.wake_at = Some(at);
            self.changes.push(Change::Due { run: run.row.id.clone(), at });
            self.save(run);
        }
    }

    fn tell_parent(&mut self, at: u64, run: &Run) {
        let Some(parent) = run.row.parent.as_ref().filter(|parent| parent.waits) else { return };
        let (Some(end), Some(waiting)) = (&run.end, self.find(&parent.run)) else { return };
        if !waiting.row.state.ended() {
            let mut waiting = waiting.clone();
            self.deliver(at, &mut waiting, end.told(parent.step));
            self.save(waiting);
        }
    }

    /// Puts something into a run's inbox and sees that it is fetched. The caller saves the run.
    pub fn deliver(&mut self, at: u64, run: &mut Run, what: Happened) {
        run.row.messages += 1;
        run.row.updated = at;
        let number = run.row.messages;
        self.messages.set((run.row.number, number), Message { number, at, what });
        let id = run.row.id.clone();
        if let Some(owner) = run.row.owner.clone() {
            self.changes.push(Change::Message { run: id, owner });
        } else {
            let at = run.row.wake_at.map_or(at, |wake| wake.min(at));
            run.row.wake_at = Some(at);
            self.changes.push(Change::Due { run: id, at });
        }
    }
}
