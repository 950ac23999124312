//! Puts secrets where placeholders stand, encoded as the place demands.

use super::placeholder::{self, Placeholder};
use super::{Secret, SecretError, Secrets};
use crate::grants::{Places, Target};
use crate::scope::Scope;
use base64::Engine as _;
use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Url,
    Header,
    Body,
}

impl Place {
    pub(crate) fn of(self, places: Places) -> bool {
        match self {
            Place::Url => places.url,
            Place::Header => places.header,
            Place::Body => places.body,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Url => "address",
            Place::Header => "headers",
            Place::Body => "body",
        })
    }
}

/// How a value is written so that it stays one value where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    Plain,
    Percent,
    Json,
}

/// Fills placeholders for one request to one target.
pub(crate) struct Filler<'a> {
    pub(crate) secrets: &'a Secrets,
    pub(crate) scope: &'a Scope,
    pub(crate) target: &'a Target,
}

impl Filler<'_> {
    /// The text with secrets in it; borrowed if it has no placeholder.
    pub(crate) async fn fill<'t>(&self, bytes: &'t [u8], place: Place, fill: Fill) -> Result<Cow<'t, [u8]>, SecretError> {
        let placeholders = placeholder::find(bytes);
        if placeholders.is_empty() {
            return Ok(Cow::Borrowed(bytes));
        }
        let mut filled = Vec::with_capacity(bytes.len() + 256);
        let mut at = 0;
        for placeholder in placeholders {
            filled.extend_from_slice(&bytes[at..placeholder.span.start]);
            at = placeholder.span.end;
            let secret = self.secrets.open_for(self.scope, &placeholder.name, self.target, place).await?;
            filled.extend_from_slice(value(&placeholder, &secret, fill).as_bytes());
        }
        filled.extend_from_slice(&bytes[at..]);
        Ok(Cow::Owned(filled))
    }
}

fn value(placeholder: &Placeholder, secret: &Secret, fill: Fill) -> Zeroizing<String> {
    let value = match &placeholder.basic_user {
        None => Zeroizing::new(secret.value().to_owned()),
        Some(user) => {
            let pair = Zeroizing::new(format!("{user}:{}", secret.value()));
            Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(pair.as_bytes()))
        }
    };
    Zeroizing::new(match fill {
        Fill::Plain => value.to_string(),
        Fill::Percent => percent_encode(&value),
        Fill::Json => {
            let quoted = Zeroizing::new(serde_json::to_string(value.as_str()).expect("text is always JSON"));
            quoted[1..quoted.len() - 1].to_owned()
        }
    })
}

/// Everything but unreserved characters (RFC 3986) as `%XX`: right in a path, a query and a form.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string does not fail");
        }
    }
    encoded
}
