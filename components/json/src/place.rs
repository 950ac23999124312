//! Reading and changing what is at a path.

use crate::{Error, MAX_DEPTH, text};
use loomwork_path::{Path, Step, child, position};
use serde_json::{Map, Value};

pub fn pick(value: &Value, path: &str, fallback: Option<String>) -> Result<String, Error> {
    let found = single(path)?;
    match (found.get(value), fallback) {
        (Some(value), _) => Ok(value.to_string()),
        (None, Some(fallback)) => Ok(fallback),
        (None, None) => Err(missing(value, &found, path)),
    }
}

pub fn pick_all(value: &Value, path: &str) -> Result<Vec<String>, Error> {
    let path = Path::parse(path).map_err(Error::BadPath)?;
    Ok(path.get_all(value).into_iter().map(Value::to_string).collect())
}

/// A path that leads to one place.
fn single(text: &str) -> Result<Path, Error> {
    let path = Path::parse(text).map_err(Error::BadPath)?;
    if path.is_many() {
        return Err(Error::BadPath(format!("`{text}` may lead to several places; `pick-all` takes such a path")));
    }
    Ok(path)
}

/// Says how far the path leads, and what there is instead.
fn missing(value: &Value, path: &Path, text: &str) -> Error {
    let mut here = value;
    for step in path.steps() {
        match child(here, step) {
            Some(next) => here = next,
            None => return Error::Missing(format!("`{text}` leads nowhere: {}", instead(here, step))),
        }
    }
    Error::Missing(format!("`{text}` leads nowhere"))
}

fn instead(here: &Value, step: &Step) -> String {
    let wanted = match step {
        Step::Field(name) => format!("`{name}`"),
        Step::Index(index) => format!("element {index}"),
        Step::All => "`[*]`".to_owned(),
    };
    match here {
        Value::Object(fields) => {
            let names: Vec<&str> = fields.keys().take(10).map(String::as_str).collect();
            format!("there is no {wanted}; there are: {}", names.join(", "))
        }
        Value::Array(items) => format!("there is no {wanted}; the list has {} elements", items.len()),
        other => format!("{wanted} cannot be in {}", text::noun(other)),
    }
}

pub fn put(mut value: Value, path: &str, new: Value) -> Result<Value, Error> {
    let path = single(path)?;
    let mut here = &mut value;
    for step in path.steps() {
        here = entry(here, step)?;
    }
    *here = new;
    if depth(&value) > MAX_DEPTH {
        return Err(Error::TooLarge(format!("the value would be more than {MAX_DEPTH} levels deep")));
    }
    Ok(value)
}

/// The place that a step leads to, made if it is not there.
fn entry<'v>(here: &'v mut Value, step: &Step) -> Result<&'v mut Value, Error> {
    if here.is_null() {
        *here = match step {
            Step::Index(0) => Value::Array(Vec::new()),
            _ => Value::Object(Map::new()),
        };
    }
    match here {
        Value::Object(fields) => {
            let name = match step {
                Step::Field(name) => name.clone(),
                Step::Index(index) => index.to_string(),
                Step::All => "*".to_owned(),
            };
            Ok(fields.entry(name).or_insert(Value::Null))
        }
        Value::Array(items) => element(items, step),
        other => Err(Error::WrongKind(format!("the path goes through {}, which has no fields", text::noun(other)))),
    }
}

fn element<'v>(items: &'v mut Vec<Value>, step: &Step) -> Result<&'v mut Value, Error> {
    let length = items.len();
    let index = match step {
        Step::Index(index) => Some(*index),
        Step::Field(name) if name == "-" => i64::try_from(length).ok(),
        Step::Field(name) => name.parse().ok(),
        Step::All => None,
    };
    let index = index.ok_or_else(|| Error::BadPath("the path names a field where there is a list; use an index".into()))?;
    if usize::try_from(index) == Ok(length) {
        items.push(Value::Null);
    }
    match position(items.len(), index) {
        Some(at) => Ok(&mut items[at]),
        None => Err(Error::Missing(format!("there is no element {index}; the list has {length} elements"))),
    }
}

/// Levels of lists and objects, counted without recursion.
pub fn depth(value: &Value) -> usize {
    let mut level = vec![value];
    let mut depth = 0;
    while !level.is_empty() {
        depth += 1;
        level = level.into_iter().flat_map(inside).collect();
    }
    depth
}

fn inside(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

pub fn remove(value: Value, path: &str) -> Result<Value, Error> {
    let path = single(path)?;
    let Some((last, way)) = path.steps().split_last() else {
        return Ok(Value::Null);
    };
    let mut value = value;
    let mut here = &mut value;
    for step in way {
        if child(here, step).is_none() {
            return Ok(value);
        }
        here = entry(here, step)?;
    }
    match (here, last) {
        (Value::Object(fields), Step::Field(name)) => drop(fields.remove(name)),
        (Value::Object(fields), Step::Index(index)) => drop(fields.remove(&index.to_string())),
        (Value::Array(items), step) => remove_element(items, step),
        _ => {}
    }
    Ok(value)
}

fn remove_element(items: &mut Vec<Value>, step: &Step) {
    let index = match step {
        Step::Index(index) => Some(*index),
        Step::Field(name) => name.parse::<u32>().ok().map(i64::from),
        Step::All => None,
    };
    if let Some(at) = index.and_then(|index| position(items.len(), index)) {
        items.remove(at);
    }
}
