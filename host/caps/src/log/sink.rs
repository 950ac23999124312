//! Where the host keeps what guests log.

use loomwork_engine::{Context, Level};
use std::borrow::Cow;

/// Takes lines that are already bounded and redacted. Called from within a call; must not block.
pub trait LogSink: Send + Sync + 'static {
    /// `fields` is a JSON object, or empty.
    fn line(&self, context: &Context, level: Level, message: &str, fields: &str);
}

/// Hands lines to `tracing`, under the target `loomwork::guest`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TracingSink;

impl LogSink for TracingSink {
    fn line(&self, context: &Context, level: Level, message: &str, fields: &str) {
        let (project, run, node) = (&*context.project, &*context.run, &*context.node);
        let message = one_line(message);
        macro_rules! event {
            ($level:ident) => {
                tracing::event!(target: "loomwork::guest", tracing::Level::$level, project, run, node, step = context.step, fields, "{message}")
            };
        }
        match level {
            Level::Debug => event!(DEBUG),
            Level::Info => event!(INFO),
            Level::Warn => event!(WARN),
            Level::Error => event!(ERROR),
        }
    }
}

/// A guest must not be able to forge a line or steer a terminal.
fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().flat_map(|c| {
        let control = c.is_control() && c != '\t';
        let escape = control.then(|| c.escape_default());
        let plain = (!control).then_some(c);
        escape.into_iter().flatten().chain(plain)
    });
    Cow::Owned(escaped.collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(super::one_line("a\nERROR forged\x1b[31m\tü"), "a\\nERROR forged\\u{1b}[31m\tü");
    }
}
