//! Under which keys a run is found besides its number.

use crate::{Project, RunId, RunRow};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Id(RunId),
    Idempotency(Project, String, String),
    Step(RunId, u32),
    Debounce(Project, String, String),
    /// Nobody has it, and its time.
    Due(u64, u64),
    Owner(String, u64),
    /// Has a place of its concurrency key.
    Slot(Project, String, u64),
    /// Waits for a place of it.
    Blocked(Project, String, u64),
}

/// All keys of a run.
pub(super) fn keys(row: &RunRow) -> Vec<Key> {
    let flow = || (row.project.clone(), row.flow.clone());
    let mut keys = vec![Key::Id(row.id.clone())];
    if let Some(key) = &row.idempotency {
        let (project, flow) = flow();
        keys.push(Key::Idempotency(project, flow, key.clone()));
    }
    if let Some(parent) = &row.parent {
        keys.push(Key::Step(parent.run.clone(), parent.step));
    }
    if let Some(key) = row.debounce.as_ref().filter(|_| row.unbegun()) {
        let (project, flow) = flow();
        keys.push(Key::Debounce(project, flow, key.clone()));
    }
    if let Some(owner) = &row.owner {
        keys.push(Key::Owner(owner.clone(), row.number));
    } else if let Some(at) = row.wake_at {
        keys.push(Key::Due(at, row.number));
    }
    if let Some(concurrency) = &row.concurrency {
        let (project, key) = (row.project.clone(), concurrency.key.clone());
        if row.slot {
            keys.push(Key::Slot(project, key, row.number));
        } else if row.blocked() {
            keys.push(Key::Blocked(project, key, row.number));
        }
    }
    keys
}
