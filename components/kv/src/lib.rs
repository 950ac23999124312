//! The key-value node: `loom:kv/kv`, JSON values on the host's `loom:host/kv`.

mod atomic;
mod value;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "../../wit/host", "wit"], world: "loom:kv/node", generate_all });

use exports::loom::kv::kv::{Entry, Error, Guest};
use loom::host::kv as host;

const DEFAULT_LIMIT: u32 = 100;

struct Node;
export!(Node);

impl Guest for Node {
    fn get(store: String, key: String, fallback: Option<String>) -> Result<String, Error> {
        match host::get(&store, &key).map_err(refused)? {
            Some(bytes) => value::read(&key, bytes),
            None => Ok(fallback.unwrap_or_else(|| "null".to_owned())),
        }
    }
    fn has(store: String, key: String) -> Result<bool, Error> {
        Ok(host::get(&store, &key).map_err(refused)?.is_some())
    }
    fn set(store: String, key: String, value: String) -> Result<(), Error> {
        host::set(&store, &key, value.as_bytes()).map_err(refused)
    }
    fn delete(store: String, key: String) -> Result<bool, Error> {
        host::delete(&store, &key).map_err(refused)
    }
    fn keys(store: String, prefix: Option<String>, after: Option<String>, limit: Option<u32>) -> Result<Vec<String>, Error> {
        keys(&store, prefix, after, limit)
    }
    fn entries(store: String, prefix: Option<String>, after: Option<String>, limit: Option<u32>) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for key in keys(&store, prefix, after, limit)? {
            // A key that another run has removed meanwhile is left out.
            if let Some(bytes) = host::get(&store, &key).map_err(refused)? {
                entries.push(Entry { value: value::read(&key, bytes)?, key });
            }
        }
        Ok(entries)
    }
    fn increment(store: String, key: String, by: Option<i64>) -> Result<i64, Error> {
        host::increment(&store, &key, by.unwrap_or(1)).map_err(refused)
    }
    fn swap(store: String, key: String, expected: Option<String>, value: String) -> Result<bool, Error> {
        atomic::swap(&store, &key, expected.as_deref(), &value)
    }
    fn append(store: String, key: String, item: String, limit: Option<u32>) -> Result<u32, Error> {
        atomic::append(&store, &key, &item, limit)
    }
}

fn keys(store: &str, prefix: Option<String>, after: Option<String>, limit: Option<u32>) -> Result<Vec<String>, Error> {
    host::keys(store, &prefix.unwrap_or_default(), after.as_deref(), limit.unwrap_or(DEFAULT_LIMIT)).map_err(refused)
}

fn refused(error: host::Error) -> Error {
    match error {
        host::Error::Denied(message) => Error::Denied(message),
        host::Error::Invalid(message) => Error::Invalid(message),
        host::Error::TooLarge(message) => Error::TooLarge(message),
        host::Error::Unavailable(message) => Error::Unavailable(message),
    }
}
