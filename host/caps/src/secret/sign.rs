//! Keyed digests, made and compared with the secret as key.

use super::{SecretError, Secrets};
use crate::scope::Scope;
use ring::hmac;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    HmacSha256,
    HmacSha384,
    HmacSha512,
    /// For services that still ask for it.
    HmacSha1,
}

impl Algorithm {
    fn ring(self) -> hmac::Algorithm {
        match self {
            Algorithm::HmacSha256 => hmac::HMAC_SHA256,
            Algorithm::HmacSha384 => hmac::HMAC_SHA384,
            Algorithm::HmacSha512 => hmac::HMAC_SHA512,
            Algorithm::HmacSha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        }
    }
}

impl Secrets {
    /// The keyed digest of `message`.
    pub async fn sign(&self, scope: &Scope, name: &str, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, SecretError> {
        let secret = self.open(scope, name).await?;
        let key = hmac::Key::new(algorithm.ring(), secret.value().as_bytes());
        Ok(hmac::sign(&key, message).as_ref().to_vec())
    }

    /// Whether `signature` is the keyed digest of `message`, in constant time.
    pub async fn verify(&self, scope: &Scope, name: &str, algorithm: Algorithm, signed: Signed<'_>) -> Result<bool, SecretError> {
        let secret = self.open(scope, name).await?;
        let key = hmac::Key::new(algorithm.ring(), secret.value().as_bytes());
        Ok(hmac::verify(&key, signed.message, signed.signature).is_ok())
    }
}

/// A message and what claims to be its digest.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    pub message: &'a [u8],
    pub signature: &'a [u8],
}
