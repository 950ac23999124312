//! Objects as sets of fields.

use crate::{Depth, Error, text};
use serde_json::{Map, Value};

type Fields = Map<String, Value>;

/// Both are at most as deep as JSON that was read, so the recursion is bounded.
pub fn merge(mut first: Fields, second: Fields, depth: Depth) -> Fields {
    for (key, new) in second {
        let merged = match (depth, first.remove(&key), new) {
            (Depth::Deep, Some(Value::Object(old)), Value::Object(new)) => Value::Object(merge(old, new, depth)),
            (_, _, new) => new,
        };
        first.insert(key, merged);
    }
    first
}

pub fn values(value: Value) -> Result<Vec<String>, Error> {
    match value {
        Value::Array(items) => Ok(items.iter().map(Value::to_string).collect()),
        Value::Object(fields) => Ok(fields.values().map(Value::to_string).collect()),
        other => Err(Error::WrongKind(format!("this works on an object or a list, not on {}", text::noun(&other)))),
    }
}

pub fn kept(fields: Fields, keep: impl Fn(&str) -> bool) -> Result<String, Error> {
    let fields = fields.into_iter().filter(|(key, _)| keep(key));
    Ok(Value::Object(fields.collect()).to_string())
}

pub fn rename(fields: Fields, names: &Fields) -> Result<String, Error> {
    let mut renamed = Fields::new();
    for (key, value) in fields {
        let name = match names.get(&key) {
            None => key,
            Some(Value::String(name)) => name.clone(),
            Some(other) => {
                return Err(Error::WrongKind(format!("the new name of `{key}` is {}; it has to be a text", text::noun(other))));
            }
        };
        renamed.insert(name, value);
    }
    Ok(Value::Object(renamed).to_string())
}
