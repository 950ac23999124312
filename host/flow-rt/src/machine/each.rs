//! `each`: a body for every item, at most so many at once, results in the items' order.

use super::activity::{Activity, Each, Items, Outcome};
use super::frame::{Context, Section};
use super::scope::Done;
use super::slots::Output;
use super::{FrameNo, Machine, NodeNo, Text, json};
use loomwork_types::Fault;
use loomwork_value::{Key, Map, Value};
use std::rc::Rc;
use std::sync::Arc;

/// More items than this are refused.
const MAX_ITEMS: usize = 100_000;

/// What becomes of an item whose body failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnError {
    Fail,
    Skip,
    Collect,
}

impl Machine {
    /// False if `items` cannot be gone through; the fault is at hand.
    pub(super) fn each_begin(
        &mut self,
        frame: FrameNo,
        node: NodeNo,
        items: Value,
        concurrency: u32,
        timeout: Option<u64>,
    ) -> bool {
        let items = match list_items(&items) {
            Ok(items) => items,
            Err(fault) => {
                self.fault = Some(fault);
                return false;
            }
        };
        let timer = self.bound_scope(frame, node, timeout);
        let results = vec![None; items.len()];
        let each = Each { items, next: 0, results, running: Vec::new(), concurrency, timer, outcome: None };
        if let Some(frame) = self.frame(frame) {
            frame.begin(node, Activity::Each(each));
        }
        true
    }

    /// A frame for the next item, if there is one and its turn has come.
    pub(super) fn each_next(&mut self, frame: FrameNo, node: NodeNo, words: u32) -> Option<FrameNo> {
        let each = self.each(frame, node)?;
        let room = each.concurrency == 0 || each.running.len() < each.concurrency as usize;
        if each.outcome.is_some() || !room {
            return None;
        }
        let index = each.next;
        let value = each.items.get(index as usize)?.clone();
        each.next += 1;
        let inner = self.open_scope(frame, node, Section::Body, Context::Item { index, value }, words);
        self.each(frame, node)?.running.push(inner);
        Some(inner)
    }

    /// `text` is the result of the item that `inner` was for.
    pub(super) fn each_store(&mut self, frame: FrameNo, node: NodeNo, inner: FrameNo, text: Text, mode: OnError) {
        let text = if mode == OnError::Collect { format!("{{\"ok\":{text}}}").into() } else { text };
        self.store(frame, node, inner, text);
    }

    /// The fault at hand is the end of the item that `inner` was for.
    pub(super) fn each_failed(&mut self, frame: FrameNo, node: NodeNo, inner: FrameNo, mode: OnError) {
        let fault = self.take_fault();
        match mode {
            OnError::Skip => {}
            OnError::Fail => {
                self.cut_short(frame, node, Outcome::Fault(fault));
            }
            OnError::Collect => {
                let mut text = String::from("{\"error\":");
                json::write_fault(&fault, &mut text);
                text.push('}');
                self.store(frame, node, inner, text.into());
            }
        }
    }

    fn store(&mut self, frame: FrameNo, node: NodeNo, inner: FrameNo, text: Text) {
        let Some(Context::Item { index, .. }) = self.frames.get(inner).map(|inner| &inner.context) else { return };
        let index = *index as usize;
        if let Some(place) = self.each(frame, node).and_then(|each| each.results.get_mut(index)) {
            *place = Some(text);
        }
    }

    /// `break`: no more items, and those that run are cancelled.
    pub(super) fn each_break(&mut self, frame: FrameNo, node: NodeNo) {
        self.cut_short(frame, node, Outcome::Stopped);
    }

    pub(super) fn each_done(&mut self, frame: FrameNo, node: NodeNo) -> Done {
        let Some(each) = self.each(frame, node) else { return Done::Gone };
        let more = each.outcome.is_none() && (each.next as usize) < each.items.len();
        if more || !each.running.is_empty() {
            return Done::NotYet;
        }
        let Some(Activity::Each(each)) = self.frame(frame).and_then(|frame| frame.end(node)) else { return Done::Gone };
        self.drop_step(each.timer);
        if let Some(done) = each.outcome.and_then(|outcome| self.end_by_outcome(outcome)) {
            return done;
        }
        let text = json::join_list(each.results.iter().flatten().map(|text| &**text));
        self.set_output(frame, node, Output::new(text));
        Done::Ok
    }
}

fn list_items(items: &Value) -> Result<Items, Fault> {
    let found = match items {
        Value::List(list) => list.len(),
        Value::Map(map) => map.entries.len(),
        _ => return Err(Fault::new("type.mismatch", "`items` is neither a list nor a map")),
    };
    if found > MAX_ITEMS {
        return Err(Fault::new("limit.items", format!("{found} items; at most {MAX_ITEMS} can be gone through")));
    }
    Ok(match items {
        Value::List(list) => list.iter().cloned().collect(),
        Value::Map(map) => map.entries.iter().map(entry).collect(),
        _ => Rc::from([]),
    })
}

/// A map's entry as an item: `{key, value}`.
fn entry((key, value): &(Key, Value)) -> Value {
    let key = match key {
        Key::Bool(key) => Value::Bool(*key),
        Key::Int(key) => Value::Int(*key),
        Key::Uint(key) => Value::Uint(*key),
        Key::String(key) => Value::String(key.clone()),
    };
    let entries = vec![(Key::String("key".into()), key), (Key::String("value".into()), value.clone())];
    Value::Map(Arc::new(Map { entries }))
}
