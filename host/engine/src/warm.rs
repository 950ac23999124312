//! Instances of a component: one call in each, or several where the manifest allows it, and never across projects.

use crate::mapping::{Arguments, Returned};
use crate::needs::Need;
use crate::slots::Slot;
use crate::{Call, Context, State, trap};
use loomwork_types::Fault;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use wasmtime::component::{ComponentExportIndex, Instance, InstancePre};
use wasmtime::{Store, StoreContextMut, UpdateDeadline};

/// What a guest may hand to host functions in one call of theirs, at least.
const LEAST_FUEL: usize = 4 << 20;

/// An instance with its store. Its place in the pool is given back after the store is dropped.
pub(crate) struct Guest {
    pub store: Store<State>,
    instance: Instance,
    calls: u32,
    _slot: Slot,
}

impl Guest {
    pub async fn start(linked: &InstancePre<State>, state: State, call: &Call, slot: Slot) -> Result<Self, Fault> {
        let mut store = Store::new(linked.engine(), state);
        store.limiter(|state| &mut state.limiter);
        store.epoch_deadline_callback(look_up);
        prepare(&mut store, call);
        match linked.instantiate_async(&mut store).await {
            Ok(instance) => Ok(Self { store, instance, calls: 0, _slot: slot }),
            Err(error) => Err(trap::fault(&error, &store.data().limiter)),
        }
    }

    pub fn renew(&mut self, call: &Call, context: Arc<Context>, needs: &[Need], deadline: Instant) {
        self.store.data_mut().renew(call, context, needs, deadline);
        prepare(&mut self.store, call);
    }

    pub async fn call(&mut self, export: &ComponentExportIndex, arguments: Arguments) -> wasmtime::Result<Returned> {
        self.calls += 1;
        let function = self.instance.get_func(&mut self.store, export);
        let function = function.ok_or_else(|| Fault::new("component.mismatch", "the component does not export the function"))?;
        let function = function.typed::<Arguments, Returned>(&self.store)?;
        function.call_async(&mut self.store, arguments).await
    }
}

fn prepare(store: &mut Store<State>, call: &Call) {
    store.set_epoch_deadline(1);
    store.set_hostcall_fuel(call.limits.output.max(LEAST_FUEL));
}

/// Each tick a guest looks up: is its time over, and would somebody else like the thread?
fn look_up(store: StoreContextMut<'_, State>) -> wasmtime::Result<UpdateDeadline> {
    if Instant::now() >= store.data().deadline {
        return Ok(UpdateDeadline::Interrupt);
    }
    Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
}

/// Instances between two calls of one project.
pub(crate) struct Warm {
    reuse: u32,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    project: Arc<str>,
    since: Instant,
    guest: Guest,
}

impl Warm {
    /// Idle instances kept for a component.
    const MOST: usize = 8;
    /// An idle instance older than this is not used again.
    const FRESH: Duration = Duration::from_secs(30);

    pub fn new(reuse: u32) -> Self {
        Self { reuse, idle: Mutex::default() }
    }

    pub fn take(&self, project: &str) -> Option<Guest> {
        if self.reuse < 2 {
            return None;
        }
        let mut idle = self.idle.lock().ok()?;
        idle.retain(|idle| idle.since.elapsed() < Self::FRESH);
        let place = idle.iter().rposition(|idle| &*idle.project == project)?;
        Some(idle.swap_remove(place).guest)
    }

    /// Keeps an instance whose call went well.
    pub fn put(&self, project: &Arc<str>, guest: Guest) {
        if guest.calls >= self.reuse.max(1) {
            return;
        }
        if let Ok(mut idle) = self.idle.lock() {
            if idle.len() >= Self::MOST {
                idle.remove(0);
            }
            idle.push(Idle { project: project.clone(), since: Instant::now(), guest });
        }
    }
}
