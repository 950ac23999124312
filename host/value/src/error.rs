//! Why an expression has no value.

use std::borrow::Cow;

/// A failed evaluation. `code` is stable (`expr.overflow`, `expr.no_such_key`, `limit.cost` …) and becomes the fault's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    pub code: &'static str,
    pub message: Cow<'static, str>,
}

impl EvalError {
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }
}

impl std::fmt::Display for EvalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
