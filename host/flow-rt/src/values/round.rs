//! What loops need: how many rounds, the elements one by one, and an arena that does not grow with the rounds.

use super::export::export;
use super::{Runtime, fault};
use loomwork_value::{EvalError, Value, ops};

export! {
    /// How many elements or keys; -1 (failed) of what has none.
    fn range(runtime, value: i32) -> i32 {
        match runtime.get(value) {
            Value::List(list) => list.len() as i32,
            Value::Map(map) => map.len() as i32,
            other => {
                if let Err(error) = ops::range(other) {
                    runtime.fail(fault(error));
                }
                -1
            }
        }
    }
    /// The element of a list, the key of a map.
    fn element(runtime, range: i32, at: i32) -> i32 {
        let element = match runtime.get(range) {
            Value::List(list) => list.get(at as usize).cloned(),
            _ => return runtime.key(range, at),
        };
        runtime.put(element.unwrap_or(Value::Null))
    }
    /// The index in a list, the key of a map.
    fn entry_key(runtime, range: i32, at: i32) -> i32 {
        match runtime.get(range) {
            Value::List(_) => runtime.put(Value::Int(at.into())),
            _ => runtime.key(range, at),
        }
    }
    /// The element of a list, the value under the key of a map.
    fn entry_value(runtime, range: i32, at: i32) -> i32 {
        let found = match runtime.get(range) {
            Value::List(list) => list.get(at as usize).cloned(),
            Value::Map(map) => map.entries.get(at as usize).map(|(_, value)| value.clone()),
            _ => None,
        };
        runtime.put(found.unwrap_or(Value::Null))
    }
    fn mark(runtime) -> i32 { runtime.arena.mark() }
    fn release(runtime, mark: i32) { runtime.arena.release(mark) }
}

impl Runtime {
    fn key(&mut self, range: i32, at: i32) -> i32 {
        let key = match self.get(range) {
            Value::Map(map) => map.entries.get(at as usize).map(|(key, _)| key.to_value()),
            _ => None,
        };
        self.put(key.unwrap_or(Value::Null))
    }

    /// Takes from the budget of the evaluation; false, with the error kept, when it is used up.
    pub(super) fn charge(&mut self, cost: u64) -> i32 {
        let charged: Result<(), EvalError> = self.meter.charge(cost);
        match charged {
            Ok(()) => 1,
            Err(error) => self.fail(fault(error)),
        }
    }
}
