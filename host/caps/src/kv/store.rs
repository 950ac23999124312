//! What an embedder implements to keep values somewhere else.

use super::KvError;
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::Arc;

/// One store of one project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Space {
    pub project: Arc<str>,
    pub store: Arc<str>,
}

/// A page of keys, in byte order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRange {
    pub prefix: String,
    /// Begins behind this key.
    pub after: Option<String>,
    pub limit: usize,
}

/// Keys and values. Called once for each operation of a guest, with rights and sizes already checked: a key has 1 byte to
/// 1 KiB, a value at most 1 MiB, a limit is 1 to 1000. `swap` and `increment` are atomic among all operations on the key.
#[async_trait]
pub trait KvStore: Send + Sync + 'static {
    async fn get(&self, space: &Space, key: &str) -> Result<Option<Bytes>, KvError>;

    async fn set(&self, space: &Space, key: &str, value: Bytes) -> Result<(), KvError>;

    /// Answers whether the key was there.
    async fn delete(&self, space: &Space, key: &str) -> Result<bool, KvError>;

    async fn keys(&self, space: &Space, range: &KeyRange) -> Result<Vec<String>, KvError>;

    /// Sets `value` if the present one is `expected` (none: if absent); answers whether it did.
    async fn swap(&self, space: &Space, key: &str, expected: Option<&[u8]>, value: Bytes) -> Result<bool, KvError>;

    /// Adds to a decimal integer (absent is 0) and answers with the sum. [`KvError::Invalid`] if the value is not one or the
    /// sum overflows.
    async fn increment(&self, space: &Space, key: &str, by: i64) -> Result<i64, KvError>;
}
