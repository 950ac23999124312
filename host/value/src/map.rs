//! Maps and their keys. A map is a sorted vector: one order everywhere, small, and cheap to make.

use crate::{EvalError, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// A map, sorted by key, so that iteration has one order everywhere.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// Sorted by [`Key`], no key twice.
    pub entries: Vec<(Key, Value)>,
}

/// A map key. `Int(1)` and `Uint(1)` are the same key, as CEL's numeric equality says.
#[derive(Clone, Debug)]
pub enum Key {
    Bool(bool),
    Int(i64),
    Uint(u64),
    String(Arc<str>),
}

impl Map {
    /// Sorts the entries; fails with `expr.duplicate_key` when a key is there twice.
    pub fn new(mut entries: Vec<(Key, Value)>) -> Result<Self, EvalError> {
        crate::order::sort(&mut entries, |(a, _), (b, _)| a.cmp(b));
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let key = pair[0].0.to_text();
            return Err(EvalError::new("expr.duplicate_key", format!("the key {key} is there twice")));
        }
        Ok(Self { entries })
    }

    pub fn get(&self, key: &Key) -> Option<&Value> {
        let index = self.entries.binary_search_by(|(own, _)| own.cmp(key)).ok()?;
        Some(&self.entries[index].1)
    }

    /// [`Map::get`] for a text key, without making one.
    pub fn field(&self, name: &str) -> Option<&Value> {
        let order = |key: &Key| match key {
            Key::String(own) => (**own).cmp(name),
            _ => Ordering::Less,
        };
        let index = self.entries.binary_search_by(|(own, _)| order(own)).ok()?;
        Some(&self.entries[index].1)
    }

    /// Sets a key, whether or not it was there.
    pub fn insert(&mut self, key: Key, value: Value) {
        match self.entries.binary_search_by(|(own, _)| own.cmp(&key)) {
            Ok(index) => self.entries[index].1 = value,
            Err(index) => self.entries.insert(index, (key, value)),
        }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Key {
    /// The key that a value is when a map is made: doubles are not keys.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(Key::Bool(*value)),
            Value::Int(value) => Some(Key::Int(*value)),
            Value::Uint(value) => Some(Key::Uint(*value)),
            Value::String(value) => Some(Key::String(value.clone())),
            _ => None,
        }
    }

    /// The key that a value finds: also a double that is a whole number.
    pub fn sought(value: &Value) -> Option<Self> {
        match value {
            Value::Double(double) => crate::number::whole(*double),
            other => Self::of(other),
        }
    }

    pub fn to_value(&self) -> Value {
        match self {
            Key::Bool(value) => Value::Bool(*value),
            Key::Int(value) => Value::Int(*value),
            Key::Uint(value) => Value::Uint(*value),
            Key::String(value) => Value::String(value.clone()),
        }
    }

    /// The key as a JSON object would name it.
    pub fn to_text(&self) -> Arc<str> {
        match self {
            Key::Bool(true) => "true".into(),
            Key::Bool(false) => "false".into(),
            Key::Int(value) => value.to_string().into(),
            Key::Uint(value) => value.to_string().into(),
            Key::String(value) => value.clone(),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Key::Bool(_) => 0,
            Key::Int(_) | Key::Uint(_) => 1,
            Key::String(_) => 2,
        }
    }

    fn number(&self) -> i128 {
        match self {
            Key::Bool(value) => i128::from(*value),
            Key::Int(value) => i128::from(*value),
            Key::Uint(value) => i128::from(*value),
            Key::String(_) => 0,
        }
    }
}

impl Ord for Key {
    /// Booleans, then numbers, then texts.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Key::String(a), Key::String(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()).then_with(|| self.number().cmp(&other.number())),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}
