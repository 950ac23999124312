//! Why an expression has no value.

use crate::Value;
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

    /// A number left the range of its type.
    pub fn overflow(ty: &'static str) -> Self {
        let message = match ty {
            "int" => "the result does not fit in an int",
            "uint" => "the result does not fit in a uint",
            "timestamp" => "the result is not between the years 1 and 9999",
            _ => "the result does not fit in a duration",
        };
        Self::new("expr.overflow", message)
    }

    pub fn divide_by_zero() -> Self {
        Self::new("expr.divide_by_zero", "division by zero")
    }

    /// `what` (an operator or a function) cannot take operands of these types.
    pub fn no_overload(what: &str, operands: &[&Value]) -> Self {
        let types: Vec<_> = operands.iter().map(|value| value.type_name()).collect();
        Self::new("expr.no_overload", format!("{what} cannot take ({})", types.join(", ")))
    }

    pub fn no_such_key(key: &str) -> Self {
        let shown: String = key.chars().take(60).collect();
        Self::new("expr.no_such_key", format!("no such key: {shown}"))
    }

    /// An argument has the right type and a value that cannot be used.
    pub fn argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("expr.argument", message)
    }

    /// A text or number that cannot become the type asked for.
    pub fn conversion(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("expr.conversion", message)
    }
}

impl std::fmt::Display for EvalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
