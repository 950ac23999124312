//! Why a JSON text or a value is not of the type it should be, and where.

use crate::Fault;
use crate::writer;
use std::borrow::Cow;

/// A refused value. Codes: `json.syntax`, `json.depth`, `json.duplicate_key`, `json.too_large`, `json.utf8`, `type.mismatch`,
/// `type.missing_field`, `type.unknown_field`, `type.unknown_case`, `type.range`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub code: &'static str,
    /// Where, as a JSON path: `$.lines[2].sku`.
    pub path: String,
    /// Lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Byte offset into the JSON text; 0 when a value was being written.
    pub at: usize,
}

/// What the mapping's functions hand up; boxed, because values are small and mistakes rare.
pub(crate) type Answer<T> = Result<T, Box<Mismatch>>;

impl Mismatch {
    pub(crate) fn new(code: &'static str, at: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { code, path: String::from("$"), message: message.into(), hint: None, at })
    }

    pub(crate) fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hint = Some(hint.into());
        self
    }

    /// The same mistake, seen from the object that holds it under `key`.
    pub(crate) fn in_field(mut self: Box<Self>, key: &str) -> Box<Self> {
        let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain && !key.is_empty() {
            self.path.insert_str(1, &[".", clip(key)].concat());
        } else {
            let mut step = String::from("[");
            writer::string(clip(key), &mut step);
            step.push(']');
            self.path.insert_str(1, &step);
        }
        self
    }

    /// The same mistake, seen from the list that holds it.
    pub(crate) fn in_element(mut self: Box<Self>, index: usize) -> Box<Self> {
        let mut step = String::from("[");
        writer::unsigned(index as u64, &mut step);
        step.push(']');
        self.path.insert_str(1, &step);
        self
    }

    /// `message at $.path`, or only the message where the whole value is meant.
    pub fn sentence(&self) -> Cow<'_, str> {
        if self.path == "$" {
            return Cow::Borrowed(&self.message);
        }
        Cow::Owned([&self.message, " at ", &self.path].concat())
    }
}

/// The start of a text that may be long, for messages and paths.
pub(crate) fn clip(text: &str) -> &str {
    const MOST: usize = 64;
    if text.len() <= MOST {
        return text;
    }
    let end = (0..=MOST).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

/// The fault's `data` is `{"path": …, "hint": …}`.
impl From<Mismatch> for Fault {
    fn from(mismatch: Mismatch) -> Self {
        let mut data = String::from("{\"path\":");
        writer::string(&mismatch.path, &mut data);
        if let Some(hint) = &mismatch.hint {
            data.push_str(",\"hint\":");
            writer::string(hint, &mut data);
        }
        data.push('}');
        Fault::new(mismatch.code, mismatch.sentence().into_owned()).data(data)
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl std::error::Error for Mismatch {}
