//! Writing a value as JSON: what a list or a map looks like inside text.

use crate::meter::check_depth;
use crate::{EvalError, MAX_TEXT, Meter, Value, ops, text};
use base64::Engine;

/// Writes a value as JSON. Bytes are base64, timestamps and durations text, keys text; NaN and the infinities fail.
pub fn write(meter: &mut Meter, value: &Value, out: &mut String) -> Result<(), EvalError> {
    write_at(meter, value, out, 0)
}

/// Writes a JSON text, in quotes.
pub fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn write_at(meter: &mut Meter, value: &Value, out: &mut String, depth: usize) -> Result<(), EvalError> {
    meter.charge(1)?;
    if out.len() > MAX_TEXT {
        return meter.text(out.len());
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Double(double) if !double.is_finite() => {
            return Err(EvalError::conversion("NaN and the infinities have no JSON"));
        }
        Value::Double(double) => out.push_str(&text::double(*double)),
        Value::String(text) => quoted(meter, text, out)?,
        Value::Bytes(bytes) => {
            meter.text(bytes.len() * 2)?;
            write_text(&base64::engine::general_purpose::STANDARD.encode(bytes), out);
        }
        Value::List(elements) => {
            check_depth(depth)?;
            separated(meter, out, ['[', ']'], elements.iter(), |meter, element, out| write_at(meter, element, out, depth + 1))?;
        }
        Value::Map(map) => {
            check_depth(depth)?;
            separated(meter, out, ['{', '}'], map.entries.iter(), |meter, (key, value), out| {
                quoted(meter, &key.to_text(), out)?;
                out.push(':');
                write_at(meter, value, out, depth + 1)
            })?;
        }
        Value::Timestamp(at) => write_text(&at.to_string(), out),
        Value::Duration(duration) => write_text(&duration.to_string(), out),
        Value::Bool(_) | Value::Int(_) | Value::Uint(_) => ops::display(meter, value, out)?,
        Value::Type(_) | Value::Optional(_) => {
            return Err(EvalError::conversion(format!("{} has no JSON", value.type_name())));
        }
    }
    Ok(())
}

fn quoted(meter: &mut Meter, text: &str, out: &mut String) -> Result<(), EvalError> {
    meter.text(text.len())?;
    write_text(text, out);
    Ok(())
}

/// Writes items between brackets, with commas.
fn separated<T>(
    meter: &mut Meter,
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Meter, T, &mut String) -> Result<(), EvalError>,
) -> Result<(), EvalError> {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(meter, item, out)?;
    }
    out.push(close);
    Ok(())
}
