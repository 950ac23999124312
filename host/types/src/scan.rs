//! The guard at the edge: bytes from outside become text that is known to be JSON, once, before anything else reads them.

use crate::mismatch::{Answer, Mismatch};
use crate::reader::Reader;
use crate::{MAX_DEPTH, Mismatch as Refused};
use std::borrow::Cow;

/// What [`scan`] lets through.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Length in bytes.
    pub bytes: usize,
    /// Lists and objects inside each other; at most [`MAX_DEPTH`].
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 << 20, depth: MAX_DEPTH }
    }
}

/// Answers with the same bytes as text, if they are one JSON text: UTF-8, within the limits, no key twice in one object. Costs
/// one pass and builds nothing. Codes: `json.too_large`, `json.utf8`, `json.syntax`, `json.depth`, `json.duplicate_key`.
pub fn scan<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, Refused> {
    check(bytes, limits).map_err(|mismatch| *mismatch)
}

fn check<'a>(bytes: &'a [u8], limits: &Limits) -> Answer<&'a str> {
    if bytes.len() > limits.bytes {
        return Err(Mismatch::new("json.too_large", limits.bytes, "the JSON text is too large"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Mismatch::new("json.utf8", error.valid_up_to(), "the JSON text is not UTF-8"))?;
    let mut reader = Reader::new(text).no_deeper_than(limits.depth);
    skip(&mut reader)?;
    reader.end()?;
    Ok(text)
}

fn skip(reader: &mut Reader<'_>) -> Answer<()> {
    match reader.peek() {
        b'n' => reader.word("null"),
        b't' => reader.word("true"),
        b'f' => reader.word("false"),
        b'"' => reader.string().map(drop),
        b'[' => list(reader),
        b'{' => object(reader),
        _ => reader.number().map(drop),
    }
}

fn list(reader: &mut Reader<'_>) -> Answer<()> {
    let mut more = reader.open(b']')?;
    let mut index = 0;
    while more {
        skip(reader).map_err(|mismatch| mismatch.in_element(index))?;
        index += 1;
        more = reader.another(b']')?;
    }
    Ok(())
}

fn object(reader: &mut Reader<'_>) -> Answer<()> {
    let mut keys: Vec<Cow<'_, str>> = Vec::new();
    let mut more = reader.open(b'}')?;
    while more {
        let key = reader.key()?;
        skip(reader).map_err(|mismatch| mismatch.in_field(&key))?;
        keys.push(key);
        more = reader.another(b'}')?;
    }
    loomwork_value::order::sort(&mut keys, Ord::cmp);
    let twice = keys.windows(2).find(|pair| pair[0] == pair[1]);
    twice.map_or(Ok(()), |pair| Err(crate::decode::duplicate(&pair[0], reader.offset())))
}
