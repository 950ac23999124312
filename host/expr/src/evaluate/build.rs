//! List and map literals.

use super::{Evaluation, Outcome};
use crate::ir::{Element, Entry};
use loomwork_value::{EvalError, Key, Map, Value};

impl Evaluation<'_> {
    pub(super) fn list(&mut self, elements: &[Element]) -> Outcome {
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            let value = self.value(&element.value)?;
            if element.optional {
                values.extend(held(&value)?);
            } else {
                values.push(value);
            }
        }
        Ok(Value::from(values))
    }

    pub(super) fn map(&mut self, entries: &[Entry]) -> Outcome {
        let mut built = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = self.value(&entry.key)?;
            let value = self.value(&entry.value)?;
            let value = if entry.optional { held(&value)? } else { Some(value) };
            if let Some(value) = value {
                built.push((key_of(&key)?, value));
            }
        }
        Map::new(built).map(Value::from)
    }
}

/// The key that a value is; fails with `expr.key_type`.
pub(super) fn key_of(value: &Value) -> Result<Key, EvalError> {
    let message = || format!("a {} cannot be a key of a map", value.type_name());
    Key::of(value).ok_or_else(|| EvalError::new("expr.key_type", message()))
}

/// What an optional holds.
fn held(value: &Value) -> Result<Option<Value>, EvalError> {
    match value {
        Value::Optional(inner) => Ok(inner.as_deref().cloned()),
        other => Err(EvalError::no_overload("?", &[other])),
    }
}
