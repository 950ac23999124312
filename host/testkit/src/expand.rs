//! Long inputs in short files: `{"$repeat": "x", "times": 1000}` and `{"$list": 1, "times": 1000}`.

use serde_json::{Map, Value};

/// Puts texts and lists in the place of their short forms.
pub fn expand(value: &Value) -> Value {
    let times = |fields: &Map<String, Value>| fields.get("times").and_then(Value::as_u64).unwrap_or(0) as usize;
    match value {
        Value::Object(fields) => match (fields.get("$repeat"), fields.get("$list")) {
            (Some(Value::String(text)), _) => Value::from(text.repeat(times(fields))),
            (_, Some(item)) => Value::Array(vec![expand(item); times(fields)]),
            _ => Value::Object(fields.iter().map(|(key, value)| (key.clone(), expand(value))).collect()),
        },
        Value::Array(items) => Value::Array(items.iter().map(expand).collect()),
        other => other.clone(),
    }
}
