//! The lines of one call: cut to size, counted, and cleaned of secrets.

use super::LogSink;
use crate::redact::Redactor;
use loomwork_engine::{Context, Level};
use std::borrow::Cow;
use std::sync::Arc;

const MAX_MESSAGE: usize = 8 << 10;
const MAX_FIELDS: usize = 16 << 10;
const MAX_LINES: u32 = 1_000;
/// Longer text is cut before it is searched for secrets; no form of a secret is longer.
const MAX_SEARCHED: usize = 256 << 10;

/// Writes the lines of one call.
pub struct Lines {
    sink: Arc<dyn LogSink>,
    redactor: Redactor,
    written: u32,
}

impl Lines {
    pub fn new(sink: Arc<dyn LogSink>, redactor: Redactor) -> Self {
        Self { sink, redactor, written: 0 }
    }

    /// Writes a line to the call's log, or to the host's if it has none. After 1 000 lines one notice is written, then nothing.
    pub fn write(&mut self, context: &Context, level: Level, message: &str, fields: &str) {
        if self.written > MAX_LINES {
            return;
        }
        self.written += 1;
        if self.written > MAX_LINES {
            let notice = format!("more than {MAX_LINES} lines in one call; the rest is dropped");
            return self.hand_on(context, Level::Warn, &notice, "");
        }
        let message = self.message(message);
        let fields = self.fields(fields);
        self.hand_on(context, level, &message, &fields);
    }

    fn hand_on(&self, context: &Context, level: Level, message: &str, fields: &str) {
        match &context.log {
            Some(log) => log.line(context, level, message, fields),
            None => self.sink.line(context, level, message, fields),
        }
    }

    fn message<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let clean = self.redactor.text(cut(text, MAX_SEARCHED));
        if clean.len() <= MAX_MESSAGE && text.len() <= MAX_SEARCHED {
            return clean;
        }
        Cow::Owned(format!("{}… ({} bytes)", cut(&clean, MAX_MESSAGE - 32), text.len()))
    }

    /// A JSON object, or one that says what was wrong with it.
    fn fields<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text.is_empty() {
            return Cow::Borrowed("");
        }
        if text.len() > MAX_FIELDS {
            return Cow::Owned(format!(r#"{{"dropped":"the fields have {} bytes; at most {MAX_FIELDS} are kept"}}"#, text.len()));
        }
        match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
            Ok(_) => self.redactor.text(text),
            Err(_) => Cow::Borrowed(r#"{"dropped":"the fields are not a JSON object"}"#),
        }
    }
}

/// The longest beginning of whole characters.
fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
