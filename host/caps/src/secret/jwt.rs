//! JSON Web Tokens signed with a secret (RFC 7515, HMAC family).

use super::{Algorithm, SecretError, Secrets};
use crate::scope::Scope;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const MAX_CLAIMS: usize = 16 << 10;

impl Secrets {
    /// A compact token over `claims`, a JSON object.
    pub async fn jwt(&self, scope: &Scope, name: &str, algorithm: Algorithm, claims: &str) -> Result<String, SecretError> {
        let alg = match algorithm {
            Algorithm::HmacSha256 => "HS256",
            Algorithm::HmacSha384 => "HS384",
            Algorithm::HmacSha512 => "HS512",
            Algorithm::HmacSha1 => {
                return Err(SecretError::Invalid("no web token is signed with sha-1".to_owned()));
            }
        };
        check(claims)?;
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
        let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.sign(scope, name, algorithm, token.as_bytes()).await?;
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Ok(token)
    }
}

fn check(claims: &str) -> Result<(), SecretError> {
    if claims.len() > MAX_CLAIMS {
        return Err(SecretError::Invalid("the claims are larger than 16 KiB".to_owned()));
    }
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(claims)
        .map(drop)
        .map_err(|error| SecretError::Invalid(format!("the claims are not a JSON object: {error}")))
}
