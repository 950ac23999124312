//! The store as runs read it: one that is away for a moment is asked again. A run that cannot read its inbox or what it is to start has
//! nobody to tell. Writing is not repeated here: who writes knows what may have arrived.

use loomwork_journal::{Entry, Kind, Message, Project, Record, Run, RunId, Snapshot, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// How long a store may be away before its runs are put aside.
const LONGEST: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Waits between attempts, each time longer, and not for ever.
#[derive(Default)]
pub(super) struct Patience {
    waited: Duration,
    pause: Duration,
}

impl Patience {
    /// True, after a while, if it makes sense to try again.
    pub async fn bears(&mut self, error: &StoreError) -> bool {
        if !matches!(error, StoreError::Unavailable(_)) || self.waited >= LONGEST {
            return false;
        }
        self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        tokio::time::sleep(self.pause).await;
        self.waited += self.pause;
        true
    }

    pub fn is_tried(&self) -> bool {
        self.waited > Duration::ZERO
    }
}

pub(crate) struct Patient(pub Arc<dyn Store>);

impl Patient {
    pub async fn run(&self, run: &RunId) -> Result<Option<Run>, StoreError> {
        patiently(|| self.0.run(run)).await
    }

    pub async fn entries(&self, run: &RunId, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        patiently(|| self.0.entries(run, from, limit)).await
    }

    pub async fn snapshot(&self, run: &RunId) -> Result<Option<Snapshot>, StoreError> {
        patiently(|| self.0.snapshot(run)).await
    }

    pub async fn inbox(&self, run: &RunId) -> Result<Vec<Message>, StoreError> {
        patiently(|| self.0.inbox(run)).await
    }

    pub async fn record(&self, project: &Project, kind: Kind, name: &str) -> Result<Option<Record>, StoreError> {
        patiently(|| self.0.record(project, kind, name)).await
    }
}

/// Asks until there is an answer, or patience ends.
async fn patiently<T, F: Future<Output = Result<T, StoreError>>>(ask: impl Fn() -> F) -> Result<T, StoreError> {
    let mut patience = Patience::default();
    loop {
        match ask().await {
            Err(error) if patience.bears(&error).await => {}
            answer => return answer,
        }
    }
}
