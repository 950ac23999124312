//! Tokens: the caller sends the secret itself. Digests are compared, so that not even its length shows in the time it takes.

use super::{MAX_HEADER, Refusal, Request, Verified};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// The token of `Authorization: Bearer <token>`.
pub(super) fn bearer(request: &Request<'_>) -> Result<String, Refusal> {
    const HEADER: &str = "authorization";
    let value = super::only_header(request, HEADER)?;
    let (scheme, token) = value.split_once(' ').unwrap_or((&value, ""));
    let token = token.trim();
    let fits = scheme.eq_ignore_ascii_case("bearer") && (1..=MAX_HEADER).contains(&token.len());
    if fits { Ok(token.to_owned()) } else { Err(Refusal::Malformed(HEADER.to_owned())) }
}

pub(super) fn verify(secrets: &[&str], header: &str, token: &str) -> Result<Verified, Refusal> {
    if token.is_empty() {
        return Err(Refusal::Malformed(header.to_owned()));
    }
    let given = Sha256::digest(token);
    let (mut found, mut which) = (Choice::from(0), 0u64);
    for (ix, secret) in secrets.iter().enumerate() {
        let usable = Choice::from(u8::from(!secret.is_empty()));
        let fits = Sha256::digest(secret).as_slice().ct_eq(given.as_slice()) & usable;
        which.conditional_assign(&(ix as u64), fits & !found);
        found |= fits;
    }
    if bool::from(found) { Ok(Verified { secret: which as usize, replay: None }) } else { Err(Refusal::Mismatch) }
}
