//! Stripe: `t=<seconds>,v1=<hex>` with the digest of `t.body`; several `v1` while secrets are rolled, other versions are passed over.

use super::{MAX_SIGNATURES, Refusal, Request, Verified, find_signer, fresh, hex_digest, name_of, only_header, plain_keys};

const HEADER: &str = "stripe-signature";

pub(super) fn verify(secrets: &[&str], request: &Request<'_>, now: i64) -> Result<Verified, Refusal> {
    let header = only_header(request, HEADER)?;
    let malformed = || Refusal::Malformed(HEADER.to_owned());
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let mut times = parts().filter(|(name, _)| *name == "t").map(|(_, value)| value);
    let (Some(time), None) = (times.next(), times.next()) else { return Err(malformed()) };
    let digests = parts().filter(|(name, _)| *name == "v1").filter_map(|(_, value)| hex_digest(value));
    let digests: Vec<Vec<u8>> = digests.take(MAX_SIGNATURES).collect();
    if digests.is_empty() {
        return Err(malformed());
    }
    fresh(time, HEADER, now)?;
    let message: [&[u8]; 3] = [time.as_bytes(), b".", request.body];
    match find_signer(&plain_keys(secrets), &message, &digests) {
        Some(secret) => Ok(Verified { secret, replay: Some(name_of(&message)) }),
        None => Err(Refusal::Mismatch),
    }
}
