//! `wait`: for a time, a signal, or an approval.

use super::Builder;
use super::params::Slot;
use super::template::Built;
use crate::plan::{NodeIx, Template, Wait, What};
use crate::report::listed;
use loomwork_flow::Json;
use loomwork_types::Type;

const WAYS: [&str; 4] = ["duration", "until", "signal", "approval"];

/// A wait with the type of its output.
pub(super) type Waiting = Option<(Wait, Type)>;

impl Builder<'_, '_, '_> {
    pub(super) fn wait(&mut self, node: NodeIx) -> (Option<What>, Type) {
        self.only(node, &WAYS);
        let given: Vec<&str> = WAYS.into_iter().filter(|way| self.given(node, way).is_some()).collect();
        let [way] = given.as_slice() else {
            let message = match given.as_slice() {
                [] => "it does not say what to wait for".to_owned(),
                given => format!("{} cannot stand together", listed(given.iter().copied())),
            };
            let hint = format!("Give exactly one of {}.", listed(WAYS));
            self.report.error_hint("flow.choose_one", &self.with_pointer(node), message, hint);
            return (None, Type::Json);
        };
        let Some((json, pointer)) = self.given(node, way) else { return (None, Type::Json) };
        let spot = self.spot(node);
        let waiting = match *way {
            "duration" => {
                self.template(json, Some(&Type::Duration), &pointer, spot).map(|it| (Wait::Duration(it.template), Type::Json))
            }
            "until" => {
                self.template(json, Some(&Type::Datetime), &pointer, spot).map(|it| (Wait::Until(it.template), Type::Json))
            }
            "signal" => self.signal(node, json, &pointer),
            _ => self.approval(node, json, &pointer),
        };
        match waiting {
            Some((wait, output)) => (Some(What::Wait(wait)), output),
            None => (None, Type::Json),
        }
    }

    /// `{ "name": "paid", "key": "{{ input.id }}", "type": "payment", "until": "{{ nodes.due }}" }`
    fn signal(&mut self, node: NodeIx, json: &Json, pointer: &str) -> Waiting {
        let Json::Object(members) = json else {
            let hint = "Write `{ \"name\": \"paid\", \"key\": \"{{ input.id }}\" }`.".to_owned();
            self.report.error_hint("flow.type_mismatch", pointer, "a signal has a name, and may have a key and a type", hint);
            return None;
        };
        self.only_members(members, &["name", "key", "type", "until"], pointer);
        let spot = self.spot(node);
        let Some(name) = json.get("name") else {
            self.missing(&Slot { name: "name", what: "the signal's name" }, pointer);
            return None;
        };
        let name = self.template(name, Some(&Type::String), &format!("{pointer}/name"), spot);
        let key = json.get("key").map(|key| self.template(key, Some(&Type::Json), &format!("{pointer}/key"), spot));
        let output = match json.get("type") {
            Some(ty) => self.written_type(ty, &format!("{pointer}/type")),
            None => Some(Type::Json),
        };
        let until = json.get("until").map(|it| self.template(it, Some(&Type::Datetime), &format!("{pointer}/until"), spot));
        let (key, until) = (sound(key)?, sound(until)?);
        Some((Wait::Signal { name: name?.template, key, until }, output?))
    }

    /// A type as WIT writes it; the flow's own types can be named.
    pub(super) fn written_type(&mut self, json: &Json, pointer: &str) -> Option<Type> {
        let Some(text) = json.as_str() else {
            let hint = "Write it as WIT does: `\"record { amount: f64 }\"`.".to_owned();
            self.report.error_hint("flow.type_mismatch", pointer, "a type is written as text", hint);
            return None;
        };
        match loomwork_types::parse(text, &self.known.ends.names) {
            Ok(ty) => Some(ty),
            Err(mistakes) => {
                self.report.inner(pointer, 0, mistakes);
                None
            }
        }
    }
}

/// A part that may be left out: None if it is wrong.
fn sound(part: Option<Option<Built>>) -> Option<Option<Template>> {
    match part {
        Some(built) => Some(Some(built?.template)),
        None => Some(None),
    }
}
