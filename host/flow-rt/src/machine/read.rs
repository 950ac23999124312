//! What an expression can name: outputs, faults, items, rounds, the run.

use super::frame::{Context, Frame};
use super::slots::{Output, Result as Slot};
use super::{FrameNo, Machine, NodeNo, Text, json};
use loomwork_types::{Fault, Type, decode, decode_dynamic};
use loomwork_value::{Timestamp, Value};
use std::sync::Arc;

/// What a read gave: nothing there, a value, or text that is not what it should be.
pub(super) type Read = Result<Option<Value>, Fault>;

impl Machine {
    /// The frame `hops` scopes up.
    fn up(&mut self, mut frame: FrameNo, hops: u32) -> Option<&mut Frame> {
        for _ in 0..hops {
            frame = self.frames.get(frame)?.outer?;
        }
        self.frame(frame)
    }

    /// `nodes.<node>`: its output, typed once and kept.
    pub(super) fn output(&mut self, frame: FrameNo, hops: u32, node: NodeNo, ty: &Type) -> Read {
        match self.up(frame, hops).and_then(|frame| frame.slots.output(node)) {
            Some(output) => read(output, ty).map(Some),
            None => Ok(None),
        }
    }

    /// The slice of an output's text at a path, without reading it as a value.
    pub(super) fn slice(&mut self, frame: FrameNo, hops: u32, node: NodeNo, path: &str) -> Option<Text> {
        let output = self.up(frame, hops)?.slots.output(node)?;
        slice(&output.text, path)
    }

    pub(super) fn input_slice(&self, path: &str) -> Option<Text> {
        slice(&self.run.input.text, path)
    }

    /// The text of a node's output in this frame; `null` if it has none.
    pub(super) fn output_text(&mut self, frame: FrameNo, node: NodeNo) -> Text {
        let output = self.frame(frame).and_then(|frame| frame.slots.output(node));
        output.map_or_else(|| "null".into(), |output| output.text.clone())
    }

    /// `nodes.<node>.error`
    pub(super) fn node_fault(&mut self, frame: FrameNo, hops: u32, node: NodeNo) -> Read {
        match self.up(frame, hops).and_then(|frame| frame.slots.get(node)) {
            Some(Slot::Fault(fault)) => fault_value(fault).map(Some),
            _ => Ok(None),
        }
    }

    /// `error`, in `retry.when`.
    pub(super) fn fault_at_hand(&self) -> Read {
        self.fault.as_ref().map(fault_value).transpose()
    }

    pub(super) fn item(&mut self, frame: FrameNo, hops: u32) -> Read {
        match self.up(frame, hops).map(|frame| &frame.context) {
            Some(Context::Item { value, .. }) => Ok(Some(value.clone())),
            _ => Ok(None),
        }
    }

    /// `each.index` or `repeat.index`
    pub(super) fn index(&mut self, frame: FrameNo, hops: u32) -> Read {
        match self.up(frame, hops).map(|frame| &frame.context) {
            Some(Context::Item { index, .. } | Context::Round { index, .. }) => Ok(Some(Value::Int((*index).into()))),
            _ => Ok(None),
        }
    }

    /// `repeat.last`
    pub(super) fn last(&mut self, frame: FrameNo, hops: u32, ty: &Type) -> Read {
        match self.up(frame, hops).map(|frame| &frame.context) {
            // Before the first round there is nothing, whatever the results' type.
            Some(Context::Round { last, .. }) if &**last == "null" => Ok(Some(Value::Null)),
            Some(Context::Round { last, .. }) => typed(ty, last).map(Some),
            _ => Ok(None),
        }
    }

    pub(super) fn input(&mut self, ty: &Type) -> Read {
        read(&mut self.run.input, ty).map(Some)
    }

    pub(super) fn vars(&mut self) -> Read {
        read(&mut self.run.vars, &Type::Json).map(Some)
    }

    /// `run`: `{id, started_at, seed, now}`
    pub(super) fn about_run(&self) -> Read {
        let instant = |ms: u64| Value::Timestamp(Timestamp { nanos: i128::from(ms) * 1_000_000 });
        let run = &self.run;
        Ok(Some(Value::record([
            ("id", Value::String(run.id.as_str().into())),
            ("started_at", instant(run.started_at)),
            ("seed", Value::Uint(run.seed)),
            ("now", instant(self.now)),
        ])))
    }
}

fn read(output: &mut Output, ty: &Type) -> Result<Value, Fault> {
    if output.value.is_none() {
        output.value = Some(typed(ty, &output.text)?);
    }
    Ok(output.value.clone().unwrap_or(Value::Null))
}

fn typed(ty: &Type, text: &str) -> Result<Value, Fault> {
    decode(ty, text).map_err(|mismatch| Fault::new(mismatch.code, mismatch.sentence().into_owned()))
}

fn fault_value(fault: &Fault) -> Result<Value, Fault> {
    let data = match &fault.data {
        Some(data) => decode_dynamic(data).unwrap_or(Value::Null),
        None => Value::Null,
    };
    let text = |text: &str| Value::String(Arc::from(text));
    Ok(Value::record([("code", text(&fault.code)), ("message", text(&fault.message)), ("data", data)]))
}

fn slice(text: &Text, path: &str) -> Option<Text> {
    let found = json::slice(text, path)?;
    Some(if found.len() == text.len() { text.clone() } else { found.into() })
}
