//! A request's body by its content type and by what the flow's input is.

use super::fields::{Fields, query_fields};
use super::{Incoming, without_option};
use crate::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode, header};
use loomwork_types::{Type, writer};

/// What a body says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    Unsaid,
    Json,
    Form,
    Text,
    Other,
}

/// A body, as far as it has to be understood before the flow's type reads it.
pub(super) enum Body<'a> {
    Absent,
    /// Text that should be JSON.
    Json(&'a str),
    /// JSON text of a value that is no object.
    Value(String),
    Form(Fields),
}

impl<'a> Body<'a> {
    /// Reads the body for an input of this type.
    pub fn read(request: &Incoming<'a>, ty: &Type) -> Result<Self, Problem> {
        let (bytes, media, ty) = (request.body, media(request.headers), without_option(ty));
        match media {
            _ if bytes.is_empty() => Ok(Body::Absent),
            Media::Json => Ok(Body::Json(text(bytes)?)),
            _ if ty.is_bytes() => Ok(Body::Value(base64(bytes))),
            Media::Unsaid => Ok(Body::Json(text(bytes)?)),
            // `curl -d` calls whatever it sends a form.
            Media::Form if looks_like_json(bytes) => Ok(Body::Json(text(bytes)?)),
            Media::Form | Media::Text if *ty == Type::String => Ok(Body::Value(json_string(text(bytes)?))),
            Media::Form => form(bytes).map(Body::Form),
            Media::Text if *ty == Type::Json => Ok(Body::Value(json_string(text(bytes)?))),
            Media::Text => Ok(Body::Json(text(bytes)?)),
            Media::Other => Err(unsupported(request.headers)),
        }
    }
}

pub(super) fn media(headers: &HeaderMap) -> Media {
    match said(headers).as_str() {
        "" => Media::Unsaid,
        "application/json" => Media::Json,
        "application/x-www-form-urlencoded" => Media::Form,
        "application/xml" | "application/javascript" => Media::Text,
        other if other.ends_with("+json") => Media::Json,
        other if other.starts_with("text/") || other.ends_with("+xml") => Media::Text,
        _ => Media::Other,
    }
}

/// The content type without its parameters, in small letters; empty if there is none.
fn said(headers: &HeaderMap) -> String {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(super) fn looks_like_json(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

pub(super) fn form(bytes: &[u8]) -> Result<Fields, Problem> {
    Ok(Fields::of(query_fields(text(bytes)?)?))
}

pub(super) fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let problem = |_| Problem::new(StatusCode::BAD_REQUEST, "json.utf8", "the body is not UTF-8 text");
    std::str::from_utf8(bytes).map_err(problem)
}

pub(super) fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    writer::string(text, &mut out);
    out
}

/// Bytes as JSON has them.
pub(super) fn base64(bytes: &[u8]) -> String {
    json_string(&STANDARD.encode(bytes))
}

fn unsupported(headers: &HeaderMap) -> Problem {
    let said: String = said(headers).chars().take(80).collect();
    let message = format!("this flow takes JSON, a form or text, not {said}");
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "http.media_type", message)
        .hint("A flow takes any bytes whose input is `list<u8>`, or whose trigger has `\"input\": \"request\"` and reads `raw`.")
}
