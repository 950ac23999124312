//! Whose call it is that uses a capability, and what that call may still do.

use crate::grants::Rights;
use loomwork_catalog::Effect;
use loomwork_engine::Context;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// One call of a function: its project, its effect and its rights.
#[derive(Debug)]
pub struct Scope {
    /// Separates stores, secrets and connections of tenants from each other.
    pub project: Arc<str>,
    /// What the function declares: one that only reads is held to it.
    pub effect: Effect,
    /// The same for each repetition of the call.
    pub idempotency_key: Option<Arc<str>>,
    /// What requests carry as `traceparent`, unless they have their own.
    pub trace: Option<Arc<str>>,
    pub rights: Rights,
    pub(crate) requests: Count,
}

impl Scope {
    pub fn new(project: impl Into<Arc<str>>, effect: Effect, rights: Rights) -> Self {
        Self { project: project.into(), effect, idempotency_key: None, trace: None, rights, requests: Count::default() }
    }

    /// A call that states no effect may write, if its rights allow.
    pub fn of(context: &Context, rights: Rights) -> Self {
        let scope = Self::new(context.project.clone(), context.effect.unwrap_or(Effect::Write), rights);
        Self { idempotency_key: context.idempotency_key.clone(), trace: context.trace.clone(), ..scope }
    }
}

/// How often something was done in this call.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU32);

impl Count {
    /// Counts once more and answers with the number before. A call cannot do anything four thousand million times.
    pub(crate) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn so_far(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}
