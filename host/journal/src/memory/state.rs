//! All there is, and how a batch changes it or does not.

use super::index::{Key, keys};
use super::table::{Table, Undo};
use crate::logic::apply;
use crate::rows::{Done, Holder};
use crate::{Batch, Change, Entry, Kind, Listening, Message, Outcome, Project, Record, Run, RunId, Signal, Snapshot, StoreError};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs are known by their number inside.
#[derive(Debug, Default)]
pub(super) struct State {
    pub runs: Table<u64, Run>,
    pub index: Table<Key, u64>,
    pub entries: Table<(u64, u64), Entry>,
    pub snapshots: Table<u64, Snapshot>,
    pub messages: Table<(u64, u64), Message>,
    pub listens: Table<(u64, u32), Listening>,
    /// Signals that nobody has heard yet, in order of arrival.
    pub early: Table<u64, Signal>,
    pub leases: Table<String, u64>,
    pub records: Table<(Project, Kind, String), Record>,
    /// Who refers to which blob.
    pub blobs: Table<(String, Holder), ()>,
    /// Numbers given out; those of a batch that failed are not used again.
    pub last_run: u64,
    pub last_signal: u64,
    pub changes: Vec<Change>,
}

impl State {
    pub fn commit(&mut self, batch: Batch) -> Result<(Vec<Outcome>, Vec<Change>), StoreError> {
        let Batch { at, writes } = batch;
        let outcomes: Result<Vec<_>, _> = writes.iter().map(|write| ready(apply(self, at, write))).collect();
        let changes = std::mem::take(&mut self.changes);
        match outcomes {
            Ok(outcomes) => {
                self.tables().into_iter().for_each(|table| table.keep());
                Ok((outcomes, changes))
            }
            Err(error) => {
                self.tables().into_iter().for_each(|table| table.take_back());
                Err(error)
            }
        }
    }

    fn tables(&mut self) -> [&mut dyn Undo; 10] {
        [
            &mut self.runs,
            &mut self.index,
            &mut self.entries,
            &mut self.snapshots,
            &mut self.messages,
            &mut self.listens,
            &mut self.early,
            &mut self.leases,
            &mut self.records,
            &mut self.blobs,
        ]
    }

    pub fn number(&self, run: &RunId) -> Option<u64> {
        self.index.get(&Key::Id(run.clone())).copied()
    }

    pub fn find(&self, run: &RunId) -> Option<&Run> {
        self.runs.get(&self.number(run)?)
    }

    /// Puts the run in the place of what was known of it.
    pub fn put(&mut self, run: Run) {
        let number = run.row.number;
        let before = self.runs.get(&number).map(|run| keys(&run.row)).unwrap_or_default();
        let after = keys(&run.row);
        for key in before.iter().filter(|key| !after.contains(key)) {
            self.index.remove(key);
        }
        for key in after.into_iter().filter(|key| !before.contains(key)) {
            self.index.set(key, number);
        }
        self.runs.set(number, run);
    }

    /// Changes what is kept beside a run's row.
    pub fn edit<T>(&mut self, number: u64, change: impl FnOnce(&mut Run) -> T) -> Option<T> {
        let mut run = self.runs.get(&number)?.clone();
        let answer = change(&mut run);
        self.runs.set(number, run);
        Some(answer)
    }

    /// The runs whose keys lie between these, in the order of the keys.
    pub fn between(&self, from: Key, to: Key) -> impl Iterator<Item = &Run> {
        self.index.range(from..=to).filter_map(|(_, number)| self.runs.get(number))
    }
}

/// Nothing in memory makes anybody wait.
fn ready<T>(future: impl Future<Output = Done<T>>) -> Done<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(StoreError::Unavailable("memory cannot be waited for".to_owned())),
    }
}
