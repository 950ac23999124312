//! JSON text as the machine handles it: accepted once at its edge, joined, cut into slices, never changed.

use super::Text;
use loomwork_types::{Fault, Limits, scan, writer};

/// Text from the host, if it is JSON. How long it may be is the host's to say: it is here already.
pub(super) fn accept(bytes: Vec<u8>) -> Result<Text, Fault> {
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    match scan(&bytes, &limits) {
        Ok(text) => Ok(text.into()),
        Err(mismatch) => Err(Fault::new(mismatch.code, mismatch.sentence().into_owned())),
    }
}

/// A list of JSON texts.
pub(super) fn join_list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::from("[");
    for item in items {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(item);
    }
    out.push(']');
    out
}

/// `{code, message, data}`, as `nodes.x.error` is.
pub(super) fn write_fault(fault: &Fault, out: &mut String) {
    out.push_str("{\"code\":");
    writer::string(&fault.code, out);
    out.push_str(",\"message\":");
    writer::string(&fault.message, out);
    out.push_str(",\"data\":");
    out.push_str(fault.data.as_deref().unwrap_or("null"));
    out.push('}');
}

/// The slice of `text` at a path of field names joined by dots. None if it is not there, or is written with escapes.
pub(super) fn slice<'a>(text: &'a str, path: &str) -> Option<&'a str> {
    let mut text = text.trim_matches([' ', '\t', '\n', '\r']);
    for field in path.split('.').filter(|field| !field.is_empty()) {
        text = member(text, field)?;
    }
    Some(text)
}

/// The member of an object. The text is known to be JSON.
fn member<'a>(object: &'a str, field: &str) -> Option<&'a str> {
    let bytes = object.as_bytes();
    let mut at = space(bytes, 1);
    if bytes.first() != Some(&b'{') {
        return None;
    }
    while bytes.get(at) == Some(&b'"') {
        let key_end = string(bytes, at);
        let value = space(bytes, space(bytes, key_end) + 1);
        let value_end = skip(bytes, value);
        if object.get(at + 1..key_end - 1)? == field {
            return object.get(value..value_end);
        }
        at = space(bytes, space(bytes, value_end) + 1);
    }
    None
}

/// Where the value that starts at `at` ends.
fn skip(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => string(bytes, at),
        Some(b'{' | b'[') => nested(bytes, at),
        _ => bytes.len().min(at + bytes[at.min(bytes.len())..].iter().take_while(|byte| !is_delimiter(**byte)).count()),
    }
}

fn nested(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::slice;

    #[test]
    fn slices_are_found_by_path() {
        let text = r#" {"a" : [1, {"b": 2}], "c": {"d": "x\"}", "e": -1.5e3 } } "#;
        assert_eq!(slice(text, "a"), Some(r#"[1, {"b": 2}]"#));
        assert_eq!(slice(text, "c.d"), Some(r#""x\"}""#));
        assert_eq!(slice(text, "c.e"), Some("-1.5e3"));
        assert_eq!(slice(text, ""), Some(text.trim()));
        assert_eq!(slice(text, "c.f"), None);
        assert_eq!(slice(text, "a.b"), None);
    }

    #[test]
    fn what_is_no_json_gives_no_panic() {
        for text in ["", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":[", "{\"a\":\"\\", "}", "{\"a\":1", "\"é"] {
            slice(text, "a");
        }
    }
}
