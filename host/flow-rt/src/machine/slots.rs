//! What a frame knows of its nodes: for each that has completed, its latest output or fault.

use super::{NodeNo, Text};
use loomwork_types::Fault;
use loomwork_value::Value;
use std::rc::Rc;

/// JSON text, and its value once an expression has read it.
#[derive(Clone)]
pub(super) struct Output {
    pub text: Text,
    pub value: Option<Value>,
}

impl Output {
    pub fn new(text: impl Into<Text>) -> Self {
        Self { text: text.into(), value: None }
    }
}

impl Default for Output {
    fn default() -> Self {
        Self::new("null")
    }
}

#[derive(Clone)]
pub(super) enum Result {
    Output(Output),
    Fault(Rc<Fault>),
}

#[derive(Clone)]
pub(super) struct Slot {
    pub node: NodeNo,
    /// False for what a visit found when it began.
    pub made: bool,
    pub result: Result,
}

/// Sorted by node; only nodes that have completed have one.
#[derive(Clone, Default)]
pub(super) struct Slots(pub Vec<Slot>);

impl Slots {
    pub fn get(&self, node: NodeNo) -> Option<&Result> {
        let at = self.0.binary_search_by_key(&node, |slot| slot.node).ok()?;
        Some(&self.0[at].result)
    }

    pub fn output(&mut self, node: NodeNo) -> Option<&mut Output> {
        let at = self.0.binary_search_by_key(&node, |slot| slot.node).ok()?;
        match &mut self.0[at].result {
            Result::Output(output) => Some(output),
            Result::Fault(_) => None,
        }
    }

    pub fn set(&mut self, node: NodeNo, result: Result) {
        let slot = Slot { node, made: true, result };
        match self.0.binary_search_by_key(&node, |slot| slot.node) {
            Ok(at) => self.0[at] = slot,
            Err(at) => self.0.insert(at, slot),
        }
    }

    /// What a visit begins with: everything, and nothing of it its own.
    pub fn for_visit(&self) -> Self {
        Self(self.0.iter().map(|slot| Slot { made: false, ..slot.clone() }).collect())
    }

    /// Takes over what a visit made.
    pub fn take_made(&mut self, visit: Slots) {
        for slot in visit.0.into_iter().filter(|slot| slot.made) {
            self.set(slot.node, slot.result);
        }
    }
}
