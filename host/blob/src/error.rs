//! Why a blob is not to be had.

use crate::Digest;
use loomwork_journal::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("there is no blob {0}")]
    Missing(Digest),
    /// What is kept under the digest has another.
    #[error("blob {0} is damaged")]
    Damaged(Digest),
    #[error("blob {digest} has {size} bytes, above the bound of {limit}")]
    TooLarge { digest: Digest, size: u64, limit: u64 },
    /// The folder or bucket cannot be used just now.
    #[error("blobs cannot be kept or fetched just now")]
    Unavailable(#[source] object_store::Error),
    #[error("what was to be kept cannot be read")]
    Source(#[source] std::io::Error),
    #[error("the place for blobs cannot be used: {0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        Self::Unavailable(error)
    }
}

impl BlobError {
    /// As a store would say it.
    pub(crate) fn told(self) -> StoreError {
        match self {
            Self::Missing(_) | Self::Damaged(_) | Self::TooLarge { .. } => StoreError::Damaged(self.to_string()),
            Self::Store(error) => error,
            Self::Unavailable(cause) => StoreError::Unavailable(format!("blobs cannot be kept or fetched just now: {cause}")),
            Self::Source(cause) => StoreError::Unavailable(cause.to_string()),
            Self::Refused(why) => StoreError::Refused(why),
        }
    }
}
