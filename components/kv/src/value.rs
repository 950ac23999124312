//! Stored bytes as JSON. What another component stored may be something else.

use crate::Error;
use serde_json::Value;

pub fn read(key: &str, bytes: Vec<u8>) -> Result<String, Error> {
    let text = String::from_utf8(bytes).map_err(|_| other(key))?;
    parse(key, &text)?;
    Ok(text)
}

pub fn parse(key: &str, text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|_| other(key))
}

fn other(key: &str) -> Error {
    Error::Invalid(format!("what is stored under `{}` is not JSON", key.chars().take(60).collect::<String>()))
}
