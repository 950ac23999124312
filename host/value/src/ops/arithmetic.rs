//! `+ - * / %`, negation and `!`.

use super::Result;
use crate::{Duration, EvalError, Meter, Timestamp, Value, time};
use Value::{Bool, Bytes, Double, Int, List, String, Uint};

/// `a + b`: numbers of one type, texts, bytes, lists, timestamps and durations.
pub fn add(meter: &mut Meter, a: &Value, b: &Value) -> Result {
    match (a, b) {
        (Int(a), Int(b)) => int(a.checked_add(*b)),
        (Uint(a), Uint(b)) => uint(a.checked_add(*b)),
        (Double(a), Double(b)) => Ok(Double(a + b)),
        (String(a), String(b)) => {
            meter.text(a.len() + b.len())?;
            Ok(Value::from([&**a, &**b].concat()))
        }
        (Bytes(a), Bytes(b)) => {
            meter.text(a.len() + b.len())?;
            Ok(Value::from([&**a, &**b].concat()))
        }
        (List(a), List(b)) => {
            meter.elements(a.len() + b.len())?;
            Ok(List(a.iter().chain(b.iter()).cloned().collect()))
        }
        (Value::Timestamp(at), Value::Duration(by)) | (Value::Duration(by), Value::Timestamp(at)) => {
            timestamp(at.nanos + by.nanos)
        }
        (Value::Duration(a), Value::Duration(b)) => duration(a.nanos + b.nanos),
        _ => Err(EvalError::no_overload("+", &[a, b])),
    }
}

/// `a - b`: numbers of one type, timestamps and durations.
pub fn subtract(_: &mut Meter, a: &Value, b: &Value) -> Result {
    match (a, b) {
        (Int(a), Int(b)) => int(a.checked_sub(*b)),
        (Uint(a), Uint(b)) => uint(a.checked_sub(*b)),
        (Double(a), Double(b)) => Ok(Double(a - b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => duration(a.nanos - b.nanos),
        (Value::Timestamp(at), Value::Duration(by)) => timestamp(at.nanos - by.nanos),
        (Value::Duration(a), Value::Duration(b)) => duration(a.nanos - b.nanos),
        _ => Err(EvalError::no_overload("-", &[a, b])),
    }
}

pub fn multiply(_: &mut Meter, a: &Value, b: &Value) -> Result {
    match (a, b) {
        (Int(a), Int(b)) => int(a.checked_mul(*b)),
        (Uint(a), Uint(b)) => uint(a.checked_mul(*b)),
        (Double(a), Double(b)) => Ok(Double(a * b)),
        _ => Err(EvalError::no_overload("*", &[a, b])),
    }
}

/// `a / b`: integers round towards zero and fail on zero; doubles follow IEEE 754.
pub fn divide(_: &mut Meter, a: &Value, b: &Value) -> Result {
    match (a, b) {
        (Int(_), Int(0)) | (Uint(_), Uint(0)) => Err(EvalError::divide_by_zero()),
        (Int(a), Int(b)) => int(a.checked_div(*b)),
        (Uint(a), Uint(b)) => uint(a.checked_div(*b)),
        (Double(a), Double(b)) => Ok(Double(a / b)),
        _ => Err(EvalError::no_overload("/", &[a, b])),
    }
}

/// `a % b`: integers only; the result has the sign of `a`.
pub fn modulo(_: &mut Meter, a: &Value, b: &Value) -> Result {
    match (a, b) {
        (Int(_), Int(0)) | (Uint(_), Uint(0)) => Err(EvalError::divide_by_zero()),
        (Int(a), Int(b)) => int(a.checked_rem(*b)),
        (Uint(a), Uint(b)) => uint(a.checked_rem(*b)),
        _ => Err(EvalError::no_overload("%", &[a, b])),
    }
}

/// `-a`
pub fn negate(a: &Value) -> Result {
    match a {
        Int(a) => int(a.checked_neg()),
        Double(a) => Ok(Double(-a)),
        _ => Err(EvalError::no_overload("-", &[a])),
    }
}

/// `!a`
pub fn not(a: &Value) -> Result {
    match a {
        Bool(a) => Ok(Bool(!a)),
        _ => Err(EvalError::no_overload("!", &[a])),
    }
}

fn int(result: Option<i64>) -> Result {
    result.map(Int).ok_or_else(|| EvalError::overflow("int"))
}

fn uint(result: Option<u64>) -> Result {
    result.map(Uint).ok_or_else(|| EvalError::overflow("uint"))
}

fn timestamp(nanos: i128) -> Result {
    Timestamp::checked(nanos).map(Value::Timestamp).ok_or_else(|| EvalError::overflow("timestamp"))
}

/// Arithmetic keeps durations within what fits in an `i64` of nanoseconds.
fn duration(nanos: i128) -> Result {
    if !time::ARITHMETIC.contains(&nanos) {
        return Err(EvalError::overflow("duration"));
    }
    Ok(Value::Duration(Duration { nanos }))
}
