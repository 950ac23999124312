//! What is worked out before a run begins: the keys of concurrency, debouncing and idempotency.

use super::{Builder, Spot};
use crate::plan::{Concurrency, Debounce, Template};
use loomwork_flow::{Json, TriggerKind};
use loomwork_types::Type;

/// How many runs of one key may be active at once at most.
const MOST_ACTIVE: f64 = 100_000.0;

impl Builder<'_, '_, '_> {
    pub(super) fn concurrency(&mut self) -> Option<Concurrency> {
        let concurrency = self.known.draft.flow.concurrency.as_ref()?;
        self.in_range(concurrency.limit.into(), 1.0..=MOST_ACTIVE, "/concurrency/limit");
        let key = self.key(concurrency.key.as_deref(), "/concurrency/key");
        Some(Concurrency { key, limit: concurrency.limit })
    }

    pub(super) fn debounce(&mut self) -> Option<Debounce> {
        let debounce = self.known.draft.flow.debounce.as_ref()?;
        let delay_ms = self.time_limit(Some(&debounce.delay), "/debounce/delay");
        let key = self.key(debounce.key.as_deref(), "/debounce/key");
        Some(Debounce { key, delay_ms: delay_ms? })
    }

    /// By trigger.
    pub(super) fn idempotency(&mut self) -> Vec<Option<Template>> {
        let triggers = &self.known.draft.flow.triggers;
        let key = |(ix, trigger): (usize, &loomwork_flow::Trigger)| match &trigger.kind {
            TriggerKind::Http(http) => self.key(http.idempotency.as_deref(), &format!("/triggers/{ix}/idempotency")),
            _ => None,
        };
        triggers.iter().enumerate().map(key).collect()
    }

    /// By what a state machine's instance is found.
    pub(super) fn instance(&mut self) -> Option<Template> {
        let machine = self.known.draft.flow.machine.as_ref()?;
        match machine.key.as_deref() {
            Some(key) => self.key(Some(key), "/key"),
            // There is one at a time.
            None => Some(Template::Literal("\"\"".into())),
        }
    }

    /// A text over `input` and `vars`.
    fn key(&mut self, text: Option<&str>, pointer: &str) -> Option<Template> {
        Some(self.template(&Json::text(text?), Some(&Type::String), pointer, Spot::START)?.template)
    }
}
