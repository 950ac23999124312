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

    /// What a trigger has to give must be enough for the flow's input: `flow.bad_input`.
    pub(super) fn offers(&mut self) {
        let draft = self.known.draft;
        for (ix, trigger) in draft.flow.triggers.iter().enumerate() {
            let offered: &[&str] = match &trigger.kind {
                TriggerKind::Cron { .. } => &["trigger", "scheduled_at"],
                TriggerKind::Flow { .. } => &["flow", "run", "state", "input", "output", "fault"],
                _ => continue,
            };
            if let Some(why) = lacking(&self.known.ends.input, offered) {
                let hint = format!("Let the input be `json`, or a record of what there is: {}.", offered.join(", "));
                self.report.error_hint("flow.bad_input", &format!("/triggers/{ix}/kind"), why, hint);
            }
        }
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

/// Why an input of this type cannot be made of these fields.
fn lacking(input: &Type, offered: &[&str]) -> Option<String> {
    let record = match input {
        Type::Json => return None,
        Type::Option(inner) => return lacking(inner, offered),
        Type::Record(record) => record,
        other => return Some(format!("the flow's input is {other}, and what starts it has a record to give")),
    };
    let needed = |field: &&loomwork_types::Field| !matches!(field.ty, Type::Option(_)) && !offered.contains(&&*field.json);
    let field = record.fields.iter().find(needed)?;
    Some(format!("the flow's input needs `{}`, which what starts it does not have", field.json))
}
