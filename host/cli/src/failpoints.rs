//! Ends the process at a chosen write, as if it had been killed: for the tests of what survives that. Not part of a usual build.
//!
//! `$LOOM_FAILPOINT` is `before:7` or `after:7`: at the seventh commit that is about runs, before it reaches the store, or when it is on
//! disk and nobody has been told.

use async_trait::async_trait;
use loomwork_journal::{Batch, Outcome, Over, Store, StoreError, Write};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A store with one place at which the process ends.
pub struct Failing {
    inner: Arc<dyn Store>,
    place: Place,
    number: u64,
    commits: AtomicU64,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Before,
    After,
}

impl Failing {
    /// The store itself if no place is set.
    pub fn around(inner: Arc<dyn Store>) -> Arc<dyn Store> {
        let set = std::env::var("LOOM_FAILPOINT").ok();
        let Some((place, number)) = set.as_deref().and_then(|text| text.split_once(':')) else { return inner };
        let place = if place == "before" { Place::Before } else { Place::After };
        let number = number.parse().expect("LOOM_FAILPOINT ends with a number");
        Arc::new(Self { inner, place, number, commits: AtomicU64::new(0) })
    }

    fn end_if(&self, place: Place, commit: Option<u64>) {
        if self.place == place && commit == Some(self.number) {
            let _ = Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
            loop {
                std::thread::park();
            }
        }
    }

    /// The commit's number, if it is about runs.
    fn count(&self, batch: &Batch) -> Option<u64> {
        let counts =
            |write: &Write| !matches!(write, Write::Lease { .. } | Write::Retire { .. } | Write::Put(_) | Write::Prune(_));
        batch.writes.iter().any(counts).then(|| self.commits.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

#[async_trait]
impl Over for Failing {
    fn below(&self) -> &dyn Store {
        &*self.inner
    }

    async fn commit_over(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        let number = self.count(&batch);
        self.end_if(Place::Before, number);
        let outcomes = self.inner.commit(batch).await;
        self.end_if(Place::After, number);
        outcomes
    }
}
