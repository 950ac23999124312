//! From whom a request is: signatures of webhooks, and tokens.
//!
//! All comparing takes the same time for right and wrong, every secret is tried whether one before it fitted or not, and no refusal says
//! more than which header was wrong in which way.

mod github;
mod refusal;
mod standard;
mod stripe;
mod token;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
pub use refusal::Refusal;
use sha2::{Digest, Sha256};

/// How far a signed time may be from now, in milliseconds, before and after: five minutes, as all three schemes advise.
pub const WINDOW: i64 = 5 * 60 * 1000;
/// So many signatures of one request are looked at.
const MAX_SIGNATURES: usize = 16;
/// Bytes of a header that is read.
const MAX_HEADER: usize = 4096;

/// How callers of a trigger show who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`: <https://www.standardwebhooks.com>. Secrets are `whsec_` and base64.
    StandardWebhooks,
    /// `X-Hub-Signature-256`.
    GitHub,
    /// `Stripe-Signature: t=…,v1=…`.
    Stripe,
    /// `Authorization: Bearer <token>`.
    Bearer,
    /// The token as the whole value of a header of this name.
    Header(String),
}

/// What of a request is signed, or says who signed it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub headers: &'a HeaderMap,
    /// The very bytes that came.
    pub body: &'a [u8],
}

/// A request that is from whom it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Which of the secrets fitted, so that an old one can be retired when it no longer does.
    pub secret: usize,
    /// What a replay of this very message would have again, though it were signed anew with another secret: remember it for twice
    /// [`WINDOW`] to do nothing twice. None for tokens.
    pub replay: Option<String>,
}

/// Checks a request. `secrets` are those that may sign now: two of them while one is replaced by the other. `now` is in milliseconds
/// since the epoch.
pub fn verify(scheme: &Scheme, secrets: &[&str], request: &Request<'_>, now: i64) -> Result<Verified, Refusal> {
    if secrets.iter().all(|secret| secret.is_empty()) {
        return Err(Refusal::Secret("there is none"));
    }
    match scheme {
        Scheme::StandardWebhooks => standard::verify(secrets, request, now),
        Scheme::GitHub => github::verify(secrets, request),
        Scheme::Stripe => stripe::verify(secrets, request, now),
        Scheme::Bearer => token::verify(secrets, "authorization", &token::bearer(request)?),
        Scheme::Header(name) => token::verify(secrets, name, &only_header(request, name)?),
    }
}

/// The one value of a header.
fn only_header(request: &Request<'_>, name: &str) -> Result<String, Refusal> {
    let mut values = request.headers.get_all(name).iter();
    let value = values.next().ok_or_else(|| Refusal::Missing(name.to_owned()))?;
    let text = value.to_str().ok().filter(|text| text.len() <= MAX_HEADER && values.next().is_none());
    text.map(|text| text.trim().to_owned()).ok_or_else(|| Refusal::Malformed(name.to_owned()))
}

/// A time in seconds, as text, that is near enough to now.
fn fresh(seconds: &str, header: &str, now: i64) -> Result<(), Refusal> {
    let digits = (1..=12).contains(&seconds.len()) && seconds.bytes().all(|byte| byte.is_ascii_digit());
    let signed: i64 = seconds.parse().ok().filter(|_| digits).ok_or_else(|| Refusal::Malformed(header.to_owned()))?;
    let age = now.saturating_sub(signed * 1000);
    match age {
        _ if age > WINDOW => Err(Refusal::Stale),
        _ if age < -WINDOW => Err(Refusal::Early),
        _ => Ok(()),
    }
}

/// Which key made one of the signatures of a message given in parts. Tries every pair.
fn find_signer(keys: &[Option<Vec<u8>>], message: &[&[u8]], signatures: &[Vec<u8>]) -> Option<usize> {
    let mut found = None;
    for (ix, key) in keys.iter().enumerate() {
        let Some(key) = key else { continue };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { continue };
        message.iter().for_each(|part| mac.update(part));
        for signature in signatures {
            let fits = mac.clone().verify_slice(signature).is_ok();
            found = found.or(fits.then_some(ix));
        }
    }
    found
}

/// What names a message whoever signed it, and however often: its own digest in hex.
fn name_of(message: &[&[u8]]) -> String {
    let digest = message.iter().fold(Sha256::new(), |digest, part| digest.chain_update(part)).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Secrets whose bytes are the key, as they are.
fn plain_keys(secrets: &[&str]) -> Vec<Option<Vec<u8>>> {
    secrets.iter().map(|secret| (!secret.is_empty()).then(|| secret.as_bytes().to_vec())).collect()
}

/// Bytes of a text in hex; none if it is not 64 digits, which is what SHA-256 gives.
fn hex_digest(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    digits.chunks_exact(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok()).collect()
}
