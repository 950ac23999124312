//! What a call brings along: on whose behalf it is made, what it is granted, and its bounds.

use crate::{Grants, Limits};
use loomwork_catalog::Effect;
use std::sync::Arc;

/// One call of a function.
#[derive(Clone, Debug, Default)]
pub struct Call {
    pub context: Arc<Context>,
    pub grants: Grants,
    pub limits: Limits,
}

/// On whose behalf a call is made. Capabilities see it; guests do not.
#[derive(Clone, Default)]
pub struct Context {
    pub project: Arc<str>,
    pub run: Arc<str>,
    /// The step's number in its run.
    pub step: u32,
    /// The node's id in its flow.
    pub node: Arc<str>,
    /// What the function was declared to do. The engine sets it from the package; [`Effect::Read`] binds capabilities.
    pub effect: Option<Effect>,
    /// The same for each repetition of this call, for services that know such keys.
    pub idempotency_key: Option<Arc<str>>,
    /// What its requests carry as `traceparent`.
    pub trace: Option<Arc<str>>,
    /// What the clock shows a pure function, in milliseconds since 1970.
    pub at_ms: u64,
    /// Seeds the randomness of a pure function. Whoever knows it knows what such a function draws.
    pub seed: u64,
    /// Where the guest's standard output and its log lines go; nowhere if there is none.
    pub log: Option<Arc<dyn Log>>,
}

/// Takes lines that a guest writes. Called from within the call; must not block.
pub trait Log: Send + Sync + 'static {
    /// `fields` is a JSON object, or empty.
    fn line(&self, context: &Context, level: Level, message: &str, fields: &str);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("project", &self.project)
            .field("run", &self.run)
            .field("step", &self.step)
            .field("node", &self.node)
            .field("effect", &self.effect)
            .finish_non_exhaustive()
    }
}
