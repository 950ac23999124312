//! What is wrong with a schedule or a zone, where, and how to mend it.

use loomwork_diagnostic::{Diagnostic, Span};

/// A schedule that cannot be one. The span counts bytes of the schedule's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScheduleError {
    pub span: Span,
    pub message: String,
    pub hint: String,
}

impl ScheduleError {
    /// Stable, for programs.
    pub const CODE: &'static str = "flow.bad_schedule";

    pub(super) fn new(span: Span, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: hint.into() }
    }

    /// The same in the words of the checker; `at` is where the schedule's text begins.
    pub fn diagnostic(&self, at: usize) -> Diagnostic {
        Diagnostic::error(Self::CODE, self.span.shifted(at), self.message.clone()).hint(self.hint.clone())
    }
}

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a time zone")]
pub struct ZoneError {
    /// The name, shortened.
    pub name: String,
}

impl ZoneError {
    pub const CODE: &'static str = "flow.bad_schedule";
}

/// A piece of what was written, short enough to show.
pub(super) fn brief(text: &str) -> String {
    match text.char_indices().nth(32) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
