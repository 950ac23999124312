//! Who may start a flow: a trigger with `auth` answers only callers who present the secret of that name as a bearer token, one with
//! `verify` only requests that are signed with it.

use crate::problem::Problem;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use loomwork_caps::Capabilities;
use loomwork_flow::{Scheme, Verify};
use loomwork_trigger::signature::{self, Refusal};
use std::sync::Arc;

/// The door of one trigger. Without a token and a signature to ask for, it is open.
#[derive(Clone)]
pub struct Guard {
    pub capabilities: Capabilities,
    pub project: Arc<str>,
    /// The name of the secret that callers present.
    pub token: Option<String>,
    /// What requests are signed with.
    pub signature: Option<Verify>,
}

impl Guard {
    /// Lets a request with the right token pass, before its body is read. A secret that is not there lets nobody pass.
    pub async fn admit(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(secret) = &self.token else { return Ok(()) };
        let Some(token) = bearer(headers) else {
            return Err(refused("this address answers only callers with a token"));
        };
        match self.capabilities.secrets().matches(&self.project, secret, token).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(refused("the token is not the right one")),
            Err(error) => Err(closed(secret, &error)),
        }
    }

    /// Whether the `Authorization` header is for the guard and not for the flow.
    pub fn reads_authorization(&self) -> bool {
        self.token.is_some() || self.signature.as_ref().is_some_and(|verify| verify.scheme == Scheme::Token)
    }

    /// Lets a request pass whose body is signed as the trigger asks. Gives what the same message has again when it is sent again.
    pub async fn verify(&self, headers: &HeaderMap, body: &[u8], now_ms: i64) -> Result<Option<String>, Problem> {
        let Some(Verify { scheme, secret }) = &self.signature else { return Ok(None) };
        let request = signature::Request { headers, body };
        let verified = |value: &str| signature::verify(&scheme_of(*scheme), &[value], &request, now_ms);
        match self.capabilities.secrets().lend(&self.project, secret, verified).await {
            Ok(Ok(verified)) => Ok(verified.replay),
            Ok(Err(refusal @ Refusal::Secret(_))) => Err(closed(secret, &refusal)),
            Ok(Err(refusal)) => {
                let problem = Problem::new(StatusCode::UNAUTHORIZED, refusal.code(), refusal.to_string());
                Err(problem.hint(refusal.hint()))
            }
            Err(error) => Err(closed(secret, &error)),
        }
    }
}

fn scheme_of(scheme: Scheme) -> signature::Scheme {
    match scheme {
        Scheme::StandardWebhooks => signature::Scheme::StandardWebhooks,
        Scheme::Github => signature::Scheme::GitHub,
        Scheme::Stripe => signature::Scheme::Stripe,
        Scheme::Token => signature::Scheme::Bearer,
    }
}

/// The caller is told that nobody can pass, the operator why.
fn closed(secret: &str, error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(secret, %error, "a guarded trigger cannot admit anybody");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "http.guard", "callers cannot be checked just now")
}

fn refused(message: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "http.unauthorized", message)
        .hint("Send the header `Authorization: Bearer TOKEN`.")
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// What follows `Bearer ` in the only `Authorization` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_bearer_token_is_one() {
        let headers = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().expect("a header"));
            }
            headers
        };
        assert_eq!(bearer(&headers(&["Bearer abc"])), Some("abc"));
        assert_eq!(bearer(&headers(&["bearer  abc "])), Some("abc"));
        for wrong in [&[][..], &["abc"], &["Basic abc"], &["Bearer "], &["Bearer a", "Bearer b"]] {
            assert_eq!(bearer(&headers(wrong)), None, "{wrong:?}");
        }
    }
}
