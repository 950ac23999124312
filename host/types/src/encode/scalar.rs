//! Numbers, text, times and bytes as JSON, by type.

use super::{push, wrong};
use crate::decode::BASE64;
use crate::mismatch::{Answer, Mismatch};
use crate::reader::whole_double;
use crate::{Type, datetime as instant, duration as length, writer};
use base64::Engine;
use loomwork_value::Value;
use std::ops::RangeInclusive;

pub(super) fn integer(value: &Value, ty: &Type, range: RangeInclusive<i128>, out: &mut String) -> Answer<()> {
    let number = match value {
        Value::Int(number) => i128::from(*number),
        Value::Uint(number) => i128::from(*number),
        Value::Double(number) => match whole_double(*number) {
            Some((negative, size)) => {
                if negative {
                    -i128::from(size)
                } else {
                    i128::from(size)
                }
            }
            None => {
                let mismatch =
                    Mismatch::new("type.mismatch", 0, ["expected ", ty.noun(), ", found a number with a fraction"].concat());
                return Err(mismatch.hint("Round it first: `int(math.round(x))`."));
            }
        },
        _ => return Err(wrong(value, ty)),
    };
    if !range.contains(&number) {
        return Err(Mismatch::new("type.range", 0, ["the number does not fit ", ty.noun()].concat()));
    }
    if number < 0 {
        out.push('-');
    }
    writer::unsigned(number.unsigned_abs() as u64, out);
    Ok(())
}

pub(super) fn float(value: &Value, ty: &Type, out: &mut String) -> Answer<()> {
    let number = match value {
        Value::Double(number) => *number,
        Value::Int(number) => *number as f64,
        Value::Uint(number) => *number as f64,
        Value::String(text) => match &**text {
            "NaN" => f64::NAN,
            "Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            _ => return Err(wrong(value, ty)),
        },
        _ => return Err(wrong(value, ty)),
    };
    if number.is_nan() {
        return push(out, "\"NaN\"");
    }
    if number.is_infinite() {
        return push(out, if number > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" });
    }
    if *ty != Type::F32 {
        writer::double(number, out);
        return Ok(());
    }
    let single = number as f32;
    if single.is_infinite() {
        return Err(Mismatch::new("type.range", 0, "the number does not fit a number (f32)"));
    }
    writer::single(single, out);
    Ok(())
}

/// For `string` and `char`. Times and durations have one text, so they are text too.
pub(super) fn text(value: &Value, ty: &Type, out: &mut String) -> Answer<()> {
    match value {
        Value::String(text) if *ty == Type::Char && text.chars().nth(1).is_some() || is_empty_char(value, ty) => {
            let mismatch = Mismatch::new("type.mismatch", 0, "expected text of one character");
            Err(mismatch.hint("Take one with `text.charAt(0)`."))
        }
        Value::String(text) => {
            writer::string(text, out);
            Ok(())
        }
        Value::Timestamp(_) if *ty == Type::String => datetime(value, out),
        Value::Duration(_) if *ty == Type::String => duration(value, out),
        Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::Bool(_) => {
            Err(wrong(value, ty).hint("Write `string(…)` around it to make it text."))
        }
        Value::Bytes(_) => Err(wrong(value, ty).hint("Write `string(…)` around UTF-8 bytes, or `base64.encode(…)`.")),
        _ => Err(wrong(value, ty)),
    }
}

fn is_empty_char(value: &Value, ty: &Type) -> bool {
    *ty == Type::Char && matches!(value, Value::String(text) if text.is_empty())
}

/// Text is read and written again, so that there is one form.
pub(super) fn datetime(value: &Value, out: &mut String) -> Answer<()> {
    let read = match value {
        Value::Timestamp(instant) => Some(*instant),
        Value::String(text) => instant::parse(text),
        _ => None,
    };
    let Some(read) = read else { return Err(wrong(value, &Type::Datetime)) };
    out.push('"');
    let written = instant::print(read, out);
    out.push('"');
    written.ok_or_else(|| Mismatch::new("type.range", 0, "the time lies outside the years 1 to 9999"))
}

pub(super) fn duration(value: &Value, out: &mut String) -> Answer<()> {
    let read = match value {
        Value::Duration(length) => Some(*length),
        Value::String(text) => length::parse(text),
        _ => None,
    };
    let Some(read) = read else { return Err(wrong(value, &Type::Duration)) };
    out.push('"');
    length::print(read, out);
    out.push('"');
    Ok(())
}

/// Bytes, base64 text, or a list of numbers from 0 to 255.
pub(super) fn bytes(value: &Value, out: &mut String) -> Answer<()> {
    let ty = Type::bytes();
    let owned;
    let bytes: &[u8] = match value {
        Value::Bytes(bytes) => bytes,
        Value::String(text) => {
            let hint = "For the text itself write `bytes(…)` around it.";
            owned = BASE64.decode(text.as_bytes()).map_err(|_| wrong(value, &ty).hint(hint))?;
            &owned
        }
        Value::List(elements) => {
            owned = elements.iter().map(octet).collect::<Option<Vec<u8>>>().ok_or_else(|| wrong(value, &ty))?;
            &owned
        }
        _ => return Err(wrong(value, &ty)),
    };
    base64(bytes, out);
    Ok(())
}

pub(super) fn base64(bytes: &[u8], out: &mut String) {
    out.push('"');
    BASE64.encode_string(bytes, out);
    out.push('"');
}

fn octet(element: &Value) -> Option<u8> {
    match element {
        Value::Int(number) => u8::try_from(*number).ok(),
        Value::Uint(number) => u8::try_from(*number).ok(),
        Value::Double(number) => {
            whole_double(*number).filter(|(negative, _)| !negative).and_then(|(_, size)| u8::try_from(size).ok())
        }
        _ => None,
    }
}
