//! Places in the instance pool: calls wait for one a bounded time and in order.

use loomwork_types::Fault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone, Debug)]
pub(crate) struct Slots {
    free: Arc<Semaphore>,
    patience: Duration,
}

/// A place in the pool; drop it after the store that uses it.
pub(crate) type Slot = OwnedSemaphorePermit;

impl Slots {
    pub fn new(count: u32, patience: Duration) -> Self {
        Self { free: Arc::new(Semaphore::new(count as usize)), patience }
    }

    /// Waits for a place; `limit.busy` if there is none within the engine's patience.
    pub async fn take(&self) -> Result<Slot, Fault> {
        if let Ok(slot) = self.free.clone().try_acquire_owned() {
            return Ok(slot);
        }
        match tokio::time::timeout(self.patience, self.free.clone().acquire_owned()).await {
            Ok(Ok(slot)) => Ok(slot),
            _ => Err(busy()),
        }
    }

    /// A place if one is free now.
    pub fn take_now(&self) -> Result<Slot, Fault> {
        self.free.clone().try_acquire_owned().map_err(|_| busy())
    }
}

fn busy() -> Fault {
    Fault::new("limit.busy", "as many instances as the host allows are in use; try again later")
}
