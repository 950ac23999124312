//! Where a run comes from, as far as that matters while it goes on.

use loomwork_journal::{Create, RunId, RunRow};
use loomwork_telemetry::TraceContext;

#[derive(Clone, Debug, Default)]
pub(super) struct Descent {
    /// The id of the trigger that fired.
    pub trigger: Option<String>,
    /// Who began it. What it starts has the same.
    pub starter: Option<String>,
    /// The place of whoever began it in a trace.
    pub caller: Option<TraceContext>,
}

impl From<&Create> for Descent {
    fn from(create: &Create) -> Self {
        Self { trigger: create.trigger.clone(), starter: create.starter.clone(), caller: place(create.trace.as_deref()) }
    }
}

impl From<&RunRow> for Descent {
    fn from(row: &RunRow) -> Self {
        Self { trigger: row.trigger.clone(), starter: row.starter.clone(), caller: place(row.trace.as_deref()) }
    }
}

impl Descent {
    /// Whose trace the runs are in that this one calls: its caller's, below its own place there.
    pub fn trace(&self, run: &RunId) -> Option<String> {
        self.caller.map(|caller| TraceContext::of_run(run.as_str(), Some(caller), 1.0).header())
    }
}

fn place(trace: Option<&str>) -> Option<TraceContext> {
    trace?.parse().ok()
}
