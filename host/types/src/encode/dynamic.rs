//! Any value as JSON, without a type.

use super::{deeper, list, push, scalar};
use crate::decode::duplicate;
use crate::mismatch::{Answer, Mismatch};
use crate::writer;
use loomwork_value::{Key, Map, Value};

pub(super) fn write(value: &Value, out: &mut String, depth: usize) -> Answer<()> {
    match value {
        Value::Null | Value::Optional(None) => push(out, "null"),
        Value::Bool(true) => push(out, "true"),
        Value::Bool(false) => push(out, "false"),
        Value::Int(number) => {
            writer::signed(*number, out);
            Ok(())
        }
        Value::Uint(number) => {
            writer::unsigned(*number, out);
            Ok(())
        }
        Value::Double(number) if number.is_finite() => {
            writer::double(*number, out);
            Ok(())
        }
        Value::Double(_) => Err(Mismatch::new("type.range", 0, "NaN and the infinities have no JSON")
            .hint("Give the value a type such as `f64`, or write `string(…)` around it.")),
        Value::String(text) => {
            writer::string(text, out);
            Ok(())
        }
        Value::Bytes(bytes) => {
            scalar::base64(bytes, out);
            Ok(())
        }
        Value::List(elements) => {
            let depth = deeper(depth)?;
            list(elements, out, |element, _, out| write(element, out, depth))
        }
        Value::Map(map) => object(map, out, deeper(depth)?),
        Value::Timestamp(_) => scalar::datetime(value, out),
        Value::Duration(_) => scalar::duration(value, out),
        Value::Type(_) => Err(Mismatch::new("type.mismatch", 0, "a type has no JSON").hint("Write `string(…)` around it.")),
        Value::Optional(Some(inner)) => optional(inner, out, deeper(depth)?),
    }
}

/// An optional is its value; one that holds null or another optional stands in `{"some": …}`.
fn optional(inner: &Value, out: &mut String, depth: usize) -> Answer<()> {
    if !matches!(inner, Value::Null | Value::Optional(_)) {
        return write(inner, out, depth);
    }
    out.push_str("{\"some\":");
    write(inner, out, depth)?;
    push(out, "}")
}

fn object(map: &Map, out: &mut String, depth: usize) -> Answer<()> {
    let texts = map.entries.iter().all(|(key, _)| matches!(key, Key::String(_)));
    if !texts {
        refuse_equal_texts(map)?;
    }
    out.push('{');
    for (index, (key, value)) in map.entries.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let other;
        let name: &str = match key {
            Key::String(name) => name,
            key => {
                other = text(key);
                &other
            }
        };
        writer::string(name, out);
        out.push(':');
        write(value, out, depth).map_err(|mismatch| mismatch.in_field(name))?;
    }
    push(out, "}")
}

/// `{1: "a", "1": "b"}` has no JSON.
fn refuse_equal_texts(map: &Map) -> Answer<()> {
    let mut texts: Vec<String> = map.entries.iter().map(|(key, _)| text(key)).collect();
    loomwork_value::order::sort(&mut texts, Ord::cmp);
    let twice = texts.windows(2).find(|pair| pair[0] == pair[1]);
    twice.map_or(Ok(()), |pair| Err(duplicate(&pair[0], 0)))
}

fn text(key: &Key) -> String {
    let mut out = String::new();
    match key {
        Key::Bool(true) => out.push_str("true"),
        Key::Bool(false) => out.push_str("false"),
        Key::Int(number) => writer::signed(*number, &mut out),
        Key::Uint(number) => writer::unsigned(*number, &mut out),
        Key::String(text) => out.push_str(text),
    }
    out
}
