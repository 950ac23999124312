//! GitHub: `sha256=` and the digest of the body in hex. No time is signed, so only remembering messages stops replays.

use super::{Refusal, Request, Verified, find_signer, hex_digest, name_of, only_header, plain_keys};

const HEADER: &str = "x-hub-signature-256";

pub(super) fn verify(secrets: &[&str], request: &Request<'_>) -> Result<Verified, Refusal> {
    let header = only_header(request, HEADER)?;
    let digest = header.strip_prefix("sha256=").and_then(hex_digest).ok_or_else(|| Refusal::Malformed(HEADER.to_owned()))?;
    match find_signer(&plain_keys(secrets), &[request.body], &[digest]) {
        Some(secret) => Ok(Verified { secret, replay: Some(name_of(&[request.body])) }),
        None => Err(Refusal::Mismatch),
    }
}
