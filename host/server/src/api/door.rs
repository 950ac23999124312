//! Who may use the API: with a token only those who send it; without one only programs on this machine that mean it, and no page that a
//! browser on it happens to show.

use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// A token that operators send. Only its digest is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// The text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token has 16 to 512 letters, digits and signs, and no spaces")]
pub struct NotAToken;

impl Token {
    pub fn new(text: &str) -> Result<Self, NotAToken> {
        let text = text.trim();
        let fit = (16..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fit { Ok(Self(Sha256::digest(text).into())) } else { Err(NotAToken) }
    }

    fn is(&self, text: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(text).into();
        digest.ct_eq(&self.0).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lets a request in, or says why not.
pub(super) async fn guard(State(token): State<Option<Token>>, request: Request, next: Next) -> Response {
    let admitted = match &token {
        Some(token) => has(token, request.headers()),
        None => is_local(request.headers()),
    };
    match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn has(token: &Token, headers: &HeaderMap) -> Result<(), Problem> {
    if crate::guard::bearer(headers).is_some_and(|sent| token.is(sent)) {
        return Ok(());
    }
    let problem =
        Problem::new(StatusCode::UNAUTHORIZED, "api.unauthorized", "the API answers only those who send the server's token");
    let problem = problem.hint("Send `Authorization: Bearer TOKEN`; the command takes it from $LOOM_TOKEN or --token-file.");
    Err(problem.header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
}

/// A page from elsewhere names itself in `Origin`, and one whose name was made to lead here has that name in `Host`.
fn is_local(headers: &HeaderMap) -> Result<(), Problem> {
    let named = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let host = named(header::HOST).is_none_or(is_loopback);
    let origin = named(header::ORIGIN).is_none_or(|origin| origin.split_once("://").is_some_and(|(_, host)| is_loopback(host)));
    if host && origin {
        return Ok(());
    }
    let problem = Problem::new(StatusCode::FORBIDDEN, "api.foreign", "without a token the API answers only this machine");
    Err(problem.hint("Start the server with --token-file, and send the token."))
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().expect("a header"))).collect()
    }

    #[test]
    fn only_this_machine_is_local() {
        for fine in [
            &[][..],
            &[("host", "127.0.0.1:7420")],
            &[("host", "localhost")],
            &[("host", "[::1]:7420"), ("origin", "http://[::1]:7420")],
        ] {
            assert!(is_local(&headers(fine)).is_ok(), "{fine:?}");
        }
        for foreign in [
            &[("host", "evil.example:7420")][..],
            &[("host", "127.0.0.1"), ("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("host", "127.0.0.1.evil.example")],
        ] {
            assert_eq!(is_local(&headers(foreign)).expect_err("refused").status, StatusCode::FORBIDDEN, "{foreign:?}");
        }
    }

    #[test]
    fn a_token_is_sent_whole() {
        let token = Token::new(" abcdefghijklmnop\n").expect("fit");
        assert!(has(&token, &headers(&[("authorization", "Bearer abcdefghijklmnop")])).is_ok());
        for wrong in [&[][..], &[("authorization", "Bearer abcdefghijklmno")], &[("authorization", "abcdefghijklmnop")]] {
            assert_eq!(has(&token, &headers(wrong)).expect_err("refused").status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(Token::new("short"), Err(NotAToken));
        assert_eq!(Token::new("abcdefgh ijklmnop"), Err(NotAToken));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
