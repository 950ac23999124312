//! The tables in memory. Scans where nothing else is needed.

use super::index::{Key, keys};
use super::state::State;
use crate::rows::{Done, Holder, Payload, RecordKey, Rows, Wanted};
use crate::{
    Change, End, Entry, Given, Kind, LEFT, Listening, Message, Project, Prune, Record, Run, RunId, RunRow, Signal, Snapshot,
};
use bytes::Bytes;

impl Rows for State {
    fn tell(&mut self, change: Change) {
        self.changes.push(change);
    }

    async fn lock(&mut self, _: &[&str]) -> Done {
        Ok(())
    }

    async fn run(&mut self, id: &RunId) -> Done<Option<RunRow>> {
        Ok(self.find(id).map(|run| run.row.clone()))
    }

    async fn whole(&mut self, row: RunRow) -> Done<Run> {
        let Run { input, answer, end, .. } = self.runs.get(&row.number).cloned().unwrap_or_else(|| Run::new(row.clone(), ""));
        Ok(Run { row, input, answer, end })
    }

    async fn idempotent(&mut self, project: &Project, flow: &str, key: &str) -> Done<Option<RunId>> {
        Ok(self.at(&Key::Idempotency(project.clone(), flow.to_owned(), key.to_owned())).map(|row| row.id))
    }

    async fn child(&mut self, parent: &RunId, step: u32) -> Done<Option<RunId>> {
        Ok(self.at(&Key::Step(parent.clone(), step)).map(|row| row.id))
    }

    async fn debounced(&mut self, project: &Project, flow: &str, key: &str) -> Done<Option<RunRow>> {
        Ok(self.at(&Key::Debounce(project.clone(), flow.to_owned(), key.to_owned())))
    }

    async fn number(&mut self) -> Done<u64> {
        self.last_run += 1;
        Ok(self.last_run)
    }

    async fn insert(&mut self, row: &RunRow, payload: &Payload<'_>) -> Done {
        let mut run = Run::new(row.clone(), payload.input);
        run.answer = payload.answer.map(str::to_owned);
        run.end = payload.end.cloned();
        self.put(run);
        Ok(())
    }

    async fn save(&mut self, row: &RunRow) -> Done {
        if let Some(mut run) = self.runs.get(&row.number).cloned() {
            run.row = row.clone();
            self.put(run);
        }
        Ok(())
    }

    async fn set_input(&mut self, number: u64, input: &str) -> Done {
        self.edit(number, |run| run.input = input.to_owned());
        Ok(())
    }

    async fn set_answer(&mut self, number: u64, answer: &str) -> Done<bool> {
        let first = self.edit(number, |run| {
            let first = run.answer.is_none();
            run.answer.get_or_insert_with(|| answer.to_owned());
            first
        });
        Ok(first.unwrap_or_default())
    }

    async fn set_end(&mut self, number: u64, end: &End) -> Done {
        self.edit(number, |run| run.end = Some(end.clone()));
        Ok(())
    }

    async fn clear(&mut self, number: u64) -> Done {
        self.listens.remove_range((number, 0)..=(number, u32::MAX));
        self.messages.remove_range((number, 0)..=(number, u64::MAX));
        self.snapshots.remove(&number);
        Ok(())
    }

    async fn slots(&mut self, project: &Project, key: &str) -> Done<u64> {
        let slot = |number| Key::Slot(project.clone(), key.to_owned(), number);
        Ok(self.between(slot(0), slot(u64::MAX)).count() as u64)
    }

    async fn blocked(&mut self, project: &Project, key: &str) -> Done<Option<RunRow>> {
        let blocked = |number| Key::Blocked(project.clone(), key.to_owned(), number);
        Ok(self.between(blocked(0), blocked(u64::MAX)).next().map(|run| run.row.clone()))
    }

    async fn due(&mut self, at: u64, limit: usize, except: &[String]) -> Done<Vec<RunRow>> {
        let left = |row: &RunRow| row.cancel && row.wake_at.is_some_and(|wake_at| wake_at <= at.saturating_sub(LEFT));
        let due = self.between(Key::Due(0, 0), Key::Due(at, u64::MAX)).map(|run| &run.row);
        Ok(due.filter(|row| !except.contains(&row.pin.digest) || left(row)).take(limit).cloned().collect())
    }

    async fn orphans(&mut self, at: u64, limit: usize) -> Done<Vec<RunRow>> {
        let lost = |owner: &String| self.leases.get(owner).is_none_or(|until| *until <= at);
        let rows = self.runs.iter().map(|(_, run)| &run.row);
        Ok(rows.filter(|row| row.owner.as_ref().is_some_and(lost)).take(limit).cloned().collect())
    }

    async fn lease(&mut self, worker: &str) -> Done<Option<u64>> {
        Ok(self.leases.get(&worker.to_owned()).copied())
    }

    async fn set_lease(&mut self, worker: &str, until: Option<u64>) -> Done {
        match until {
            Some(until) => self.leases.set(worker.to_owned(), until),
            None => self.leases.remove(&worker.to_owned()),
        }
        Ok(())
    }

    async fn push(&mut self, number: u64, seq: u64, entries: &[Entry]) -> Done {
        for (seq, entry) in (seq..).zip(entries) {
            self.entries.set((number, seq), entry.clone());
        }
        Ok(())
    }

    async fn set_snapshot(&mut self, number: u64, seq: u64, state: &Bytes) -> Done {
        self.snapshots.set(number, Snapshot { seq, state: state.clone() });
        Ok(())
    }

    async fn post(&mut self, number: u64, message: &Message) -> Done {
        self.messages.set((number, message.number), message.clone());
        Ok(())
    }

    async fn take(&mut self, number: u64, through: u64) -> Done {
        self.messages.remove_range((number, 0)..=(number, through));
        Ok(())
    }

    async fn listen(&mut self, _: &Project, listening: &Listening) -> Done {
        self.listens.set((listening.number, listening.step), listening.clone());
        Ok(())
    }

    async fn unlisten(&mut self, number: u64, step: u32) -> Done {
        self.listens.remove(&(number, step));
        Ok(())
    }

    async fn listening(&mut self, number: u64, step: u32) -> Done<Option<Listening>> {
        Ok(self.listens.get(&(number, step)).cloned())
    }

    async fn give(&mut self, number: u64, step: u32, _: usize, given: &Given) -> Done {
        if let Some(mut listening) = self.listens.get(&(number, step)).cloned() {
            listening.given.push(given.clone());
            self.listens.set((number, step), listening);
        }
        Ok(())
    }

    async fn listeners(&mut self, signal: &Signal) -> Done<Vec<Listening>> {
        let hears = |listening: &&Listening| {
            listening.question.is_none()
                && listening.name == signal.name
                && signal.key.as_ref().is_none_or(|key| *key == listening.key)
                && signal.run.as_ref().is_none_or(|run| *run == listening.run)
                && self.runs.get(&listening.number).is_some_and(|run| run.row.project == signal.project)
        };
        Ok(self.listens.iter().map(|(_, listening)| listening).filter(hears).cloned().collect())
    }

    async fn early(&mut self, at: u64, wanted: &Wanted<'_>) -> Done<Option<String>> {
        let fits = |signal: &Signal| {
            signal.until > at
                && signal.project == *wanted.project
                && signal.name == wanted.name
                && signal.key.as_ref().is_none_or(|key| key == wanted.key)
                && signal.run.as_ref().is_none_or(|run| run == wanted.run)
        };
        let found = self.early.iter().find(|(_, signal)| fits(signal)).map(|(number, signal)| (*number, signal.payload.clone()));
        Ok(found.map(|(number, payload)| {
            self.early.remove(&number);
            payload
        }))
    }

    async fn keep(&mut self, at: u64, signal: &Signal, limit: usize) -> Done<bool> {
        let alike = |other: &Signal| {
            (&other.project, &other.name, &other.key, &other.run) == (&signal.project, &signal.name, &signal.key, &signal.run)
        };
        let kept = self.early.iter().filter(|(_, other)| other.until > at && alike(other)).count();
        if kept < limit {
            self.last_signal += 1;
            self.early.set(self.last_signal, signal.clone());
        }
        Ok(kept < limit)
    }

    async fn expire(&mut self, at: u64, limit: usize) -> Done {
        let over = self.early.iter().filter(|(_, signal)| signal.until <= at).map(|(number, _)| *number);
        let over: Vec<u64> = over.take(limit).collect();
        for number in over {
            self.early.remove(&number);
        }
        Ok(())
    }

    async fn record(&mut self, project: &Project, kind: Kind, name: &str) -> Done<Option<Bytes>> {
        Ok(self.records.get(&(project.clone(), kind, name.to_owned())).map(|record| record.value.clone()))
    }

    async fn set_record(&mut self, at: u64, key: &RecordKey<'_>, value: Option<&Bytes>) -> Done {
        let name = (key.project.clone(), key.kind, key.name.to_owned());
        match value {
            Some(value) => self.records.set(name, Record { name: key.name.to_owned(), value: value.clone(), updated: at }),
            None => self.records.remove(&name),
        }
        Ok(())
    }

    async fn hold(&mut self, holder: &Holder, digests: &[String]) -> Done {
        for digest in digests {
            self.blobs.set((digest.clone(), holder.clone()), ());
        }
        Ok(())
    }

    async fn release(&mut self, holder: &Holder) -> Done {
        let held: Vec<_> = self.blobs.iter().map(|(key, ())| key).filter(|(_, it)| it == holder).cloned().collect();
        for key in held {
            self.blobs.remove(&key);
        }
        Ok(())
    }

    async fn outdated(&mut self, prune: &Prune) -> Done<Vec<u64>> {
        let ours = |row: &&RunRow| {
            row.state.ended() && row.project == prune.project && prune.flow.as_ref().is_none_or(|flow| *flow == row.flow)
        };
        let ended: Vec<&RunRow> = self.runs.iter().map(|(_, run)| &run.row).filter(ours).collect();
        let kept = prune.keep.map_or(usize::MAX, |keep| usize::try_from(keep).unwrap_or(usize::MAX));
        let surplus = ended.len().saturating_sub(kept);
        let gone = ended.iter().enumerate().filter(|(place, row)| *place < surplus || row.updated < prune.before);
        Ok(gone.map(|(_, row)| row.number).take(prune.limit).collect())
    }

    async fn forget(&mut self, number: u64) -> Done {
        for key in self.runs.get(&number).map(|run| keys(&run.row)).unwrap_or_default() {
            self.index.remove(&key);
        }
        self.runs.remove(&number);
        self.entries.remove_range((number, 0)..=(number, u64::MAX));
        self.release(&Holder::Run(number)).await
    }
}

impl State {
    fn at(&self, key: &Key) -> Option<RunRow> {
        self.runs.get(self.index.get(key)?).map(|run| run.row.clone())
    }
}
