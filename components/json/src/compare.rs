//! Differences between values. What is compared was read from JSON text, so the recursion is bounded by its depth.

use crate::{Change, ChangeKind, Error};
use serde_json::{Map, Value};

const MAX_CHANGES: usize = 10_000;

pub fn equal(first: &Value, second: &Value) -> bool {
    match (first, second) {
        (Value::Number(first), Value::Number(second)) => {
            first == second || first.as_f64() == second.as_f64() && (first.is_f64() || second.is_f64())
        }
        (Value::Array(first), Value::Array(second)) => {
            first.len() == second.len() && first.iter().zip(second).all(|(first, second)| equal(first, second))
        }
        (Value::Object(first), Value::Object(second)) => {
            first.len() == second.len()
                && first.iter().all(|(key, value)| second.get(key).is_some_and(|other| equal(value, other)))
        }
        (first, second) => first == second,
    }
}

/// RFC 7386, section 2.
pub fn patch(value: Value, patch: Value) -> Value {
    let Value::Object(changes) = patch else { return patch };
    let mut fields = match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    for (key, change) in changes {
        let old = fields.remove(&key).unwrap_or(Value::Null);
        if !change.is_null() {
            fields.insert(key, self::patch(old, change));
        }
    }
    Value::Object(fields)
}

pub fn make_patch(before: &Value, after: &Value) -> Result<Value, Error> {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return whole(after);
    };
    let mut changes = Map::new();
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        changes.insert(key.clone(), Value::Null);
    }
    for (key, value) in new {
        match old.get(key) {
            Some(old) if equal(old, value) => {}
            Some(old @ Value::Object(_)) => drop(changes.insert(key.clone(), make_patch(old, value)?)),
            _ if value.is_null() => return Err(no_null(key)),
            _ => drop(changes.insert(key.clone(), whole(value)?)),
        }
    }
    Ok(Value::Object(changes))
}

/// A value as the patch that makes it out of nothing: an object in it may hold no null.
fn whole(value: &Value) -> Result<Value, Error> {
    if let Value::Object(fields) = value {
        for (key, value) in fields {
            if value.is_null() {
                return Err(no_null(key));
            }
            whole(value)?;
        }
    }
    Ok(value.clone())
}

fn no_null(key: &str) -> Error {
    Error::WrongKind(format!("`{key}` becomes null, which a merge patch cannot say: there, null removes a field"))
}

pub fn diff(before: &Value, after: &Value) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    compare(&mut changes, String::new(), Some(before), Some(after));
    if changes.len() > MAX_CHANGES {
        return Err(Error::TooLarge(format!("the values differ in more than {MAX_CHANGES} places")));
    }
    Ok(changes)
}

fn compare(changes: &mut Vec<Change>, path: String, before: Option<&Value>, after: Option<&Value>) {
    if changes.len() > MAX_CHANGES {
        return;
    }
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                compare(changes, pointer(&path, key), old.get(key), new.get(key));
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for at in 0..old.len().max(new.len()) {
                compare(changes, format!("{path}/{at}"), old.get(at), new.get(at));
            }
        }
        (Some(old), Some(new)) if equal(old, new) => {}
        (old, new) => changes.push(change(path, old, new)),
    }
}

fn change(path: String, before: Option<&Value>, after: Option<&Value>) -> Change {
    let kind = match (before, after) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    };
    Change { path, kind, before: before.map(Value::to_string), after: after.map(Value::to_string) }
}

fn pointer(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}
