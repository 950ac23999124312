//! Versions of flows that are ready to run. Those that were used least recently give way: they are loaded again when they are wanted.

use crate::Deployment;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// How many are kept ready.
const KEPT: usize = 1_000;
/// How many of them go at once, when there are more.
const GIVE_WAY: usize = KEPT / 10;

/// By the digest of the flow's component.
#[derive(Default)]
pub(super) struct Loaded {
    slots: RwLock<HashMap<String, Slot>>,
    uses: AtomicU64,
}

struct Slot {
    deployment: Deployment,
    /// The greater, the more recently.
    used: AtomicU64,
}

impl Loaded {
    pub fn get(&self, digest: &str) -> Option<Deployment> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.get(digest)?;
        slot.used.store(self.now(), Ordering::Relaxed);
        Some(slot.deployment.clone())
    }

    pub fn keep(&self, deployment: Deployment) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let (digest, used) = (deployment.digest().to_owned(), AtomicU64::new(self.now()));
        slots.insert(digest, Slot { deployment, used });
        if slots.len() > KEPT {
            let mut uses: Vec<u64> = slots.values().map(|slot| slot.used.load(Ordering::Relaxed)).collect();
            let (_, latest, _) = uses.select_nth_unstable(GIVE_WAY);
            let latest = *latest;
            slots.retain(|_, slot| slot.used.load(Ordering::Relaxed) > latest);
        }
    }

    fn now(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }
}
