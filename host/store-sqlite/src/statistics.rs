//! What the writer has done, for metrics and benchmarks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Totals since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Transactions, each with one `fsync`.
    pub commits: u64,
    /// Batches in them.
    pub batches: u64,
    /// Writes in those.
    pub writes: u64,
    /// Batches that were refused.
    pub refused: u64,
    /// Time spent on applying batches.
    pub applying: Duration,
    /// Time spent on committing: mostly waiting for the disk.
    pub committing: Duration,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    commits: AtomicU64,
    batches: AtomicU64,
    writes: AtomicU64,
    refused: AtomicU64,
    applying: AtomicU64,
    committing: AtomicU64,
}

impl Counters {
    pub fn applied(&self, writes: usize, refused: bool) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.writes.fetch_add(writes as u64, Ordering::Relaxed);
        self.refused.fetch_add(u64::from(refused), Ordering::Relaxed);
    }

    pub fn committed(&self, applying: Duration, committing: Duration) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.applying.fetch_add(applying.as_nanos() as u64, Ordering::Relaxed);
        self.committing.fetch_add(committing.as_nanos() as u64, Ordering::Relaxed);
    }

    pub fn read(&self) -> Statistics {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Statistics {
            commits: get(&self.commits),
            batches: get(&self.batches),
            writes: get(&self.writes),
            refused: get(&self.refused),
            applying: Duration::from_nanos(get(&self.applying)),
            committing: Duration::from_nanos(get(&self.committing)),
        }
    }
}
