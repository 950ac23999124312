//! A grant that cannot be read.

/// Says which text is wrong and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GrantError {
    pub message: String,
    pub hint: Option<String>,
}

impl GrantError {
    /// Stable, for programs.
    pub const CODE: &'static str = "grant.syntax";

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
