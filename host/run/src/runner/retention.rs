//! How long runs are kept after their end.

use super::inner::Inner;
use loomwork_journal::{Batch, Outcome, Prune, StoreError, Write};
use std::sync::Arc;
use std::time::Duration;

/// What is deleted: whatever one of the two says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// What ended longer ago.
    pub age: Option<Duration>,
    /// All but the newest so many that have ended.
    pub count: Option<u64>,
}

const PAUSE_MS: u64 = 60_000;
/// Runs deleted in one commit: others must not wait for long.
const TOGETHER: usize = 500;

impl Inner {
    /// Deletes what is no longer kept, now and every minute.
    pub async fn forget_old(self: Arc<Self>, retention: Retention) {
        while !self.halt.is_cancelled() {
            match self.prune(retention).await {
                // There may be more.
                Ok(TOGETHER) => continue,
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "old runs could not be deleted"),
            }
            let next = self.clock.now_ms().saturating_add(PAUSE_MS);
            tokio::select! {
                biased;
                () = self.halt.cancelled() => return,
                () = self.clock.sleep_until(next) => {}
            }
        }
    }

    async fn prune(&self, retention: Retention) -> Result<usize, StoreError> {
        let now = self.clock.now_ms();
        let before = retention.age.map_or(0, |age| now.saturating_sub(age.as_millis() as u64));
        let prune = Prune { project: self.project.clone(), flow: None, before, keep: retention.count, limit: TOGETHER };
        match self.store.commit(Batch::new(now, [Write::Prune(prune)])).await?.first() {
            Some(Outcome::Pruned(count)) => Ok(*count),
            _ => Ok(0),
        }
    }
}
