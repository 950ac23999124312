//! One station of an exchange: what is asked of whom, and where an answer sends us next.

use super::headers::{self, Header};
use super::{HttpError, Request};
use crate::grants::Target;
use crate::secret::has_placeholder;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use url::{Host, Url};

const MAX_URL: usize = 8 << 10;

/// A request to one address, still with placeholders.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub(super) method: Method,
    pub(super) url: Url,
    /// Whether the address is the guest's own. A placeholder in a redirect's address was put there by somebody else.
    pub(super) own_url: bool,
    pub(super) target: Target,
    pub(super) headers: Vec<Header>,
    pub(super) body: Bytes,
}

impl Hop {
    pub(super) fn first(request: Request) -> Result<Self, HttpError> {
        let method = method(&request.method)?;
        let (url, target) = parse(&request.url, None)?;
        Ok(Self { method, url, own_url: true, target, headers: headers::checked(request.headers)?, body: request.body.into() })
    }

    /// Tells services that know such keys that a repeated call is the same one. Each request of a call has a key of its own.
    pub(super) fn once(&mut self, key: &str, request: u32) {
        let repeatable = !matches!(self.method, Method::POST | Method::PATCH);
        if repeatable || self.headers.iter().any(|header| header.name.as_str() == "idempotency-key") {
            return;
        }
        let value = if request == 0 { key.to_owned() } else { format!("{key}/{request}") };
        if HeaderValue::from_str(&value).is_ok() {
            self.headers.push(Header { name: HeaderName::from_static("idempotency-key"), value });
        }
    }

    /// Places the request in the trace of the step that makes it, unless it says itself where it belongs.
    pub(super) fn traced(&mut self, place: &str) {
        let named = self.headers.iter().any(|header| header.name.as_str() == "traceparent");
        if !named && HeaderValue::from_str(place).is_ok() {
            self.headers.push(Header { name: HeaderName::from_static("traceparent"), value: place.to_owned() });
        }
    }

    /// Where an answer points, if it is a redirect that can be followed.
    pub(super) fn after(&self, status: StatusCode, location: Option<&str>) -> Result<Option<Self>, HttpError> {
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let Some(location) = location else {
            return Ok(None);
        };
        let (url, target) = parse(location, Some(&self.url))?;
        let mut next = Self { url, own_url: false, target, ..self.clone() };
        if becomes_get(status, &self.method) {
            next.method = Method::GET;
            next.body = Bytes::new();
            next.headers.retain(|header| !header.name.as_str().starts_with("content-"));
        }
        if next.target != self.target {
            next.headers.retain(headers::travels);
            next.headers.retain(|header| !has_placeholder(header.value.as_bytes()));
        }
        Ok(Some(next))
    }
}

fn becomes_get(status: StatusCode, method: &Method) -> bool {
    match status.as_u16() {
        303 => method != Method::HEAD,
        301 | 302 => method == Method::POST,
        _ => false,
    }
}

fn method(text: &str) -> Result<Method, HttpError> {
    let upper = text.to_ascii_uppercase();
    let refused = upper.len() > 32 || matches!(upper.as_str(), "CONNECT" | "TRACE");
    match Method::from_bytes(upper.as_bytes()) {
        Ok(method) if !refused => Ok(method),
        _ => {
            let shown: String = text.chars().take(32).collect();
            Err(HttpError::Invalid(format!("`{}` is not a method that can be used", shown.escape_debug())))
        }
    }
}

/// Reads an address, in a redirect relative to the one before. The parser turns decimal, octal and hexadecimal hosts into
/// addresses and names into lower case, so that what is judged is what is connected to.
fn parse(text: &str, base: Option<&Url>) -> Result<(Url, Target), HttpError> {
    if text.len() > MAX_URL {
        return Err(HttpError::TooLarge(format!("the address is longer than {} KiB", MAX_URL >> 10)));
    }
    let whose = if base.is_some() { "the redirect's address" } else { "the address" };
    let mut url = Url::options()
        .base_url(base)
        .parse(text)
        .map_err(|error| HttpError::Invalid(format!("{whose} is not valid: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(HttpError::Denied(format!("{whose} has the scheme `{}`; only http and https are sent", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(HttpError::Invalid(format!(
            "{whose} has a user or password; use an authorization header with a secret instead"
        )));
    }
    url.set_fragment(None);
    without_final_dot(&mut url)?;
    let target = Target::of(&url).ok_or_else(|| HttpError::Invalid(format!("{whose} has no host")))?;
    Ok((url, target))
}

/// `example.com.` is `example.com` to grants, certificates and servers. Other empty labels are no name at all.
fn without_final_dot(url: &mut Url) -> Result<(), HttpError> {
    let invalid = || HttpError::Invalid("the address has no valid host".to_owned());
    let Some(Host::Domain(given)) = url.host() else {
        return Ok(());
    };
    let name = given.strip_suffix('.').unwrap_or(given);
    if name.split('.').any(str::is_empty) {
        return Err(invalid());
    }
    if name == given {
        return Ok(());
    }
    let name = name.to_owned();
    url.set_host(Some(&name)).map_err(|_| invalid())
}
