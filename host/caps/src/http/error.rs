//! Why there is no answer. The cases are those of the guest's interface; messages never hold secrets.

use super::TlsUnavailable;
use super::resolve::AddressDenied;
use crate::redact::Redactor;
use crate::secret::SecretError;
use std::error::Error;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No grant allows it, or the address is private.
    #[error("{0}")]
    Denied(String),
    /// The request is not one.
    #[error("{0}")]
    Invalid(String),
    /// Name resolution, connection or TLS failed, or the other side broke off.
    #[error("{0}")]
    Unreachable(String),
    #[error("{0}")]
    Timeout(String),
    #[error("{0}")]
    TooLarge(String),
    #[error("{0}")]
    TooManyRedirects(String),
}

impl HttpError {
    /// The error with secrets taken out of its message.
    pub(super) fn redacted(self, redactor: &Redactor) -> Self {
        let clean = |message: String| redactor.text(&message).into_owned();
        match self {
            HttpError::Denied(m) => HttpError::Denied(clean(m)),
            HttpError::Invalid(m) => HttpError::Invalid(clean(m)),
            HttpError::Unreachable(m) => HttpError::Unreachable(clean(m)),
            HttpError::Timeout(m) => HttpError::Timeout(clean(m)),
            HttpError::TooLarge(m) => HttpError::TooLarge(clean(m)),
            HttpError::TooManyRedirects(m) => HttpError::TooManyRedirects(clean(m)),
        }
    }
}

impl From<SecretError> for HttpError {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Denied(message) => HttpError::Denied(message),
            SecretError::Unknown(message) | SecretError::Invalid(message) => HttpError::Invalid(message),
        }
    }
}

impl From<TlsUnavailable> for HttpError {
    fn from(error: TlsUnavailable) -> Self {
        HttpError::Unreachable(error.to_string())
    }
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if let Some(denied) = causes(&error).find_map(|cause| cause.downcast_ref::<AddressDenied>()) {
            return HttpError::Denied(denied.to_string());
        }
        let cause = causes(&error).last().map_or_else(|| error.to_string(), ToString::to_string);
        if error.is_timeout() {
            HttpError::Timeout("the connection was not made in time".to_owned())
        } else if error.is_builder() {
            HttpError::Invalid(format!("the request is not valid: {cause}"))
        } else if error.is_connect() {
            HttpError::Unreachable(format!("cannot connect: {cause}"))
        } else {
            HttpError::Unreachable(format!("the exchange broke off: {cause}"))
        }
    }
}

/// The error's causes, nearest first.
fn causes(error: &dyn Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}
