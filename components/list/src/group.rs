//! Elements that are equal at a path: groups, without repetitions, in another list or not.

use crate::{Error, Grouped, elements};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

pub fn group(items: Vec<String>, by: &str) -> Result<Vec<Grouped>, Error> {
    let path = elements::path(by)?;
    let mut places = BTreeMap::new();
    let mut groups: Vec<Grouped> = Vec::new();
    for item in items {
        let value = elements::read(&item);
        let key = elements::at(&value, &path);
        let at = *places.entry(elements::identity(key)).or_insert_with(|| {
            groups.push(Grouped { key: key.to_string(), items: Vec::new() });
            groups.len() - 1
        });
        groups[at].items.push(item);
    }
    Ok(groups)
}

pub fn distinct(mut items: Vec<String>, by: &str) -> Result<Vec<String>, Error> {
    let path = elements::path(by)?;
    let mut seen = BTreeSet::new();
    items.retain(|item| seen.insert(elements::identity(elements::at(&elements::read(item), &path))));
    Ok(items)
}

/// Elements of the first list that are in the second, or those that are not.
pub fn among(mut first: Vec<String>, second: &[String], by: &str, wanted: bool) -> Result<Vec<String>, Error> {
    let path = elements::path(by)?;
    let identity = |item: &String| elements::identity(elements::at(&elements::read(item), &path));
    let there: BTreeSet<String> = second.iter().map(identity).collect();
    first.retain(|item| there.contains(&identity(item)) == wanted);
    Ok(first)
}

pub fn index(items: &[String], by: &str) -> Result<String, Error> {
    let path = elements::path(by)?;
    let mut index = Map::new();
    for (at, item) in items.iter().enumerate() {
        let value = elements::read(item);
        let key = match elements::at(&value, &path) {
            Value::String(text) => text.clone(),
            number @ Value::Number(_) => number.to_string(),
            _ => return Err(Error::WrongKind(format!("element {at} has neither a text nor a number at `{by}`"))),
        };
        index.insert(key, value);
    }
    Ok(Value::Object(index).to_string())
}
