//! Lists, maps and optionals: built and looked into.

use super::arena::Slot;
use super::export::export;
use super::{Runtime, fault};
use loomwork_types::Fault;
use loomwork_value::{EvalError, Key, Map, Value, ops};

/// How many elements a builder makes room for before it has any.
const AHEAD: i32 = 1024;

export! {
    fn select(runtime, value: i32, field: i32) -> i32 {
        let result = ops::select(runtime.get(value), runtime.name(field));
        runtime.outcome(result)
    }
    fn has(runtime, value: i32, field: i32) -> i32 {
        let result = ops::has(runtime.get(value), runtime.name(field));
        runtime.truth(result)
    }
    fn optional_select(runtime, value: i32, field: i32) -> i32 {
        let result = ops::opt_select(runtime.get(value), runtime.name(field));
        runtime.outcome(result)
    }
    fn index(runtime, value: i32, index: i32) -> i32 {
        let result = ops::index(runtime.get(value), runtime.get(index));
        runtime.outcome(result)
    }
    fn optional_index(runtime, value: i32, index: i32) -> i32 {
        let result = ops::opt_index(runtime.get(value), runtime.get(index));
        runtime.outcome(result)
    }
    /// The value under a key of a map; 0, without an error, if there is none.
    fn entry(runtime, map: i32, key: i32) -> i32 {
        let found = match (runtime.get(map), Key::of(runtime.get(key))) {
            (Value::Map(map), Some(key)) => map.get(&key).cloned(),
            _ => None,
        };
        found.map_or(0, |value| runtime.put(value))
    }

    fn some(runtime, value: i32) -> i32 { let inner = runtime.get(value).clone(); runtime.put(Value::some(inner)) }
    /// 1 if the optional has a value, 0 if not, -1 (failed) if it is no optional.
    fn is_some(runtime, value: i32) -> i32 {
        match runtime.get(value) {
            Value::Optional(inner) => i32::from(inner.is_some()),
            other => {
                let error = EvalError::no_overload("optMap", &[other]);
                runtime.fail(fault(error));
                -1
            }
        }
    }
    fn unwrap(runtime, value: i32) -> i32 { let result = ops::value_of_optional(runtime.get(value)); runtime.outcome(result) }

    /// The same handle if it is an optional.
    fn expect_optional(runtime, value: i32) -> i32 {
        match runtime.get(value) {
            Value::Optional(_) => value,
            other => {
                let error = EvalError::no_overload("optFlatMap", &[other]);
                runtime.fail(fault(error))
            }
        }
    }

    fn list_new(runtime, room: i32) -> i32 {
        runtime.build(Slot::List(Vec::with_capacity(room.clamp(0, AHEAD) as usize)))
    }
    fn list_push(runtime, list: i32, value: i32) { let value = runtime.get(value).clone(); runtime.push(list, value); }
    /// `[?x]`
    fn list_push_optional(runtime, list: i32, value: i32) -> i32 {
        match runtime.optional(value) {
            Ok(inner) => { inner.into_iter().for_each(|value| runtime.push(list, value)); 1 }
            Err(error) => runtime.fail(error),
        }
    }
    fn map_new(runtime, room: i32) -> i32 {
        runtime.build(Slot::Map(Vec::with_capacity(room.clamp(0, AHEAD) as usize)))
    }
    fn map_put(runtime, map: i32, key: i32, value: i32) -> i32 {
        let value = runtime.get(value).clone();
        runtime.set(map, key, value)
    }
    /// `{?k: x}`
    fn map_put_optional(runtime, map: i32, key: i32, value: i32) -> i32 {
        match runtime.optional(value) {
            Ok(Some(value)) => runtime.set(map, key, value),
            Ok(None) => 1,
            Err(error) => runtime.fail(error),
        }
    }
    /// Adds all entries of a map.
    fn map_merge(runtime, map: i32, other: i32) -> i32 { runtime.merge(map, other) }
    fn list_done(runtime, list: i32) -> i32 { runtime.done(list) }
    fn map_done(runtime, map: i32) -> i32 { runtime.done(map) }
}

impl Runtime {
    /// The text of a constant.
    fn name(&self, handle: i32) -> &str {
        match self.get(handle) {
            Value::String(text) => text,
            _ => "",
        }
    }

    fn build(&mut self, slot: Slot) -> i32 {
        match self.arena.push(slot) {
            Some(handle) => handle,
            None => self.fail(Fault::new("limit.memory", "out of memory")),
        }
    }

    fn push(&mut self, list: i32, value: Value) {
        if let Some(Slot::List(elements)) = self.arena.slot(list) {
            elements.push(value);
        }
    }

    fn set(&mut self, map: i32, key: i32, value: Value) -> i32 {
        let key = self.get(key);
        let Some(key) = Key::of(key) else {
            let message = format!("a {} cannot be a key of a map", key.type_name());
            return self.fail(Fault::new("expr.key_type", message));
        };
        if let Some(Slot::Map(entries)) = self.arena.slot(map) {
            entries.push((key, value));
        }
        1
    }

    fn merge(&mut self, map: i32, other: i32) -> i32 {
        let other = match self.get(other) {
            Value::Map(other) => other.clone(),
            other => {
                let error = EvalError::no_overload("transformMapEntry", &[other]);
                return self.fail(fault(error));
            }
        };
        if let Err(error) = self.meter.elements(other.len()) {
            return self.fail(fault(error));
        }
        if let Some(Slot::Map(entries)) = self.arena.slot(map) {
            entries.extend(other.entries.iter().cloned());
        }
        1
    }

    fn optional(&self, handle: i32) -> Result<Option<Value>, Fault> {
        match self.get(handle) {
            Value::Optional(inner) => Ok(inner.as_deref().cloned()),
            other => Err(fault(EvalError::no_overload("?", &[other]))),
        }
    }

    /// Turns what was built into a value, under the same handle.
    fn done(&mut self, handle: i32) -> i32 {
        let Some(slot) = self.arena.slot(handle) else { return 0 };
        let made = match std::mem::replace(slot, Slot::Value(Value::Null)) {
            Slot::List(elements) => Ok(Value::list(elements)),
            Slot::Map(entries) => Map::new(entries).map(Value::from),
            Slot::Value(value) => Ok(value),
        };
        match made {
            Ok(value) => {
                *slot = Slot::Value(value);
                handle
            }
            Err(error) => self.fail(fault(error)),
        }
    }
}
