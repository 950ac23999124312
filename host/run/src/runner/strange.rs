//! Versions that this process cannot make into what their runs began with, as it has other packages: their runs are left to workers that
//! have the right ones.

use super::inner::Inner;
use super::kept::fault;
use crate::driver::Left;
use crate::ledger::Lost;
use loomwork_engine::Happened;
use loomwork_journal::{Append, Batch, LEFT, Next, Progress, RunRow, StoreError, Write, limits};
use loomwork_types::Fault;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Whoever looks for what is due finds the run after this; it is not offered, as the offer might come back here.
const HAND_ON_MS: u64 = 1_000;

/// Digests of flows' components, the newest kept. What is forgotten is found out again.
#[derive(Default)]
pub(super) struct Strange(Mutex<VecDeque<String>>);

impl Strange {
    pub fn list(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn add(&self, digest: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.iter().any(|known| known == digest) {
            if all.len() == limits::PAGE {
                all.pop_front();
            }
            all.push_back(digest.to_owned());
        }
    }
}

impl Inner {
    /// Gives a run back that cannot go on here, and claims none of its version again. None if it is to be ended after all: there are
    /// no others, or it was asked to stop and none of them came.
    pub async fn leave_to_others(&self, row: &RunRow, reason: &Fault) -> Result<Option<Left>, Lost> {
        let unwritten = |error: StoreError| Lost::Unwritten(fault(&error));
        if self.alone || self.was_to_stop(row).await.map_err(unwritten)? {
            return Ok(None);
        }
        self.strange.add(&row.pin.digest);
        tracing::warn!(run = %row.id, code = %reason.code, message = %reason.message, "the run is left to other workers");
        let now = self.clock.now_ms();
        let progress = Progress { next: Next::Released { until: Some(now + HAND_ON_MS) }, ..Progress::default() };
        let append = Append { run: row.id.clone(), fence: row.fence, seq: row.next_seq, progress };
        match self.store.commit(Batch::new(now, [Write::Append(Box::new(append))])).await {
            Ok(_) => Ok(Some(Left::Parked)),
            Err(StoreError::Fenced { .. } | StoreError::Gap { .. }) => Err(Lost::Fenced),
            Err(error) => Err(unwritten(error)),
        }
    }

    /// Whether it was asked to stop so long ago that whoever can run it would have come.
    async fn was_to_stop(&self, row: &RunRow) -> Result<bool, StoreError> {
        if !row.cancel {
            return Ok(false);
        }
        let since = self.clock.now_ms().saturating_sub(LEFT);
        let inbox = self.patient.inbox(&row.id).await?;
        Ok(inbox.iter().any(|message| message.what == Happened::Stop && message.at <= since))
    }
}
