//! Making optionals and asking them.

use super::mismatch;
use crate::ops::Result;
use crate::{Meter, Value};

pub(super) fn of(_: &mut Meter, args: &[Value]) -> Result {
    Ok(Value::some(args[0].clone()))
}

pub(super) fn none(_: &mut Meter, _: &[Value]) -> Result {
    Ok(Value::none())
}

/// None for null, false, zero, and what is empty.
pub(super) fn of_non_zero_value(_: &mut Meter, args: &[Value]) -> Result {
    Ok(if is_zero(&args[0]) { Value::none() } else { Value::some(args[0].clone()) })
}

pub(super) fn has_value(_: &mut Meter, args: &[Value]) -> Result {
    match &args[0] {
        Value::Optional(inner) => Ok(Value::Bool(inner.is_some())),
        _ => Err(mismatch("hasValue", args)),
    }
}

/// The values of a list of optionals, without the nones.
pub(super) fn unwrap(meter: &mut Meter, args: &[Value]) -> Result {
    let Value::List(list) = &args[0] else { return Err(mismatch("optional.unwrap", args)) };
    meter.elements(list.len())?;
    let mut values = Vec::new();
    for element in list.iter() {
        match element {
            Value::Optional(inner) => values.extend(inner.iter().map(|value| (**value).clone())),
            _ => return Err(mismatch("optional.unwrap", std::slice::from_ref(element))),
        }
    }
    Ok(Value::from(values))
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Optional(None) => true,
        Value::Bool(bool) => !bool,
        Value::Int(int) => *int == 0,
        Value::Uint(uint) => *uint == 0,
        Value::Double(double) => *double == 0.0,
        Value::String(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::List(list) => list.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Timestamp(at) => at.nanos == 0,
        Value::Duration(duration) => duration.nanos == 0,
        Value::Type(_) | Value::Optional(Some(_)) => false,
    }
}
