//! JSON text to values and back.

use crate::{Error, Kind, MAX_BYTES};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value};

pub fn read(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::Syntax(error.to_string()))
}

/// Reads a parameter of type `json`, which the host has checked.
pub fn or_null(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

pub fn object(text: &str) -> Result<Map<String, Value>, Error> {
    match read(text)? {
        Value::Object(fields) => Ok(fields),
        other => Err(Error::WrongKind(format!("this works on an object, not on {}", noun(&other)))),
    }
}

pub fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

pub fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::List,
        Value::Object(_) => Kind::Object,
    }
}

pub fn format(value: &Value, indent: Option<u8>) -> Result<String, Error> {
    let text = match indent {
        None | Some(0) => value.to_string(),
        Some(indent) => pretty(value, usize::from(indent.min(8))),
    };
    if text.len() > MAX_BYTES {
        return Err(Error::TooLarge(format!("the text would have {} bytes; at most {MAX_BYTES} are allowed", text.len())));
    }
    Ok(text)
}

fn pretty(value: &Value, indent: usize) -> String {
    let spaces = [b' '; 8];
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(&spaces[..indent]));
    value.serialize(&mut serializer).expect("a value can be written to memory");
    String::from_utf8(out).expect("JSON is UTF-8")
}
