//! Comparing what is at a path with a value.

use crate::{Comparison, Error, elements, order};
use loomwork_path::Path;
use serde_json::Value;
use std::cmp::Ordering;

pub struct Test {
    path: Path,
    comparison: Comparison,
    value: Value,
}

impl Test {
    pub fn new(path: &str, comparison: Comparison, value: Option<String>) -> Result<Self, Error> {
        let value = value.map_or(Value::Null, |value| elements::read(&value));
        if comparison == Comparison::OneOf && !value.is_array() {
            return Err(Error::Invalid("`one-of` compares with a list".into()));
        }
        Ok(Self { path: elements::path(path)?, comparison, value })
    }

    pub fn holds(&self, item: &str) -> bool {
        let item = elements::read(item);
        let here = elements::at(&item, &self.path);
        match self.comparison {
            Comparison::Equal => equal(here, &self.value),
            Comparison::NotEqual => !equal(here, &self.value),
            Comparison::Less => self.order(here).is_some_and(Ordering::is_lt),
            Comparison::AtMost => self.order(here).is_some_and(Ordering::is_le),
            Comparison::Greater => self.order(here).is_some_and(Ordering::is_gt),
            Comparison::AtLeast => self.order(here).is_some_and(Ordering::is_ge),
            Comparison::Contains => contains(here, &self.value),
            Comparison::StartsWith => both_texts(here, &self.value).is_some_and(|(here, start)| here.starts_with(start)),
            Comparison::OneOf => self.value.as_array().into_iter().flatten().any(|value| equal(here, value)),
            Comparison::Present => !here.is_null(),
            Comparison::Absent => here.is_null(),
        }
    }

    /// Only values of one kind are larger or smaller than each other.
    fn order(&self, here: &Value) -> Option<Ordering> {
        let comparable = here.is_number() && self.value.is_number() || here.is_string() && self.value.is_string();
        comparable.then(|| order::compare(here, &self.value))
    }
}

fn equal(first: &Value, second: &Value) -> bool {
    elements::identity(first) == elements::identity(second)
}

fn contains(here: &Value, part: &Value) -> bool {
    match here {
        Value::Array(items) => items.iter().any(|item| equal(item, part)),
        _ => both_texts(here, part).is_some_and(|(here, part)| here.contains(part)),
    }
}

fn both_texts<'v>(first: &'v Value, second: &'v Value) -> Option<(&'v str, &'v str)> {
    Some((first.as_str()?, second.as_str()?))
}
