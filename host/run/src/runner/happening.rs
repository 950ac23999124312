//! Signals that are events of a state machine: its instances wait for the signal that is called like the machine.

use super::inner::Inner;
use crate::Deployment;
use loomwork_journal::RunId;
use loomwork_types::{Fault, Field, Mismatch, Type, decode_dynamic, encode};
use serde_json::Value;
use std::sync::Arc;

const EVENT: &str = "event";
const DATA: &str = "data";

impl Inner {
    /// The payload as it is to be sent, JSON. One for a machine that says nothing of `data` has null; one that no state of the machine could
    /// take is refused, as it would be dropped without a word. What the run's own version takes counts, or else what new instances take.
    pub async fn payload(&self, name: &str, run: Option<&RunId>, payload: String) -> Result<String, Fault> {
        match self.machine(name, run).await {
            Some(machine) => taken(name, &machine.inner.checked.plan().events, payload),
            None => Ok(payload),
        }
    }

    /// The machine of this name. None also for one that cannot be loaded here: its instances may well be elsewhere.
    async fn machine(&self, name: &str, run: Option<&RunId>) -> Option<Deployment> {
        let deployment = match run {
            Some(run) => {
                let row = self.store.run(run).await.ok()??.row;
                let pin = Some(row.pin).filter(|_| row.flow == name)?;
                self.flows.pinned(self, name, &pin).await
            }
            None => {
                self.known.flow(name)?;
                self.flows.active(self, name).await.map(|active| active.deployment)
            }
        };
        deployment.ok().filter(|deployment| deployment.flow().machine.is_some())
    }
}

/// `events` are the machine's, each as one of its states takes it. `payload` is JSON.
fn taken(name: &str, events: &[(Arc<str>, Type)], payload: String) -> Result<String, Fault> {
    let said: Value = serde_json::from_str(&payload).unwrap_or_default();
    let silent = said.get(EVENT).is_some() && said.get(DATA).is_none();
    let payload = if silent { payload.replacen('{', r#"{"data":null,"#, 1) } else { payload };
    fits(&payload, &Type::Json).map_err(|mismatch| no_event(name, &mismatch))?;
    let event = said[EVENT].as_str().unwrap_or_default();
    let of_event = events.iter().filter(|(known, _)| **known == *event);
    let mut refused = None;
    for (_, ty) in of_event {
        match fits(&payload, ty) {
            Ok(()) => return Ok(payload),
            Err(mismatch) => refused = refused.or(Some(mismatch)),
        }
    }
    match refused {
        Some(mismatch) => {
            let message = format!("the event `{event}` of `{name}` does not fit: {}", mismatch.message);
            Err(Mismatch { message, ..mismatch }.into())
        }
        // The machine drops what it does not know: an older version may have known it.
        None => Ok(payload),
    }
}

/// Whether it is an event with such data, as the machine reads it: an expression's value that is to be of a type.
fn fits(payload: &str, data: &Type) -> Result<(), Mismatch> {
    let event = Type::record([Field::new(EVENT, Type::String), Field::new(DATA, data.clone())]);
    encode(&decode_dynamic(payload)?, &event, &mut String::new())
}

fn no_event(name: &str, why: &Mismatch) -> Fault {
    let message = format!("a signal that is called like the machine `{name}` is one of its events, and this is none: {why}");
    Fault::new("machine.not_an_event", message).data(r#"{"hint":"Send {\"event\": \"paid\", \"data\": …}."}"#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use loomwork_types::{Names, parse};

    fn sent(payload: &str) -> Result<String, String> {
        let ty = |text: &str| parse(text, &Names::default()).expect("the test's type");
        let events = [
            ("paid".into(), ty("record { amount: f64 }")),
            ("paid".into(), ty("option<string>")),
            ("owed".into(), ty("record { amount: f64 }")),
            ("hold".into(), Type::Json),
        ];
        taken("order", &events, payload.to_owned())
            .map_err(|fault| format!("{fault} {}", fault.data.as_deref().unwrap_or_default()))
    }

    #[test]
    fn what_comes_without_data_has_null() {
        assert_eq!(sent(r#"{"event":"hold"}"#).as_deref(), Ok(r#"{"data":null,"event":"hold"}"#));
        assert_eq!(sent(r#"{"event":"paid"}"#).as_deref(), Ok(r#"{"data":null,"event":"paid"}"#));
        for same in [
            r#"{"data":null,"event":"hold"}"#,
            r#"{"data":{"some":1},"event":"hold"}"#,
            r#"{"data":{"amount":4},"event":"paid"}"#,
            r#"{"data":"x","event":"paid"}"#,
            r#"{"data":7,"event":"nobody knows it"}"#,
        ] {
            assert_eq!(sent(same).as_deref(), Ok(same));
        }
    }

    #[test]
    fn what_no_state_could_take_is_refused() {
        for (payload, code, says) in [
            (r#"{"event":"owed"}"#, "type.mismatch", "$.data"),
            (r#"{"data":{},"event":"owed"}"#, "type.missing_field", "`owed` of `order`"),
            (r#"{"data":{"amount":"much"},"event":"owed"}"#, "type.mismatch", "$.data.amount"),
            (r#"{"data":7,"event":"paid"}"#, "type.mismatch", "$.data"),
            ("7", "machine.not_an_event", "hint"),
            ("{}", "machine.not_an_event", "`event` is missing"),
            (r#"{"data":1,"event":7}"#, "machine.not_an_event", "$.event"),
            (r#"{"event":"hold","more":1}"#, "machine.not_an_event", "`more`"),
        ] {
            let refused = sent(payload).expect_err(payload);
            assert!(refused.starts_with(code) && refused.contains(says), "{payload}: {refused}");
        }
    }
}
