//! Who may start a flow: a trigger with `auth` answers only callers who present the secret of that name as a bearer token.

use crate::problem::Problem;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use loomwork_caps::Capabilities;
use std::sync::Arc;

/// The door of one trigger.
#[derive(Clone)]
pub struct Guard {
    pub capabilities: Capabilities,
    pub project: Arc<str>,
    /// The secret's name.
    pub secret: String,
}

impl Guard {
    /// Lets a request with the right token pass. A secret that is not there lets nobody pass.
    pub async fn admit(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = bearer(headers) else {
            return Err(refused("this address answers only callers with a token"));
        };
        match self.capabilities.secrets().matches(&self.project, &self.secret, token).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(refused("the token is not the right one")),
            Err(error) => {
                tracing::error!(secret = %self.secret, %error, "a guarded trigger cannot admit anybody");
                let message = "the token cannot be checked just now";
                Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "http.guard", message))
            }
        }
    }
}

fn refused(message: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "http.unauthorized", message)
        .hint("Send the header `Authorization: Bearer TOKEN`.")
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// What follows `Bearer ` in the only `Authorization` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
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
