//! What a process does beside its runs: it takes up what is due, and keeps its lease. It sleeps until there is something to do.

use super::inner::Inner;
use loomwork_journal::{Batch, Outcome, StoreError, Write};
use std::sync::Arc;
use std::time::Duration;

/// How long a worker may be silent before others take its runs over.
pub(super) const LEASE: Duration = Duration::from_secs(15);
const RENEW: Duration = Duration::from_secs(5);
/// Runs claimed at once.
const CLAIM: usize = 256;
/// Clocks can be set: what is due is looked at again after this, however far away it seemed.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);
/// After a store was away.
const PAUSE: Duration = Duration::from_millis(500);

impl Inner {
    /// Keeps the worker's lease; the first time before anything else is done.
    pub async fn renew(&self) -> Result<(), StoreError> {
        let now = self.clock.now_ms();
        let lease = Write::Lease { worker: self.worker.clone(), until: now + LEASE.as_millis() as u64 };
        self.store.commit(Batch::new(now, [lease])).await.map(drop)
    }

    /// Renews in time by both clocks: the one that leases are written by may jump, and then there is no lease until it is renewed.
    pub async fn keep_lease(self: Arc<Self>) {
        loop {
            let next = self.clock.now_ms().saturating_add(RENEW.as_millis() as u64);
            tokio::select! {
                biased;
                () = self.halt.cancelled() => return,
                () = tokio::time::sleep(RENEW) => {}
                () = self.clock.sleep_until(next) => {}
            }
            match self.renew().await {
                Ok(()) => self.stir.notify_one(),
                Err(error) => tracing::warn!(%error, "the worker's lease could not be renewed"),
            }
        }
    }

    /// Takes up what is due, and what lost workers had, for as long as the process is to.
    pub async fn take_up_due(self: Arc<Self>) {
        let (mut looked_at, mut unsure) = (0, false);
        while !self.halt.is_cancelled() {
            // A claim that seemed to fail may have been carried out.
            if unsure {
                unsure = self.hand_back_unknown().await.is_err();
            }
            // However often something else wakes it; also if the clock was set back.
            let now = self.clock.now_ms();
            let look_for_lost = now.abs_diff(looked_at) >= LONGEST_SLEEP.as_millis() as u64;
            if look_for_lost {
                looked_at = now;
            }
            match self.claim_due(look_for_lost).await {
                // There may be more.
                Ok(CLAIM) => continue,
                Ok(_) => self.sleep_until_due().await,
                Err(error) => {
                    tracing::warn!(%error, "runs that are due could not be taken up");
                    unsure = true;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Claims as many runs as there are places for. Only looks, and writes nothing, if there is nothing to claim.
    async fn claim_due(self: &Arc<Self>, anyway: bool) -> Result<usize, StoreError> {
        let limit = self.places.available_permits().min(CLAIM);
        let except = self.strange.list();
        let due = self.store.next_due(&except).await?.is_some_and(|at| at <= self.clock.now_ms());
        if limit == 0 || !(due || anyway) {
            return Ok(0);
        }
        let claim = Write::ClaimDue { worker: self.worker.clone(), limit, except };
        let outcomes = self.store.commit(Batch::new(self.clock.now_ms(), [claim])).await?;
        let Some(Outcome::Claimed(claimed)) = outcomes.into_iter().next() else { return Ok(0) };
        let count = claimed.len();
        for run in claimed {
            // New runs may have been quicker to take the places: then this waits for its turn.
            let Ok(place) = self.places.clone().acquire_owned().await else { return Ok(count) };
            self.take_up(run, place);
        }
        Ok(count)
    }

    async fn sleep_until_due(&self) {
        let due = self.store.next_due(&self.strange.list()).await.unwrap_or(None);
        let free = self.places.available_permits() > 0;
        let longest = self.clock.now_ms().saturating_add(LONGEST_SLEEP.as_millis() as u64);
        let until = due.filter(|_| free).unwrap_or(u64::MAX).min(longest);
        tokio::select! {
            biased;
            () = self.halt.cancelled() => {}
            () = self.stir.notified() => {}
            () = self.clock.sleep_until(until) => {}
        }
    }
}
