//! base64, with or without padding when read.

use super::mismatch;
use crate::ops::Result;
use crate::{EvalError, Meter, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(super) fn encode(meter: &mut Meter, args: &[Value]) -> Result {
    let Value::Bytes(bytes) = &args[0] else { return Err(mismatch("base64.encode", args)) };
    meter.text(bytes.len().div_ceil(3) * 4)?;
    Ok(Value::from(STANDARD.encode(bytes)))
}

pub(super) fn decode(meter: &mut Meter, args: &[Value]) -> Result {
    let Value::String(text) = &args[0] else { return Err(mismatch("base64.decode", args)) };
    meter.text(text.len())?;
    let unpadded = text.trim_end_matches('=');
    let bytes = base64::engine::general_purpose::STANDARD_NO_PAD.decode(unpadded);
    bytes.map(Value::from).map_err(|_| EvalError::conversion("the text is not base64"))
}
