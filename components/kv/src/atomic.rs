//! Changes that no other run comes in between: read, compare, and swap the very bytes that were read.

use crate::{Error, host, refused, value};
use serde_json::Value;

/// How often a change that others overtook is tried.
const ATTEMPTS: u32 = 20;
const MAX_ITEMS: usize = 100_000;

pub fn swap(store: &str, key: &str, expected: Option<&str>, value: &str) -> Result<bool, Error> {
    let present = host::get(store, key).map_err(refused)?;
    let matches = match (&present, expected) {
        (None, None) => true,
        (Some(bytes), Some(expected)) => same(bytes, expected),
        _ => false,
    };
    // If others changed the bytes since, the host's swap answers that they did.
    Ok(matches && host::swap(store, key, present.as_deref(), value.as_bytes()).map_err(refused)?)
}

/// Equal as JSON values, however they are written.
fn same(bytes: &[u8], expected: &str) -> bool {
    let present: Option<Value> = serde_json::from_slice(bytes).ok();
    present.is_some() && present == serde_json::from_str(expected).ok()
}

pub fn append(store: &str, key: &str, item: &str, limit: Option<u32>) -> Result<u32, Error> {
    let item = value::parse("item", item)?;
    let limit = limit.map_or(MAX_ITEMS, |limit| (limit as usize).clamp(1, MAX_ITEMS));
    for _ in 0..ATTEMPTS {
        let present = host::get(store, key).map_err(refused)?;
        let mut items = items(key, present.as_deref())?;
        items.push(item.clone());
        items.drain(..items.len().saturating_sub(limit));
        let count = items.len() as u32;
        let bytes = Value::Array(items).to_string().into_bytes();
        if host::swap(store, key, present.as_deref(), &bytes).map_err(refused)? {
            return Ok(count);
        }
    }
    Err(Error::Contended(format!("others changed the value {ATTEMPTS} times in a row")))
}

fn items(key: &str, bytes: Option<&[u8]>) -> Result<Vec<Value>, Error> {
    match bytes.map(serde_json::from_slice) {
        None => Ok(Vec::new()),
        Some(Ok(Value::Array(items))) => Ok(items),
        Some(_) => {
            Err(Error::Invalid(format!("what is stored under `{}` is not a list", key.chars().take(60).collect::<String>())))
        }
    }
}
