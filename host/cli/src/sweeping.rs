//! Large values that nobody refers to any more are deleted while a server runs.

use loomwork_blob::Blobs;
use loomwork_journal::Store;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Between two sweeps, whoever makes them.
const EVERY: Duration = Duration::from_secs(3600);
/// How long what nobody refers to is kept.
const GRACE: Duration = Duration::from_secs(3 * 3600);
/// How often a process looks whether it is its turn.
const LOOK: Duration = Duration::from_secs(300);

/// Sweeps when it is this process' turn, until the future is dropped.
pub async fn sweep(blobs: Blobs, store: Arc<dyn Store>) {
    loop {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
        match blobs.sweep_in_turn(&*store, now, EVERY, GRACE).await {
            Ok(Some(swept)) if swept.deleted > 0 => {
                tracing::info!(deleted = swept.deleted, bytes = swept.bytes, "large values are gone")
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "large values could not be looked through"),
        }
        tokio::time::sleep(LOOK).await;
    }
}
