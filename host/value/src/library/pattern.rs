//! `matches`: regular expressions in linear time, of bounded size.

use super::mismatch;
use crate::ops::Result;
use crate::{Meter, Value};

/// Whether a text has a part that the pattern matches.
pub(super) fn matches(meter: &mut Meter, args: &[Value]) -> Result {
    let [Value::String(text), Value::String(pattern)] = args else { return Err(mismatch("matches", args)) };
    meter.text(text.len())?;
    search(meter, text, pattern)
}

#[cfg(feature = "regex")]
fn search(meter: &mut Meter, text: &str, pattern: &str) -> Result {
    const LONGEST_PATTERN: usize = 1000;
    use crate::EvalError;
    let wrong = |message: String| EvalError::new("expr.pattern", message);
    if pattern.len() > LONGEST_PATTERN {
        return Err(wrong(format!("a pattern of more than {LONGEST_PATTERN} bytes")));
    }
    // The search takes time in proportion to text × pattern.
    meter.charge((text.len() as u64 + 16) * (pattern.len() as u64 + 16) / 64)?;
    let pattern = regex_lite::RegexBuilder::new(pattern)
        .size_limit(256 << 10)
        .nest_limit(50)
        .build()
        .map_err(|error| wrong(format!("not a pattern: {error}")))?;
    Ok(Value::Bool(pattern.is_match(text)))
}

#[cfg(not(feature = "regex"))]
fn search(_: &mut Meter, _: &str, _: &str) -> Result {
    Err(crate::EvalError::new("expr.pattern", "this runtime has no patterns"))
}
