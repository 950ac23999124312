//! A store that is there but does not do as it is told: for the faults of components that only trouble shows.

use async_trait::async_trait;
use bytes::Bytes;
use loomwork_caps::kv::{KeyRange, KvError, KvStore, MemoryKv, Space};
use serde::Deserialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Nothing can be read or written.
    Unavailable,
    /// Somebody else is always quicker: no swap succeeds.
    Contended,
}

/// A store in memory, in trouble or not.
#[derive(Default)]
pub struct Store {
    pub memory: MemoryKv,
    pub trouble: Option<Trouble>,
}

impl Store {
    fn reached(&self) -> Result<&MemoryKv, KvError> {
        match self.trouble {
            Some(Trouble::Unavailable) => Err(KvError::Unavailable("the store is being repaired".to_owned())),
            _ => Ok(&self.memory),
        }
    }
}

#[async_trait]
impl KvStore for Store {
    async fn get(&self, space: &Space, key: &str) -> Result<Option<Bytes>, KvError> {
        self.reached()?.get(space, key).await
    }

    async fn set(&self, space: &Space, key: &str, value: Bytes) -> Result<(), KvError> {
        self.reached()?.set(space, key, value).await
    }

    async fn delete(&self, space: &Space, key: &str) -> Result<bool, KvError> {
        self.reached()?.delete(space, key).await
    }

    async fn keys(&self, space: &Space, range: &KeyRange) -> Result<Vec<String>, KvError> {
        self.reached()?.keys(space, range).await
    }

    async fn swap(&self, space: &Space, key: &str, expected: Option<&[u8]>, value: Bytes) -> Result<bool, KvError> {
        match self.trouble {
            Some(Trouble::Contended) => Ok(false),
            _ => self.reached()?.swap(space, key, expected, value).await,
        }
    }

    async fn increment(&self, space: &Space, key: &str, by: i64) -> Result<i64, KvError> {
        self.reached()?.increment(space, key, by).await
    }
}
