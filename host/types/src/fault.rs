//! Why something did not work, as flows, people and programs are told.

use std::borrow::Cow;

/// A failure with a stable code: `http.status`, `limit.time`, `expr.overflow`. What an `error` port carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: Cow<'static, str>,
    /// Lower case, without a full stop.
    pub message: String,
    /// JSON text.
    pub data: Option<String>,
}

impl Fault {
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), data: None }
    }

    pub fn data(mut self, json: impl Into<String>) -> Self {
        self.data = Some(json.into());
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}
