//! Values as tagged JSON, in which nothing is lost: `{"int": "1"}`, `{"uint": "1"}`, `{"bytes": "00ff"}`, `{"map": [[key, value]]}`.
//!
//! The form of conformance cases and of `loom eval --batch`. Timestamps, durations and optionals are extensions of it.

use crate::json::{self, Json};
use crate::{Duration, EvalError, Key, Map, Timestamp, Value, text};

/// Reads a tagged value from JSON text.
pub fn read(text: &str) -> Result<Value, EvalError> {
    let json = json::read(text).map_err(|error| wrong(&error.to_string()))?;
    from_json(&json)
}

/// Reads a tagged value. Its depth is bounded, because that of JSON is.
pub fn from_json(json: &Json<'_>) -> Result<Value, EvalError> {
    let Json::Object(entries) = json else { return Err(wrong("not an object")) };
    let [(tag, payload)] = &entries[..] else { return Err(wrong("not one tag")) };
    match (&**tag, payload) {
        ("null", Json::Null) => Ok(Value::Null),
        ("bool", Json::Bool(bool)) => Ok(Value::Bool(*bool)),
        ("list", Json::Array(elements)) => Ok(elements.iter().map(from_json).collect::<Result<Vec<_>, _>>()?.into()),
        ("map", Json::Array(entries)) => map(entries),
        ("optional", Json::Null) => Ok(Value::none()),
        ("optional", inner) => Ok(Value::some(from_json(inner)?)),
        (tag, Json::String(payload)) => scalar(tag, payload).ok_or_else(|| wrong("a payload that its tag cannot have")),
        _ => Err(wrong("an unknown tag")),
    }
}

/// Writes a value as tagged JSON text. Its depth must be one that evaluation can make.
pub fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("{\"null\": null}"),
        Value::Bool(bool) => out.push_str(if *bool { "{\"bool\": true}" } else { "{\"bool\": false}" }),
        Value::Int(int) => tagged("int", &int.to_string(), out),
        Value::Uint(uint) => tagged("uint", &uint.to_string(), out),
        Value::Double(double) => tagged("double", &double_text(*double), out),
        Value::String(text) => tagged("string", text, out),
        Value::Bytes(bytes) => tagged("bytes", &hex(bytes), out),
        Value::Timestamp(at) => tagged("timestamp", &at.to_string(), out),
        Value::Duration(duration) => tagged("duration", &duration.to_string(), out),
        Value::Type(name) => tagged("type", name, out),
        Value::Optional(None) => out.push_str("{\"optional\": null}"),
        Value::Optional(Some(inner)) => {
            out.push_str("{\"optional\": ");
            write(inner, out);
            out.push('}');
        }
        Value::List(elements) => {
            out.push_str("{\"list\": [");
            for (index, element) in elements.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                write(element, out);
            }
            out.push_str("]}");
        }
        Value::Map(map) => write_map(map, out),
    }
}

fn write_map(map: &Map, out: &mut String) {
    out.push_str("{\"map\": [");
    for (index, (key, value)) in map.entries.iter().enumerate() {
        out.push_str(if index == 0 { "[" } else { ", [" });
        write(&key.to_value(), out);
        out.push_str(", ");
        write(value, out);
        out.push(']');
    }
    out.push_str("]}");
}

fn tagged(tag: &str, payload: &str, out: &mut String) {
    out.push_str("{\"");
    out.push_str(tag);
    out.push_str("\": ");
    json::write_text(payload, out);
    out.push('}');
}

fn map(entries: &[Json<'_>]) -> Result<Value, EvalError> {
    let entry = |entry: &Json<'_>| {
        let Json::Array(pair) = entry else { return Err(wrong("a map entry is a pair")) };
        let [key, value] = &pair[..] else { return Err(wrong("a map entry is a pair")) };
        let key = Key::of(&from_json(key)?).ok_or_else(|| wrong("a key of a type that keys cannot have"))?;
        Ok((key, from_json(value)?))
    };
    let entries = entries.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    Map::new(entries).map(Value::from)
}

fn scalar(tag: &str, payload: &str) -> Option<Value> {
    match tag {
        "int" => payload.parse().ok().map(Value::Int),
        "uint" => payload.parse().ok().map(Value::Uint),
        "double" => payload.parse().ok().map(Value::Double),
        "string" => Some(Value::from(payload)),
        "bytes" => unhex(payload).map(Value::from),
        "type" => Some(Value::Type(payload.into())),
        "timestamp" => Timestamp::parse(payload).map(Value::Timestamp),
        "duration" => Duration::parse(payload).map(Value::Duration),
        _ => None,
    }
}

/// A double that reads back the same, with `inf`, `-inf`, `nan` for the rest.
fn double_text(double: f64) -> String {
    match double {
        double if double.is_nan() => "nan".into(),
        f64::INFINITY => "inf".into(),
        f64::NEG_INFINITY => "-inf".into(),
        double => {
            let made = text::double(double);
            if made.contains(['.', 'e']) { made } else { made + ".0" }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|p| p.len() == 2)?, 16).ok()).collect()
}

fn wrong(what: &str) -> EvalError {
    EvalError::new("expr.tagged", format!("not a tagged value: {what}"))
}
