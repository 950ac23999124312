//! Stores that outlive the process, as records of whatever keeps the runs.

use super::{KeyRange, KvError, KvStore, Space};
use async_trait::async_trait;
use bytes::Bytes;
use loomwork_journal::{Batch, Expect, Kind, Outcome, Project, Put, RecordPage, Store, StoreError, Write};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Keys and values in the durable store; each change is on disk when it is answered.
pub struct StoredKv {
    store: Arc<dyn Store>,
    /// Whose projects they are.
    org: Arc<str>,
}

impl StoredKv {
    pub fn new(store: Arc<dyn Store>, org: impl Into<Arc<str>>) -> Self {
        Self { store, org: org.into() }
    }

    fn project(&self, space: &Space) -> Project {
        Project { org: self.org.clone(), name: space.project.clone() }
    }

    async fn commit(&self, write: Write) -> Result<Outcome, StoreError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let outcome = self.store.commit(Batch::new(now.as_millis() as u64, [write])).await?.pop();
        outcome.ok_or_else(|| StoreError::Unavailable("the store gave no answer".to_owned()))
    }

    /// Answers whether there was a value.
    async fn put(&self, space: &Space, key: &str, value: Option<Bytes>, expect: Expect) -> Result<bool, StoreError> {
        let put =
            Put { project: self.project(space), kind: Kind::Value, name: name(space, key), value, expect, blobs: Vec::new() };
        Ok(matches!(self.commit(Write::Put(put)).await?, Outcome::Put { existed: true }))
    }
}

/// A store's name has no `/`.
fn name(space: &Space, key: &str) -> String {
    format!("{}/{key}", space.store)
}

fn told(error: StoreError) -> KvError {
    match error {
        StoreError::NotANumber { .. } => {
            KvError::Invalid("the value is not a decimal integer, or the sum is too large".to_owned())
        }
        StoreError::NotAName => KvError::Invalid("a key cannot hold the character NUL".to_owned()),
        StoreError::TooLarge { .. } => KvError::TooLarge(error.to_string()),
        _ => KvError::Unavailable(error.to_string()),
    }
}

#[async_trait]
impl KvStore for StoredKv {
    async fn get(&self, space: &Space, key: &str) -> Result<Option<Bytes>, KvError> {
        let record = self.store.record(&self.project(space), Kind::Value, &name(space, key)).await.map_err(told)?;
        Ok(record.map(|record| record.value))
    }

    async fn set(&self, space: &Space, key: &str, value: Bytes) -> Result<(), KvError> {
        self.put(space, key, Some(value), Expect::Any).await.map(drop).map_err(told)
    }

    async fn delete(&self, space: &Space, key: &str) -> Result<bool, KvError> {
        self.put(space, key, None, Expect::Any).await.map_err(told)
    }

    async fn keys(&self, space: &Space, range: &KeyRange) -> Result<Vec<String>, KvError> {
        let after = range.after.as_ref().map(|after| name(space, after));
        let page = RecordPage { prefix: name(space, &range.prefix), after, limit: range.limit };
        let records = self.store.records(&self.project(space), Kind::Value, &page).await.map_err(told)?;
        let own = name(space, "");
        Ok(records.iter().filter_map(|record| record.name.strip_prefix(&own)).map(str::to_owned).collect())
    }

    async fn swap(&self, space: &Space, key: &str, expected: Option<&[u8]>, value: Bytes) -> Result<bool, KvError> {
        let expect = Expect::Is(expected.map(Bytes::copy_from_slice));
        match self.put(space, key, Some(value), expect).await {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(told(error)),
        }
    }

    async fn increment(&self, space: &Space, key: &str, by: i64) -> Result<i64, KvError> {
        let add = Write::Add { project: self.project(space), kind: Kind::Value, name: name(space, key), by };
        match self.commit(add).await.map_err(told)? {
            Outcome::Sum(sum) => Ok(sum),
            other => Err(KvError::Unavailable(format!("the store answered {other:?}"))),
        }
    }
}
