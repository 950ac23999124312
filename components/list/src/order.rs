//! One order over all JSON values, and sorting by it.

use crate::{Direction, Error, Nulls, SortKey, elements};
use loomwork_path::Path;
use serde_json::{Number, Value};
use std::cmp::Ordering;

const MAX_KEYS: usize = 16;

pub fn sort(items: Vec<String>, by: &[SortKey]) -> Result<Vec<String>, Error> {
    if by.len() > MAX_KEYS {
        return Err(Error::Invalid(format!("there are {} keys to sort by; at most {MAX_KEYS} are allowed", by.len())));
    }
    let mut keys = by.iter().map(Key::new).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        keys.push(Key { path: elements::path("")?, descending: false, nulls_first: false });
    }
    let mut read: Vec<(Vec<Value>, String)> = items.into_iter().map(|item| (values(&item, &keys), item)).collect();
    read.sort_by(|(first, _), (second, _)| {
        let pairs = keys.iter().zip(first.iter().zip(second));
        pairs.map(|(key, (first, second))| key.compare(first, second)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    Ok(read.into_iter().map(|(_, item)| item).collect())
}

struct Key {
    path: Path,
    descending: bool,
    nulls_first: bool,
}

impl Key {
    fn new(key: &SortKey) -> Result<Self, Error> {
        let path = elements::path(&key.path)?;
        Ok(Self { path, descending: key.direction == Some(Direction::Descending), nulls_first: key.nulls == Some(Nulls::First) })
    }

    /// The direction does not matter to null.
    fn compare(&self, first: &Value, second: &Value) -> Ordering {
        match (first.is_null(), second.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) => {
                if self.nulls_first {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (false, true) => {
                if self.nulls_first {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (false, false) if self.descending => compare(second, first),
            (false, false) => compare(first, second),
        }
    }
}

fn values(item: &str, keys: &[Key]) -> Vec<Value> {
    let value = elements::read(item);
    keys.iter().map(|key| elements::at(&value, &key.path).clone()).collect()
}

/// Values were read from JSON text, so the recursion is bounded by its depth.
pub fn compare(first: &Value, second: &Value) -> Ordering {
    match (first, second) {
        (Value::Bool(first), Value::Bool(second)) => first.cmp(second),
        (Value::Number(first), Value::Number(second)) => numbers(first, second),
        (Value::String(first), Value::String(second)) => first.cmp(second),
        (Value::Array(first), Value::Array(second)) => lists(first.iter(), second.iter()),
        (Value::Object(first), Value::Object(second)) => {
            first.keys().cmp(second.keys()).then_with(|| lists(first.values(), second.values()))
        }
        (first, second) => rank(first).cmp(&rank(second)),
    }
}

fn lists<'v>(first: impl ExactSizeIterator<Item = &'v Value>, second: impl ExactSizeIterator<Item = &'v Value>) -> Ordering {
    let lengths = first.len().cmp(&second.len());
    first.zip(second).map(|(first, second)| compare(first, second)).find(|order| order.is_ne()).unwrap_or(lengths)
}

fn numbers(first: &Number, second: &Number) -> Ordering {
    if let (Some(first), Some(second)) = (first.as_i128(), second.as_i128()) {
        return first.cmp(&second);
    }
    let float = |number: &Number| number.as_f64().unwrap_or(f64::NAN);
    float(first).total_cmp(&float(second))
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}
