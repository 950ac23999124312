//! How large a value would be if it were written out. Parts that are shared in memory are written as often as they occur, so
//! a small value can be endlessly large on paper.

use crate::meter::check_depth;
use crate::{EvalError, Value};

/// The most bytes, about, that a value may have when it is written out.
pub const MAX_WEIGHT: u64 = 256 << 20;

/// Fails with `limit.size` if the value would be too large to write, and with `limit.depth` if it nests too deep. Stops
/// walking as soon as it knows.
pub fn weigh(value: &Value) -> Result<(), EvalError> {
    let mut room = MAX_WEIGHT;
    walk(value, &mut room, 0)
}

fn walk(value: &Value, room: &mut u64, depth: usize) -> Result<(), EvalError> {
    let own = match value {
        Value::String(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 0,
    };
    *room =
        room.checked_sub(own as u64 + 16).ok_or_else(|| EvalError::new("limit.size", "a value too large to be written out"))?;
    check_depth(depth)?;
    match value {
        Value::List(elements) => elements.iter().try_for_each(|element| walk(element, room, depth + 1)),
        Value::Map(map) => map.entries.iter().try_for_each(|(key, value)| {
            let key = if let crate::Key::String(text) = key { text.len() } else { 0 };
            *room = room.saturating_sub(key as u64);
            walk(value, room, depth + 1)
        }),
        Value::Optional(Some(inner)) => walk(inner, room, depth + 1),
        _ => Ok(()),
    }
}
