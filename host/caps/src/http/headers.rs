//! Which headers a guest may set, which travel to another origin, and how they are handed back.

use super::HttpError;
use crate::redact::Redactor;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers of a request or an answer.
pub(super) const MAX_COUNT: usize = 100;
/// Bytes of all names and values together.
pub(super) const MAX_BYTES: usize = 64 << 10;

/// Set by the host, or meant for the next machine only.
const RESERVED: &[&str] = &[
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "proxy-authenticate",
    "te",
    "trailer",
    "upgrade",
    "http2-settings",
    "expect",
];

/// What follows a redirect to another origin. A list of what may, because any header can carry a credential.
const TRAVELS: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "range",
    "user-agent",
];

/// A header as the guest gave it: its name checked, its value still with placeholders.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) name: HeaderName,
    pub(super) value: String,
}

pub(super) fn checked(headers: Vec<(String, String)>) -> Result<Vec<Header>, HttpError> {
    if headers.len() > MAX_COUNT {
        return Err(HttpError::TooLarge(format!("the request has more than {MAX_COUNT} headers")));
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > MAX_BYTES {
        return Err(HttpError::TooLarge(format!("the request's headers are larger than {} KiB", MAX_BYTES >> 10)));
    }
    headers.into_iter().map(|(name, value)| one(&name, value)).collect()
}

fn one(name: &str, value: String) -> Result<Header, HttpError> {
    let shown: String = name.chars().take(64).collect();
    let Ok(parsed) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(HttpError::Invalid(format!("`{}` is not a header name", shown.escape_debug())));
    };
    if RESERVED.contains(&parsed.as_str()) {
        return Err(HttpError::Invalid(format!("header `{parsed}` is set by the host")));
    }
    if HeaderValue::from_bytes(value.as_bytes()).is_err() {
        return Err(HttpError::Invalid(format!("the value of header `{parsed}` has a line break or control character")));
    }
    Ok(Header { name: parsed, value })
}

/// A value with its secrets filled in; marked so that no log prints it.
pub(super) fn value(name: &HeaderName, bytes: &[u8]) -> Result<HeaderValue, HttpError> {
    let mut value = HeaderValue::from_bytes(bytes)
        .map_err(|_| HttpError::Invalid(format!("a secret in header `{name}` has a line break or control character")))?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn travels(header: &Header) -> bool {
    TRAVELS.contains(&header.name.as_str())
}

/// The answer's headers as text, without secrets.
pub(super) fn handed_back(headers: &HeaderMap, redactor: &Redactor) -> Result<Vec<(String, String)>, HttpError> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > MAX_BYTES {
        return Err(HttpError::TooLarge(format!("the answer's headers are larger than {} KiB", MAX_BYTES >> 10)));
    }
    let text = |value: &HeaderValue| redactor.text(&String::from_utf8_lossy(value.as_bytes())).into_owned();
    Ok(headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect())
}
