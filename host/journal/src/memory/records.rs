//! Records, who refers to which blob, and what is no longer kept.

use super::index::keys;
use super::state::{Holder, State};
use crate::{Expect, Kind, Outcome, Project, Prune, Put, Record, StoreError};

type Name = (Project, Kind, String);

impl State {
    pub fn put(&mut self, at: u64, put: Put) -> Result<Outcome, StoreError> {
        let name = (put.project, put.kind, put.name);
        let present = self.records.get(&name).map(|record| &record.value);
        if let Expect::Is(expected) = &put.expect
            && present != expected.as_ref()
        {
            return Err(StoreError::Conflict { name: name.2 });
        }
        let existed = present.is_some();
        let (project, kind, text) = name.clone();
        let holder = Holder::Record(project, kind, text);
        self.drop_blobs(&holder);
        match put.value {
            Some(value) => {
                let record = Record { name: name.2.clone(), value, updated: at };
                self.records.set(name, record);
                for blob in put.blobs {
                    self.blobs.set((blob, holder.clone()), ());
                }
            }
            None => {
                self.records.remove(&name);
            }
        }
        Ok(Outcome::Put { existed })
    }

    pub fn add(&mut self, at: u64, name: Name, by: i64) -> Result<Outcome, StoreError> {
        let present = self.records.get(&name).map(|record| crate::record::integer(&record.value));
        let sum = present.unwrap_or(Some(0)).and_then(|number| number.checked_add(by));
        let sum = sum.ok_or_else(|| StoreError::NotANumber { name: name.2.clone() })?;
        let record = Record { name: name.2.clone(), value: sum.to_string().into(), updated: at };
        self.records.set(name, record);
        Ok(Outcome::Sum(sum))
    }

    pub fn drop_blobs(&mut self, holder: &Holder) {
        let held: Vec<_> = self.blobs.iter().map(|(key, ())| key).filter(|(_, it)| it == holder).cloned().collect();
        held.iter().for_each(|key| {
            self.blobs.remove(key);
        });
    }

    pub fn prune(&mut self, at: u64, prune: &Prune) -> Outcome {
        let over: Vec<u64> = self.early.iter().filter(|(_, it)| it.until <= at).map(|(key, _)| *key).take(prune.limit).collect();
        over.iter().for_each(|key| {
            self.early.remove(key);
        });
        let ended = self.runs.iter().filter(|(_, run)| {
            let row = &run.row;
            row.state.ended() && row.project == prune.project && prune.flow.as_ref().is_none_or(|flow| *flow == row.flow)
        });
        let ended: Vec<(u64, u64)> = ended.map(|(number, run)| (*number, run.row.updated)).collect();
        let kept = prune.keep.map_or(usize::MAX, |keep| usize::try_from(keep).unwrap_or(usize::MAX));
        let surplus = ended.len().saturating_sub(kept);
        let gone = ended.iter().enumerate().filter(|(place, (_, at))| *place < surplus || *at < prune.before);
        let gone: Vec<u64> = gone.map(|(_, (number, _))| *number).take(prune.limit).collect();
        gone.iter().for_each(|number| self.forget(*number));
        Outcome::Pruned(gone.len())
    }

    fn forget(&mut self, number: u64) {
        for key in self.runs.get(&number).map(keys).unwrap_or_default() {
            self.index.remove(&key);
        }
        self.runs.remove(&number);
        self.entries.remove_range((number, 0)..=(number, u64::MAX));
        self.drop_blobs(&Holder::Run(number));
    }
}
