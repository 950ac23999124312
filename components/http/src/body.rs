//! Bodies: what a flow gives as bytes, and bytes as what a flow reads.

use crate::{Body, Encoding, Error, Pair, host};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::form_urlencoded::Serializer;

const NULL: &str = "null";

/// The body and its content type.
pub fn encode(body: Body) -> Result<(&'static str, host::Body), Error> {
    Ok(match body {
        Body::Json(json) => ("application/json", host::Body::Text(json)),
        Body::Form(fields) => ("application/x-www-form-urlencoded", host::Body::Text(form(&fields))),
        Body::Text(text) => ("text/plain; charset=utf-8", host::Body::Text(text)),
        Body::Base64(text) => {
            let bytes =
                STANDARD.decode(text.trim()).map_err(|error| Error::Invalid(format!("the body is not base64: {error}")))?;
            ("application/octet-stream", host::Body::Bytes(bytes))
        }
    })
}

pub fn form(fields: &[Pair]) -> String {
    Serializer::new(String::new()).extend_pairs(fields.iter().map(|field| (&field.name, &field.value))).finish()
}

/// JSON text of the body: its value, its text or its base64. What claims to be JSON and is not is given as text.
pub fn decode(media_type: &str, bytes: Vec<u8>) -> (Encoding, String) {
    if bytes.is_empty() {
        return (Encoding::None, NULL.to_owned());
    }
    match text(bytes) {
        Ok(text) => match is_json(media_type).then(|| serde_json::from_str::<Value>(&text)) {
            Some(Ok(value)) => (Encoding::Json, value.to_string()),
            _ => (Encoding::Text, Value::from(text).to_string()),
        },
        Err(bytes) => (Encoding::Base64, Value::from(STANDARD.encode(bytes)).to_string()),
    }
}

/// UTF-8 text without a byte order mark, or the bytes back.
pub fn text(bytes: Vec<u8>) -> Result<String, Vec<u8>> {
    let text = String::from_utf8(bytes).map_err(|error| error.into_bytes())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json") || media_type == "text/json"
}
