//! Values to JSON text, by type: the inverse of [`crate::decode`], and a little more generous, because expressions make values
//! that no JSON stands for: a whole double is a whole number, a timestamp is text, an optional is an option.

mod choice;
mod dynamic;
mod scalar;

use crate::decode::{is_blob, missing_field, unknown_field};
use crate::mismatch::{Answer, Mismatch};
use crate::{MAX_DEPTH, Mismatch as Refused, Record, Type, writer};
use loomwork_value::{Key, Map, Value};

/// Appends the JSON text of `value` as `ty`. What was appended before a mistake stays in `out`.
pub fn encode(value: &Value, ty: &Type, out: &mut String) -> Result<(), Refused> {
    write(value, ty, out, 0).map_err(|mismatch| *mismatch)
}

/// Appends the JSON text of `value` as `json`: times and durations as text, bytes as base64, the keys of maps as text. NaN and
/// the infinities have none.
pub fn encode_dynamic(value: &Value, out: &mut String) -> Result<(), Refused> {
    encode(value, &Type::Json, out)
}

fn write(value: &Value, ty: &Type, out: &mut String, depth: usize) -> Answer<()> {
    if let (Value::Optional(Some(value)), false) = (value, matches!(ty, Type::Option(_) | Type::Json)) {
        return write(value, ty, out, deeper(depth)?);
    }
    match ty {
        Type::Json => dynamic::write(value, out, depth),
        Type::Bool => match value {
            Value::Bool(true) => push(out, "true"),
            Value::Bool(false) => push(out, "false"),
            _ => Err(wrong(value, ty)),
        },
        Type::S8 => scalar::integer(value, ty, i8::MIN.into()..=i8::MAX.into(), out),
        Type::S16 => scalar::integer(value, ty, i16::MIN.into()..=i16::MAX.into(), out),
        Type::S32 => scalar::integer(value, ty, i32::MIN.into()..=i32::MAX.into(), out),
        Type::S64 => scalar::integer(value, ty, i64::MIN.into()..=i64::MAX.into(), out),
        Type::U8 => scalar::integer(value, ty, 0..=u8::MAX.into(), out),
        Type::U16 => scalar::integer(value, ty, 0..=u16::MAX.into(), out),
        Type::U32 => scalar::integer(value, ty, 0..=u32::MAX.into(), out),
        Type::U64 => scalar::integer(value, ty, 0..=u64::MAX.into(), out),
        Type::F32 | Type::F64 => scalar::float(value, ty, out),
        Type::Char | Type::String => scalar::text(value, ty, out),
        Type::Datetime => scalar::datetime(value, out),
        Type::Duration => scalar::duration(value, out),
        Type::Blob if !is_blob(value) => Err(wrong(value, ty)),
        Type::Blob => record(value, ty, Type::blob_record(), out, depth),
        Type::List(_) if ty.is_bytes() => scalar::bytes(value, out),
        Type::List(of) => {
            let Value::List(elements) = value else { return Err(wrong(value, ty)) };
            list(elements, out, |element, _, out| write(element, of, out, deeper(depth)?))
        }
        Type::Option(of) => choice::option(value, of, out, depth),
        Type::Result(cases) => choice::result(value, ty, cases, out, depth),
        Type::Tuple(of) => match value {
            Value::List(elements) if elements.len() == of.len() => {
                list(elements, out, |element, index, out| write(element, &of[index], out, deeper(depth)?))
            }
            Value::List(_) => Err(Mismatch::new("type.mismatch", 0, "the list has the wrong length for a tuple")),
            _ => Err(wrong(value, ty)),
        },
        Type::Record(of) => record(value, ty, of, out, depth),
        Type::Variant(of) => choice::variant(value, ty, of, out, depth),
        Type::Enum(of) => choice::label(value, ty, of).map(|label| writer::string(label, out)),
        Type::Flags(of) => choice::flags(value, ty, of, out),
    }
}

fn push(out: &mut String, text: &str) -> Answer<()> {
    out.push_str(text);
    Ok(())
}

fn deeper(depth: usize) -> Answer<usize> {
    if depth >= MAX_DEPTH {
        return Err(Mismatch::new("json.depth", 0, "lists and objects are nested too deeply"));
    }
    Ok(depth + 1)
}

/// "expected text, found a list".
fn wrong(value: &Value, ty: &Type) -> Box<Mismatch> {
    Mismatch::new("type.mismatch", 0, ["expected ", ty.noun(), ", found ", noun(value)].concat())
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Int(_) | Value::Uint(_) | Value::Double(_) => "a number",
        Value::String(_) => "text",
        Value::Bytes(_) => "bytes",
        Value::List(_) => "a list",
        Value::Map(_) => "an object",
        Value::Timestamp(_) => "a date and time",
        Value::Duration(_) => "a duration",
        Value::Type(_) => "a type",
        Value::Optional(None) => "an empty optional",
        Value::Optional(Some(_)) => "an optional",
    }
}

fn list(elements: &[Value], out: &mut String, mut write: impl FnMut(&Value, usize, &mut String) -> Answer<()>) -> Answer<()> {
    out.push('[');
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(element, index, out).map_err(|mismatch| mismatch.in_element(index))?;
    }
    out.push(']');
    Ok(())
}

/// All fields in the type's order; those of options that are absent as null.
fn record(value: &Value, ty: &Type, of: &Record, out: &mut String, depth: usize) -> Answer<()> {
    let Value::Map(map) = value else { return Err(wrong(value, ty)) };
    let depth = deeper(depth)?;
    let mut found = 0;
    for (index, field) in of.fields.iter().enumerate() {
        out.push(if index == 0 { '{' } else { ',' });
        writer::string(&field.json, out);
        out.push(':');
        match entry(map, &field.json) {
            Some(value) => {
                found += 1;
                write(value, &field.ty, out, depth).map_err(|mismatch| mismatch.in_field(&field.json))?;
            }
            None if matches!(field.ty, Type::Option(_)) => out.push_str("null"),
            None => return Err(missing_field(field, 0)),
        }
    }
    if found < map.entries.len() {
        return Err(surplus(map, of));
    }
    out.push_str(if of.fields.is_empty() { "{}" } else { "}" });
    Ok(())
}

fn entry<'a>(map: &'a Map, name: &str) -> Option<&'a Value> {
    // Records are small: a scan is quicker than a search that has to compare keys of every kind.
    let found = map.entries.iter().find(|(key, _)| matches!(key, Key::String(key) if &**key == name));
    found.map(|(_, value)| value)
}

fn surplus(map: &Map, of: &Record) -> Box<Mismatch> {
    let unknown = map.entries.iter().find_map(|(key, _)| match key {
        Key::String(key) if of.field(key).is_none() => Some(unknown_field(of, key, 0)),
        Key::String(_) => None,
        _ => Some(Mismatch::new("type.mismatch", 0, "the keys of an object are text")),
    });
    unknown.unwrap_or_else(|| Mismatch::new("type.mismatch", 0, "a key appears twice"))
}
