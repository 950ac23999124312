//! Reaching into lists, maps and optionals.
//!
//! An optional passes on what is done to it: `optional.of(m).x` is an optional of `m.x`, none if `m` has no `x`.

use super::Result;
use crate::{EvalError, Key, Map, Meter, Value};
use std::result::Result as Either;
use std::sync::Arc;

/// `value.field`
pub fn select(value: &Value, field: &str) -> Result {
    match value {
        Value::Map(map) => map.field(field).cloned().ok_or_else(|| EvalError::no_such_key(field)),
        Value::Optional(_) => opt_select(value, field),
        _ => Err(no_field(value, field)),
    }
}

/// `has(value.field)`
pub fn has(value: &Value, field: &str) -> Either<bool, EvalError> {
    match value {
        Value::Map(map) => Ok(map.field(field).is_some()),
        Value::Optional(None) => Ok(false),
        Value::Optional(Some(inner)) => has(inner, field),
        _ => Err(no_field(value, field)),
    }
}

/// `value.?field`: none where there is no such field, and of null.
pub fn opt_select(value: &Value, field: &str) -> Result {
    match unwrapped(value) {
        None => Ok(Value::none()),
        Some(Value::Map(map)) => Ok(optional(map.field(field))),
        Some(Value::Null) if !matches!(value, Value::Optional(_)) => Ok(Value::none()),
        Some(other) => Err(no_field(other, field)),
    }
}

/// `value[index]`
pub fn index(value: &Value, index: &Value) -> Result {
    match value {
        Value::List(list) => {
            let position = position(index)?;
            let found = usize::try_from(position).ok().and_then(|at| list.get(at));
            found.cloned().ok_or_else(|| out_of_range(position, list.len()))
        }
        Value::Map(map) => {
            let key = Key::sought(index).ok_or_else(|| EvalError::no_overload("[]", &[value, index]))?;
            map.get(&key).cloned().ok_or_else(|| EvalError::no_such_key(&key.to_text()))
        }
        Value::Optional(_) => opt_index(value, index),
        _ => Err(EvalError::no_overload("[]", &[value, index])),
    }
}

/// `value[?index]`: none where there is no such element, and of null.
pub fn opt_index(value: &Value, index: &Value) -> Result {
    match unwrapped(value) {
        None => Ok(Value::none()),
        Some(Value::List(list)) => {
            let position = position(index)?;
            Ok(optional(usize::try_from(position).ok().and_then(|at| list.get(at))))
        }
        Some(Value::Map(map)) => Ok(optional(Key::sought(index).and_then(|key| map.get(&key)))),
        Some(Value::Null) if !matches!(value, Value::Optional(_)) => Ok(Value::none()),
        Some(other) => Err(EvalError::no_overload("[?]", &[other, index])),
    }
}

/// `size(value)`: code points of a text, bytes, elements or entries.
pub fn size(meter: &mut Meter, value: &Value) -> Result {
    let size = match value {
        Value::String(text) => {
            meter.text(text.len())?;
            text.chars().count()
        }
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        _ => return Err(EvalError::no_overload("size", &[value])),
    };
    Ok(Value::Int(size as i64))
}

/// What a macro with one variable goes over: a list's elements or a map's keys.
pub fn range(value: &Value) -> Either<Arc<[Value]>, EvalError> {
    match value {
        Value::List(list) => Ok(list.clone()),
        Value::Map(map) => Ok(keys(map)),
        _ => Err(EvalError::new("expr.no_overload", format!("{} has no elements to go over", value.type_name()))),
    }
}

/// What a macro with two variables goes over: (index, element) or (key, value), in order.
pub fn entries(value: &Value) -> Either<Vec<(Value, Value)>, EvalError> {
    match value {
        Value::List(list) => {
            Ok(list.iter().enumerate().map(|(index, element)| (Value::Int(index as i64), element.clone())).collect())
        }
        Value::Map(map) => Ok(map.entries.iter().map(|(key, value)| (key.to_value(), value.clone())).collect()),
        other => range(other).map(|_| Vec::new()),
    }
}

/// A map's keys as values, sorted.
pub fn keys(map: &Map) -> Arc<[Value]> {
    map.entries.iter().map(|(key, _)| key.to_value()).collect()
}

/// The value in an optional; fails with `expr.no_value` on none.
pub fn value_of_optional(value: &Value) -> Result {
    match value {
        Value::Optional(Some(inner)) => Ok((**inner).clone()),
        Value::Optional(None) => Err(EvalError::new("expr.no_value", "optional.none() has no value")),
        _ => Err(EvalError::no_overload("value", &[value])),
    }
}

/// The value itself, or what an optional holds.
fn unwrapped(value: &Value) -> Option<&Value> {
    match value {
        Value::Optional(inner) => inner.as_deref(),
        other => Some(other),
    }
}

fn optional(found: Option<&Value>) -> Value {
    Value::Optional(found.map(|value| Arc::new(value.clone())))
}

/// A list position: an int, a uint, or a double that is a whole number.
fn position(index: &Value) -> Either<i64, EvalError> {
    let wrong = || EvalError::new("expr.no_overload", format!("a list is indexed by an int, not by {}", index.type_name()));
    match Key::sought(index) {
        Some(Key::Int(position)) => Ok(position),
        Some(Key::Uint(position)) => Ok(i64::try_from(position).unwrap_or(i64::MAX)),
        _ => Err(wrong()),
    }
}

fn out_of_range(position: i64, len: usize) -> EvalError {
    EvalError::new("expr.index", format!("index {position} of a list with {len} elements"))
}

fn no_field(value: &Value, field: &str) -> EvalError {
    let shown: String = field.chars().take(60).collect();
    EvalError::new("expr.no_overload", format!("{} has no field `{shown}`", value.type_name()))
}
