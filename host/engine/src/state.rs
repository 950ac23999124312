//! What a store holds beside the guest: the call's data, its bounds, and the inert baseline.

use crate::baseline::Baseline;
use crate::limits::Limiter;
use crate::needs::Need;
use crate::{Call, Context};
use loomwork_types::Fault;
use std::any::Any;
use std::sync::Arc;
use std::time::Instant;
use wasmtime_wasi::{WasiCtxView, WasiView};

/// The host's side of one call. Host functions of a [`Capability`](crate::Capability) reach it through their store.
pub struct State {
    pub(crate) limiter: Limiter,
    pub(crate) deadline: Instant,
    context: Arc<Context>,
    data: Vec<Box<dyn Any + Send>>,
    /// Made when the guest first asks for something of it.
    baseline: Option<Box<Baseline>>,
}

impl State {
    pub(crate) fn new(call: &Call, context: Arc<Context>, needs: &[Need], deadline: Instant) -> Self {
        let data = data(call, &context, needs);
        Self { limiter: Limiter::new(&call.limits), deadline, context, data, baseline: None }
    }

    /// Makes the state that of the next call, on an instance that is used again.
    pub(crate) fn renew(&mut self, call: &Call, context: Arc<Context>, needs: &[Need], deadline: Instant) {
        self.limiter.renew(&call.limits);
        self.deadline = deadline;
        self.data = data(call, &context, needs);
        if let Some(baseline) = &mut self.baseline {
            baseline.renew(&context);
        }
        self.context = context;
    }

    /// Takes back what the call was granted, and hands unfinished lines to the log.
    pub(crate) fn finish(&mut self) {
        self.data.clear();
        if let Some(baseline) = &mut self.baseline {
            baseline.finish();
        }
    }

    /// On whose behalf the call is made.
    pub fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// When the call's time is over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// What the grant made for this call. The error ends the call; it cannot happen to a capability that its guest imports by
    /// name, since such a guest is refused before it runs.
    pub fn data<T: 'static>(&mut self) -> wasmtime::Result<&mut T> {
        let found = self.data.iter_mut().find_map(|data| data.downcast_mut::<T>());
        found.ok_or_else(|| Fault::new("capability.not_granted", "the call was not granted this capability").into())
    }
}

fn data(call: &Call, context: &Context, needs: &[Need]) -> Vec<Box<dyn Any + Send>> {
    needs.iter().filter_map(|need| call.grants.get(need.name())).map(|grant| grant.begin(context)).collect()
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.baseline.get_or_insert_with(|| Box::new(Baseline::new(&self.context))).view()
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("context", &self.context).finish_non_exhaustive()
    }
}
