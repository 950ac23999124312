//! Places in the instance pool: calls wait for one a bounded time and in order.

use loomwork_types::Fault;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone, Debug)]
pub(crate) struct Slots {
    free: Arc<Semaphore>,
    taken: Arc<AtomicU64>,
    count: usize,
    patience: Duration,
}

/// A place in the pool; drop it after the store that uses it.
pub(crate) type Slot = OwnedSemaphorePermit;

impl Slots {
    pub fn new(count: u32, patience: Duration) -> Self {
        Self { free: Arc::new(Semaphore::new(count as usize)), taken: Arc::default(), count: count as usize, patience }
    }

    /// Waits for a place; `limit.busy` if there is none within the engine's patience.
    pub async fn take(&self) -> Result<Slot, Fault> {
        if let Ok(slot) = self.take_now() {
            return Ok(slot);
        }
        match tokio::time::timeout(self.patience, self.free.clone().acquire_owned()).await {
            Ok(Ok(slot)) => Ok(self.counted(slot)),
            _ => Err(busy()),
        }
    }

    /// A place if one is free now.
    pub fn take_now(&self) -> Result<Slot, Fault> {
        self.free.clone().try_acquire_owned().map(|slot| self.counted(slot)).map_err(|_| busy())
    }

    /// Places taken so far: each stands for one instance that was made.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Places in use, and all there are.
    pub fn used(&self) -> (u64, u64) {
        ((self.count - self.free.available_permits().min(self.count)) as u64, self.count as u64)
    }

    fn counted(&self, slot: Slot) -> Slot {
        self.taken.fetch_add(1, Ordering::Relaxed);
        slot
    }
}

fn busy() -> Fault {
    Fault::new("limit.busy", "as many instances as the host allows are in use; try again later")
}
