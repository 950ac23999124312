//! Elements as values, and what a path leads to in them.

use crate::Error;
use loomwork_path::Path;
use serde_json::Value;

static NULL: Value = Value::Null;

/// Reads an element, which the host has checked.
pub fn read(item: &str) -> Value {
    serde_json::from_str(item).unwrap_or(Value::Null)
}

pub fn path(text: &str) -> Result<Path, Error> {
    let path = Path::parse(text).map_err(Error::BadPath)?;
    if path.is_many() {
        return Err(Error::BadPath(format!("`{text}` may lead to several values of one element")));
    }
    Ok(path)
}

/// The value at the path, null if there is none.
pub fn at<'v>(value: &'v Value, path: &Path) -> &'v Value {
    path.get(value).unwrap_or(&NULL)
}

/// Text that is the same for equal values: JSON with sorted keys, whole numbers without a fraction.
pub fn identity(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => (float as i64).to_string(),
            _ => number.to_string(),
        },
        Value::Array(items) => format!("[{}]", items.iter().map(identity).collect::<Vec<_>>().join(",")),
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), identity(value))).collect();
            format!("{{{}}}", fields.join(","))
        }
        other => other.to_string(),
    }
}
