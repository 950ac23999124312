//! Who waits in this process for runs to end or to answer.

use loomwork_journal::RunId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

#[derive(Default)]
pub(crate) struct Waiters {
    waiting: Mutex<HashMap<RunId, Vec<oneshot::Sender<()>>>>,
}

impl Waiters {
    /// Completes when there is something to see of this run, or when nobody can tell. Register first, look then.
    pub fn register(&self, run: &RunId) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let of_run = waiting.entry(run.clone()).or_default();
        of_run.retain(|sender| !sender.is_closed());
        of_run.push(sender);
        receiver
    }

    pub fn wake(&self, run: &RunId) {
        let woken = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(run);
        woken.into_iter().flatten().for_each(|sender| {
            sender.send(()).ok();
        });
    }

    pub fn wake_all(&self) {
        let all = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        all.into_values().flatten().for_each(|sender| {
            sender.send(()).ok();
        });
    }
}
