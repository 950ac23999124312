//! Conversions: `int(x)`, `string(x)` and their like.

use super::Result;
use crate::number::{TWO_63, TWO_64};
use crate::{Duration, EvalError, Meter, Timestamp, Value, text, time};
use Value::{Bool, Bytes, Double, Int, String, Uint};

/// `int(x)`: truncates doubles; seconds since 1970 of a timestamp.
pub fn to_int(value: &Value) -> Result {
    match value {
        Int(_) => Ok(value.clone()),
        Uint(uint) => i64::try_from(*uint).map(Int).map_err(|_| EvalError::overflow("int")),
        Double(double) if *double > -TWO_63 && *double < TWO_63 => Ok(Int(*double as i64)),
        Double(_) => Err(EvalError::overflow("int")),
        String(text) => text.parse().map(Int).map_err(|_| not_a(text, "an int")),
        Value::Timestamp(at) => Ok(Int(at.seconds())),
        _ => Err(EvalError::no_overload("int", &[value])),
    }
}

/// `uint(x)`: truncates doubles.
pub fn to_uint(value: &Value) -> Result {
    match value {
        Uint(_) => Ok(value.clone()),
        Int(int) => u64::try_from(*int).map(Uint).map_err(|_| EvalError::overflow("uint")),
        Double(double) if *double >= 0.0 && *double < TWO_64 => Ok(Uint(*double as u64)),
        Double(_) => Err(EvalError::overflow("uint")),
        String(text) if !text.starts_with('+') => text.parse().map(Uint).map_err(|_| not_a(text, "a uint")),
        String(text) => Err(not_a(text, "a uint")),
        _ => Err(EvalError::no_overload("uint", &[value])),
    }
}

pub fn to_double(value: &Value) -> Result {
    match value {
        Double(_) => Ok(value.clone()),
        Int(int) => Ok(Double(*int as f64)),
        Uint(uint) => Ok(Double(*uint as f64)),
        String(text) => text.parse().map(Double).map_err(|_| not_a(text, "a double")),
        _ => Err(EvalError::no_overload("double", &[value])),
    }
}

/// `string(x)` of a scalar. Bytes must be UTF-8.
pub fn to_string(meter: &mut Meter, value: &Value) -> Result {
    let made = match value {
        String(_) => return Ok(value.clone()),
        Bytes(bytes) => {
            meter.text(bytes.len())?;
            let text = std::str::from_utf8(bytes).map_err(|_| EvalError::conversion("the bytes are not UTF-8"))?;
            return Ok(Value::from(text));
        }
        Bool(bool) => return Ok(Value::from(if *bool { "true" } else { "false" })),
        Int(int) => int.to_string(),
        Uint(uint) => uint.to_string(),
        Double(double) => text::double(*double),
        Value::Timestamp(at) => at.to_string(),
        Value::Duration(duration) => duration.to_string(),
        _ => return Err(EvalError::no_overload("string", &[value])),
    };
    meter.text(made.len())?;
    Ok(Value::from(made))
}

pub fn to_bytes(meter: &mut Meter, value: &Value) -> Result {
    match value {
        Bytes(_) => Ok(value.clone()),
        String(text) => {
            meter.text(text.len())?;
            Ok(Bytes(text.as_bytes().into()))
        }
        _ => Err(EvalError::no_overload("bytes", &[value])),
    }
}

pub fn to_bool(value: &Value) -> Result {
    match value {
        Bool(_) => Ok(value.clone()),
        String(text) => match &**text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Bool(false)),
            _ => Err(not_a(text, "a bool")),
        },
        _ => Err(EvalError::no_overload("bool", &[value])),
    }
}

/// `timestamp(x)`: RFC 3339 text, or seconds since 1970.
pub fn to_timestamp(value: &Value) -> Result {
    match value {
        Value::Timestamp(_) => Ok(value.clone()),
        Int(seconds) => Timestamp::checked(i128::from(*seconds) * time::SECOND)
            .map(Value::Timestamp)
            .ok_or_else(|| EvalError::overflow("timestamp")),
        String(text) => Timestamp::parse(text).map(Value::Timestamp).ok_or_else(|| not_a(text, "a timestamp")),
        _ => Err(EvalError::no_overload("timestamp", &[value])),
    }
}

/// `duration(x)`: text such as `1h30m`, `-250ms`.
pub fn to_duration(value: &Value) -> Result {
    match value {
        Value::Duration(_) => Ok(value.clone()),
        String(text) => Duration::parse(text).map(Value::Duration).ok_or_else(|| not_a(text, "a duration")),
        _ => Err(EvalError::no_overload("duration", &[value])),
    }
}

/// `type(x)`
pub fn type_of(value: &Value) -> Value {
    Value::Type(value.type_name().into())
}

fn not_a(text: &str, what: &str) -> EvalError {
    let shown: std::string::String = text.chars().take(40).collect();
    EvalError::conversion(format!("{shown:?} is not {what}"))
}
