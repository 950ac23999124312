//! Standard Webhooks: `v1,` and the base64 digest of `id.timestamp.body`, several of them with spaces between.

use super::{MAX_SIGNATURES, Refusal, Request, Verified, find_signer, fresh, only_header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";

pub(super) fn verify(secrets: &[&str], request: &Request<'_>, now: i64) -> Result<Verified, Refusal> {
    let id = only_header(request, ID)?;
    let timestamp = only_header(request, TIMESTAMP)?;
    let signatures = signatures(&only_header(request, SIGNATURE)?);
    if id.is_empty() || id.len() > 256 {
        return Err(Refusal::Malformed(ID.to_owned()));
    }
    if signatures.is_empty() {
        return Err(Refusal::Malformed(SIGNATURE.to_owned()));
    }
    fresh(&timestamp, TIMESTAMP, now)?;
    let keys: Vec<Option<Vec<u8>>> = secrets.iter().map(|secret| key(secret)).collect();
    if keys.iter().all(Option::is_none) {
        return Err(Refusal::Secret("it is not `whsec_` and base64"));
    }
    let message: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", request.body];
    match find_signer(&keys, &message, &signatures) {
        Some(secret) => Ok(Verified { secret, replay: Some(id) }),
        None => Err(Refusal::Mismatch),
    }
}

/// Digests of version 1; other versions (`v1a` is Ed25519) are not for this secret.
fn signatures(header: &str) -> Vec<Vec<u8>> {
    let digests = header.split_ascii_whitespace().filter_map(|part| part.strip_prefix("v1,"));
    digests.filter_map(|digest| STANDARD.decode(digest).ok()).take(MAX_SIGNATURES).collect()
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let text = secret.strip_prefix("whsec_").unwrap_or(secret);
    STANDARD.decode(text).ok().filter(|key| !key.is_empty())
}
