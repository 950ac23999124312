//! Deep values as one flat object of paths, and back.

use crate::{Error, MAX_DEPTH};
use serde_json::{Map, Value};

const MAX_LEAVES: usize = 100_000;

pub fn flatten(value: &Value, separator: &str) -> Result<String, Error> {
    let mut flat = Map::new();
    leaves(&mut flat, String::new(), value, separator)?;
    Ok(Value::Object(flat).to_string())
}

/// The value was read from JSON text, so the recursion is bounded by its depth.
fn leaves(flat: &mut Map<String, Value>, path: String, value: &Value, separator: &str) -> Result<(), Error> {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}{separator}{key}") };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().try_for_each(|(key, value)| leaves(flat, below(key), value, separator))
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().try_for_each(|(at, value)| leaves(flat, below(&at.to_string()), value, separator))
        }
        leaf if flat.len() < MAX_LEAVES => {
            flat.insert(path, leaf.clone());
            Ok(())
        }
        _ => Err(Error::TooLarge(format!("the value has more than {MAX_LEAVES} leaves"))),
    }
}

pub fn unflatten(flat: Map<String, Value>, separator: &str) -> Result<String, Error> {
    if separator.is_empty() {
        return Err(Error::BadPath("`separator` is empty: the keys cannot be taken apart".into()));
    }
    let mut root = Map::new();
    for (path, value) in flat {
        insert(&mut root, &path, value, separator)?;
    }
    Ok(lists(Value::Object(root)).to_string())
}

fn insert(root: &mut Map<String, Value>, path: &str, value: Value, separator: &str) -> Result<(), Error> {
    let keys: Vec<&str> = path.split(separator).collect();
    if keys.len() > MAX_DEPTH {
        return Err(Error::TooLarge(format!(
            "`{}…` has more than {MAX_DEPTH} levels",
            path.chars().take(40).collect::<String>()
        )));
    }
    let (last, way) = keys.split_last().expect("a split has at least one part");
    let mut here = root;
    for key in way {
        let next = here.entry(*key).or_insert_with(|| Value::Object(Map::new()));
        here = next.as_object_mut().ok_or_else(|| clash(path))?;
    }
    match here.insert((*last).to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(clash(path)),
    }
}

fn clash(path: &str) -> Error {
    Error::WrongKind(format!("`{path}` lies below a key that has a value of its own"))
}

/// Objects whose keys count from 0 become lists. At most as deep as `insert` allows.
fn lists(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let mut fields: Map<String, Value> = fields.into_iter().map(|(key, value)| (key, lists(value))).collect();
    let counted = !fields.is_empty() && (0..fields.len()).all(|at| fields.contains_key(&at.to_string()));
    if !counted {
        return Value::Object(fields);
    }
    Value::Array((0..fields.len()).filter_map(|at| fields.remove(&at.to_string())).collect())
}
