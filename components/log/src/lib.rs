//! The log node: `loom:log/log` on the host's `loom:host/log`.

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "../../wit/host", "wit"], world: "loom:log/node", generate_all });

use exports::loom::log::log::{Failure, Guest, Level};
use loom::host::log as host;
use serde_json::Value;

const MAX_BYTES: usize = 64 << 10;

struct Node;
export!(Node);

impl Guest for Node {
    fn write(message: String, level: Option<Level>, fields: Option<String>) -> Result<(), Failure> {
        let fields = object(fields.unwrap_or_default())?;
        if message.len() > MAX_BYTES || fields.len() > MAX_BYTES {
            return Err(Failure::TooLarge(format!("a message and its fields have at most {MAX_BYTES} bytes each")));
        }
        host::write(host_level(level.unwrap_or(Level::Info)), &message, &fields);
        Ok(())
    }
}

/// The fields as the host takes them: an object, or empty text.
fn object(text: String) -> Result<String, Failure> {
    match serde_json::from_str(&text) {
        _ if text.is_empty() => Ok(text),
        Ok(Value::Object(_)) => Ok(text),
        Ok(Value::Null) => Ok(String::new()),
        _ => Err(Failure::Invalid("`fields` has to be an object".into())),
    }
}

fn host_level(level: Level) -> host::Level {
    match level {
        Level::Debug => host::Level::Debug,
        Level::Info => host::Level::Info,
        Level::Warn => host::Level::Warn,
        Level::Error => host::Level::Error,
    }
}
