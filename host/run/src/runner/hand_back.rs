//! A run that could not be written, or that a lost answer gave, is this worker's, and nobody would take it up as long as the worker lives: as soon as the store
//! is back it is handed to whoever comes, from where it was written last. One whose writes the store refuses would be refused again: it ends.

use super::inner::Inner;
use super::kept::fault;
use super::live::is_passing;
use crate::ledger::Lost;
use loomwork_journal::limits::PAGE;
use loomwork_journal::{Append, Batch, Filter, Next, Progress, RunId, State, StoreError, Write};
use loomwork_types::Fault;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(1);

impl Inner {
    pub async fn hand_back(self: Arc<Self>, run: RunId) {
        while !self.halt.is_cancelled() {
            tokio::time::sleep(PAUSE).await;
            match self.let_go(&run).await {
                Ok(()) | Err(StoreError::Fenced { .. } | StoreError::Gap { .. }) => return,
                Err(StoreError::Unavailable(_) | StoreError::Busy(_)) => {}
                Err(error) => return tracing::error!(%run, %error, "the run cannot be handed back; the next start takes it up"),
            }
        }
    }

    /// Ends a run that the store takes no more of, so that whoever waits for it hears why.
    pub async fn end_refused(self: Arc<Self>, run: RunId, reason: Fault) {
        while !self.halt.is_cancelled() {
            match self.try_end_refused(&run, &reason).await {
                Ok(()) => return,
                Err(fault) if is_passing(&fault) => tokio::time::sleep(PAUSE).await,
                Err(fault) => {
                    return tracing::error!(%run, code = %fault.code, message = %fault.message, "the run cannot even be ended; the next start takes it up");
                }
            }
        }
    }

    async fn try_end_refused(&self, run: &RunId, reason: &Fault) -> Result<(), Fault> {
        let found = self.store.run(run).await.map_err(|error| fault(&error))?;
        // It may never have come into the store, and somebody else may have it.
        let Some(found) = found.filter(|found| found.row.owner.as_ref() == Some(&self.worker)) else { return Ok(()) };
        match self.give_up(&found.row, &found.input, reason.clone()).await {
            Ok(_) | Err(Lost::Fenced) => Ok(()),
            Err(Lost::Unwritten(fault)) => Err(fault),
        }
    }

    /// Hands back what a claim gave this worker without its hearing of it.
    pub async fn hand_back_unknown(self: &Arc<Self>) -> Result<(), StoreError> {
        let mut filter = Filter { states: vec![State::Running, State::Waiting], limit: PAGE, ..Filter::of(self.project.clone()) };
        loop {
            let rows = self.store.runs(&filter).await?;
            filter.after = rows.last().map(|row| row.number);
            let full = rows.len() == PAGE;
            for row in rows.into_iter().filter(|row| row.owner.as_ref() == Some(&self.worker) && !self.is_live(&row.id)) {
                self.tasks.spawn(self.clone().hand_back(row.id));
            }
            if !full {
                return Ok(());
            }
        }
    }

    fn is_live(&self, run: &RunId) -> bool {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).contains_key(run)
    }

    async fn let_go(&self, run: &RunId) -> Result<(), StoreError> {
        if self.is_live(run) {
            return Ok(());
        }
        let now = self.clock.now_ms();
        let Some(found) = self.store.run(run).await?.filter(|found| found.row.owner.as_ref() == Some(&self.worker)) else {
            return Ok(());
        };
        let progress = Progress { next: Next::Released { until: Some(now) }, ..Progress::default() };
        let append = Append { run: run.clone(), fence: found.row.fence, seq: found.row.next_seq, progress };
        self.store.commit(Batch::new(now, [Write::Append(Box::new(append))])).await.map(drop)
    }
}
