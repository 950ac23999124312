//! Lists as sets. Each function compares every element with every other, and charges for it.

use super::mismatch;
use crate::ops::{self, Result};
use crate::{EvalError, Meter, Value};

/// Whether the first list has every element of the second.
pub(super) fn contains(meter: &mut Meter, args: &[Value]) -> Result {
    let (a, b) = both("sets.contains", args)?;
    Ok(Value::Bool(has_all(meter, a, b)?))
}

pub(super) fn equivalent(meter: &mut Meter, args: &[Value]) -> Result {
    let (a, b) = both("sets.equivalent", args)?;
    Ok(Value::Bool(has_all(meter, a, b)? && has_all(meter, b, a)?))
}

pub(super) fn intersects(meter: &mut Meter, args: &[Value]) -> Result {
    let (a, b) = both("sets.intersects", args)?;
    for item in elements(b) {
        if ops::contains(meter, item, a)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn both<'a>(name: &str, args: &'a [Value]) -> std::result::Result<(&'a Value, &'a Value), EvalError> {
    match args {
        [a @ Value::List(_), b @ Value::List(_)] => Ok((a, b)),
        _ => Err(mismatch(name, args)),
    }
}

fn has_all(meter: &mut Meter, list: &Value, items: &Value) -> std::result::Result<bool, EvalError> {
    for item in elements(items) {
        if !ops::contains(meter, item, list)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn elements(list: &Value) -> &[Value] {
    match list {
        Value::List(elements) => elements,
        _ => &[],
    }
}
