//! Equality, order and membership. Values of different types are unequal; numbers compare across their types.

use crate::meter::check_depth;
use crate::{EvalError, Key, Map, Meter, Value, number};
use std::cmp::Ordering;

type Truth = Result<bool, EvalError>;

/// `a == b`. Fails only when comparing costs more than is left, or nests too deep.
pub fn equal(meter: &mut Meter, a: &Value, b: &Value) -> Truth {
    equal_at(meter, a, b, 0)
}

pub fn not_equal(meter: &mut Meter, a: &Value, b: &Value) -> Truth {
    equal(meter, a, b).map(|equal| !equal)
}

pub fn less(meter: &mut Meter, a: &Value, b: &Value) -> Truth {
    Ok(order(meter, "<", a, b)? == Some(Ordering::Less))
}

pub fn less_or_equal(meter: &mut Meter, a: &Value, b: &Value) -> Truth {
    Ok(order(meter, "<=", a, b)?.is_some_and(Ordering::is_le))
}

pub fn greater(meter: &mut Meter, a: &Value, b: &Value) -> Truth {
    Ok(order(meter, ">", a, b)? == Some(Ordering::Greater))
}

pub fn greater_or_equal(meter: &mut Meter, a: &Value, b: &Value) -> Truth {
    Ok(order(meter, ">=", a, b)?.is_some_and(Ordering::is_ge))
}

/// `item in container`: an element of a list, or a key of a map.
pub fn contains(meter: &mut Meter, item: &Value, container: &Value) -> Truth {
    match container {
        Value::List(elements) => {
            for element in elements.iter() {
                meter.charge(1)?;
                if equal(meter, item, element)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Map(map) => Ok(Key::sought(item).is_some_and(|key| map.get(&key).is_some())),
        _ => Err(EvalError::no_overload("in", &[item, container])),
    }
}

/// The order of two values that have one; `None` beside NaN.
fn order(meter: &mut Meter, what: &str, a: &Value, b: &Value) -> Result<Option<Ordering>, EvalError> {
    use Value::{Bool, Bytes, Duration, String, Timestamp};
    match (a, b) {
        (Bool(a), Bool(b)) => Ok(Some(a.cmp(b))),
        (String(a), String(b)) => {
            meter.text(a.len().min(b.len()))?;
            Ok(Some(a.cmp(b)))
        }
        (Bytes(a), Bytes(b)) => {
            meter.text(a.len().min(b.len()))?;
            Ok(Some(a.cmp(b)))
        }
        (Timestamp(a), Timestamp(b)) => Ok(Some(a.cmp(b))),
        (Duration(a), Duration(b)) => Ok(Some(a.cmp(b))),
        (a, b) if number::is_number(a) && number::is_number(b) => Ok(number::compare(a, b)),
        _ => Err(EvalError::no_overload(what, &[a, b])),
    }
}

/// The order `sort` uses: as `<`, with NaN after everything.
pub(crate) fn sort_order(meter: &mut Meter, a: &Value, b: &Value) -> Result<Ordering, EvalError> {
    let is_nan = |value: &Value| matches!(value, Value::Double(double) if double.is_nan());
    Ok(order(meter, "sort", a, b)?.unwrap_or_else(|| is_nan(a).cmp(&is_nan(b))))
}

fn equal_at(meter: &mut Meter, a: &Value, b: &Value, depth: usize) -> Truth {
    use Value::{Bool, Bytes, Duration, List, Null, Optional, String, Timestamp, Type};
    match (a, b) {
        (Null, Null) => Ok(true),
        (Bool(a), Bool(b)) => Ok(a == b),
        (String(a), String(b)) => {
            meter.text(a.len().min(b.len()))?;
            Ok(a == b)
        }
        (Bytes(a), Bytes(b)) => {
            meter.text(a.len().min(b.len()))?;
            Ok(a == b)
        }
        (List(a), List(b)) => lists(meter, a, b, depth + 1),
        (Value::Map(a), Value::Map(b)) => maps(meter, a, b, depth + 1),
        (Timestamp(a), Timestamp(b)) => Ok(a == b),
        (Duration(a), Duration(b)) => Ok(a == b),
        (Type(a), Type(b)) => Ok(a == b),
        (Optional(None), Optional(None)) => Ok(true),
        (Optional(Some(a)), Optional(Some(b))) => {
            check_depth(depth)?;
            equal_at(meter, a, b, depth + 1)
        }
        (a, b) => Ok(number::is_number(a) && number::compare(a, b) == Some(Ordering::Equal)),
    }
}

fn lists(meter: &mut Meter, a: &[Value], b: &[Value], depth: usize) -> Truth {
    check_depth(depth)?;
    if a.len() != b.len() {
        return Ok(false);
    }
    for (a, b) in a.iter().zip(b) {
        meter.charge(1)?;
        if !equal_at(meter, a, b, depth)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn maps(meter: &mut Meter, a: &Map, b: &Map, depth: usize) -> Truth {
    check_depth(depth)?;
    if a.len() != b.len() {
        return Ok(false);
    }
    for ((key, value), (other_key, other)) in a.entries.iter().zip(&b.entries) {
        meter.charge(1)?;
        if key != other_key || !equal_at(meter, value, other, depth)? {
            return Ok(false);
        }
    }
    Ok(true)
}
