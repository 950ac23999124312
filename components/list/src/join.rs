//! Joining two lists of objects by key.

use crate::{Error, JoinKind, MAX_ITEMS, elements, few};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One of the lists, with each element's key; none if that is null.
pub struct Side {
    rows: Vec<(Option<String>, Map<String, Value>)>,
}

impl Side {
    /// `prefix` goes before the name of each field.
    pub fn new(items: &[String], key: &str, prefix: &str) -> Result<Self, Error> {
        let path = elements::path(key)?;
        let mut rows = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let value = elements::read(item);
            let key = Some(elements::at(&value, &path)).filter(|key| !key.is_null()).map(elements::identity);
            let Value::Object(fields) = value else {
                return Err(Error::WrongKind(format!("element {at} is not an object: there are no fields to join")));
            };
            rows.push((key, fields.into_iter().map(|(name, value)| (format!("{prefix}{name}"), value)).collect()));
        }
        Ok(Self { rows })
    }

    fn by_key(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, (key, _)) in self.rows.iter().enumerate() {
            if let Some(key) = key {
                places.entry(key).or_default().push(at);
            }
        }
        places
    }
}

/// In the order of the left list; elements of the right without a partner come last.
pub fn join(left: &Side, right: &Side, kind: JoinKind) -> Result<Vec<String>, Error> {
    let places = right.by_key();
    let mut partnered = vec![false; right.rows.len()];
    let mut joined = Vec::new();
    for (key, fields) in &left.rows {
        let partners = key.as_deref().and_then(|key| places.get(key)).map(Vec::as_slice).unwrap_or_default();
        few(joined.len().saturating_add(partners.len()))?;
        for &at in partners {
            partnered[at] = true;
            joined.push(both(fields, &right.rows[at].1));
        }
        if partners.is_empty() && matches!(kind, JoinKind::Left | JoinKind::Full) {
            joined.push(Value::Object(fields.clone()).to_string());
        }
    }
    if matches!(kind, JoinKind::Right | JoinKind::Full) {
        let alone = right.rows.iter().zip(partnered).filter(|(_, partnered)| !partnered);
        joined.extend(alone.map(|((_, fields), _)| Value::Object(fields.clone()).to_string()).take(MAX_ITEMS));
    }
    few(joined.len())?;
    Ok(joined)
}

fn both(left: &Map<String, Value>, right: &Map<String, Value>) -> String {
    let mut fields = left.clone();
    fields.extend(right.iter().map(|(name, value)| (name.clone(), value.clone())));
    Value::Object(fields).to_string()
}
