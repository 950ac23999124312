//! Why a store did not do what was asked.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KvError {
    /// The store is not granted, or a function that only reads tried to write.
    #[error("{0}")]
    Denied(String),
    /// The key, limit or present value is not what the operation needs.
    #[error("{0}")]
    Invalid(String),
    /// A key, a value or the whole store is above its bound.
    #[error("{0}")]
    TooLarge(String),
    /// The store cannot be reached just now.
    #[error("{0}")]
    Unavailable(String),
}
