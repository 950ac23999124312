//! The parameters of control nodes, read by name: `flow.missing_parameter`, `flow.unknown_parameter`.

use super::Builder;
use crate::draft::at;
use crate::plan::NodeIx;
use crate::report::{brief, listed};
use loomwork_flow::{Json, Node, pointer_step};

/// A parameter that should have been given.
pub(super) struct Slot<'a> {
    pub name: &'a str,
    /// `list<string>`, or what it is for.
    pub what: &'a str,
}

impl<'a> Builder<'a, '_, '_> {
    pub(super) fn document(&self, node: NodeIx) -> &'a Node {
        &self.known.draft.flow.nodes[node as usize]
    }

    /// The JSON pointer of a parameter.
    pub(super) fn pointer(&self, node: NodeIx, name: &str) -> String {
        at(node, &format!("with/{}", pointer_step(name)))
    }

    /// A parameter with its pointer.
    pub(super) fn given(&self, node: NodeIx, name: &str) -> Option<(&'a Json, String)> {
        self.document(node).parameter(name).map(|json| (json, self.pointer(node, name)))
    }

    /// A parameter that must be there.
    pub(super) fn required(&mut self, node: NodeIx, name: &'static str, what: &str) -> Option<(&'a Json, String)> {
        let given = self.given(node, name);
        if given.is_none() {
            let place = self.with_pointer(node);
            self.missing(&Slot { name, what }, &place);
        }
        given
    }

    /// Where a missing parameter is missed: the `with`, or the node without one.
    pub(super) fn with_pointer(&self, node: NodeIx) -> String {
        at(node, "with")
    }

    pub(super) fn missing(&mut self, slot: &Slot<'_>, pointer: &str) {
        let message = format!("`{}` is missing", slot.name);
        self.report.error_hint("flow.missing_parameter", pointer, message, format!("It is {}.", slot.what));
    }

    /// Reports the parameters that a control node does not have.
    pub(super) fn only(&mut self, node: NodeIx, known: &[&str]) {
        self.only_members(&self.document(node).with, known, &self.with_pointer(node));
    }

    pub(super) fn only_members(&mut self, members: &[(String, Json)], known: &[&str], pointer: &str) {
        for (name, _) in members.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let hint = self.report.did_you_mean(name, known.iter().copied()).unwrap_or_else(|| match known {
                [] => "There are none.".to_owned(),
                _ => format!("There are {}.", listed(known.iter().copied())),
            });
            let place = format!("{pointer}/{}", pointer_step(name));
            self.report.error_name("flow.unknown_parameter", &place, format!("there is no `{}` here", brief(name)), hint);
        }
    }

    /// One of a few words; the first is the default.
    pub(super) fn word<T: Copy>(&mut self, node: NodeIx, name: &str, words: &[(&str, T)]) -> Option<T> {
        let Some((json, pointer)) = self.given(node, name) else {
            return words.first().map(|(_, choice)| *choice);
        };
        let written = json.as_str().unwrap_or_default();
        let found = words.iter().find(|(word, _)| *word == written).map(|(_, choice)| *choice);
        if found.is_none() {
            let hint = format!("Write one of {}.", listed(words.iter().map(|(word, _)| *word)));
            self.report.error_hint("flow.type_mismatch", &pointer, format!("`{name}` is one of a few words"), hint);
        }
        found
    }

    /// A whole number in a range.
    pub(super) fn count(&mut self, node: NodeIx, name: &str, default: u32, range: std::ops::RangeInclusive<u32>) -> u32 {
        let Some((json, pointer)) = self.given(node, name) else { return default };
        let number = match json {
            Json::Number(digits) => digits.parse::<u32>().ok(),
            _ => None,
        };
        match number {
            Some(number) => {
                self.in_range(number.into(), (*range.start()).into()..=(*range.end()).into(), &pointer);
                number
            }
            None => {
                let hint = "It is fixed in the document; an expression cannot stand here.".to_owned();
                self.report.error_hint("flow.type_mismatch", &pointer, format!("`{name}` is a whole number"), hint);
                default
            }
        }
    }

    /// A fixed duration.
    pub(super) fn fixed_duration(&mut self, node: NodeIx, name: &str) -> Option<u64> {
        let (json, pointer) = self.given(node, name)?;
        match json.as_str() {
            Some(text) => self.delay(Some(text), &pointer),
            None => {
                let hint = "Write for example `\"500ms\"`; an expression cannot stand here.".to_owned();
                self.report.error_hint("flow.type_mismatch", &pointer, format!("`{name}` is a duration"), hint);
                None
            }
        }
    }
}
