//! Why a secret could not be used. Never holds a value.

use super::store::StoreUnavailable;
use crate::redact::CannotHide;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No grant allows it, or not there.
    #[error("{0}")]
    Denied(String),
    /// The store has none of this name, or cannot be asked.
    #[error("{0}")]
    Unknown(String),
    /// What was to be signed or encoded is not what it should be.
    #[error("{0}")]
    Invalid(String),
}

impl From<StoreUnavailable> for SecretError {
    fn from(error: StoreUnavailable) -> Self {
        SecretError::Unknown(error.to_string())
    }
}

impl From<CannotHide> for SecretError {
    fn from(error: CannotHide) -> Self {
        SecretError::Unknown(error.to_string())
    }
}
