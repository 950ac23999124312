//! Stores in memory, bounded. What they hold is gone with the process.

use super::{KeyRange, KvError, KvStore, Space};
use async_trait::async_trait;
use bytes::Bytes;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much memory stores may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryKvLimits {
    pub keys_per_store: usize,
    /// Keys and values of all stores of a project together.
    pub bytes_per_project: usize,
}

impl Default for MemoryKvLimits {
    fn default() -> Self {
        Self { keys_per_store: 100_000, bytes_per_project: 64 << 20 }
    }
}

/// What an entry takes beside its key and value.
const ENTRY: usize = 64;

#[derive(Debug, Default)]
pub struct MemoryKv {
    limits: MemoryKvLimits,
    projects: Mutex<HashMap<Arc<str>, Project>>,
}

#[derive(Debug, Default)]
struct Project {
    stores: HashMap<Arc<str>, BTreeMap<String, Bytes>>,
    bytes: usize,
}

impl MemoryKv {
    pub fn new(limits: MemoryKvLimits) -> Self {
        Self { limits, projects: Mutex::default() }
    }

    fn projects(&self) -> MutexGuard<'_, HashMap<Arc<str>, Project>> {
        self.projects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and writes one key under one lock: `change` sees the present value and answers with the new one, if any.
    fn update<T>(
        &self,
        space: &Space,
        key: &str,
        change: impl FnOnce(Option<&Bytes>) -> Result<(T, Option<Bytes>), KvError>,
    ) -> Result<T, KvError> {
        let mut projects = self.projects();
        let project = projects.entry(space.project.clone()).or_default();
        let present = project.stores.get(&space.store).and_then(|store| store.get(key));
        let (answer, value) = change(present)?;
        if let Some(value) = value {
            project.put(&self.limits, space, key, value)?;
        }
        Ok(answer)
    }
}

impl Project {
    fn put(&mut self, limits: &MemoryKvLimits, space: &Space, key: &str, value: Bytes) -> Result<(), KvError> {
        let store = self.stores.entry(space.store.clone()).or_default();
        let before = store.get(key).map_or(0, |old| size(key, old));
        if before == 0 && store.len() >= limits.keys_per_store {
            return Err(KvError::TooLarge(format!("store `{}` has {} keys, which is all it may", space.store, store.len())));
        }
        let bytes = self.bytes - before + size(key, &value);
        if bytes > limits.bytes_per_project {
            return Err(KvError::TooLarge(format!(
                "the project's stores would hold more than {} bytes",
                limits.bytes_per_project
            )));
        }
        store.insert(key.to_owned(), value);
        self.bytes = bytes;
        Ok(())
    }
}

fn size(key: &str, value: &Bytes) -> usize {
    key.len() + value.len() + ENTRY
}

#[async_trait]
impl KvStore for MemoryKv {
    async fn get(&self, space: &Space, key: &str) -> Result<Option<Bytes>, KvError> {
        let projects = self.projects();
        let store = projects.get(&space.project).and_then(|project| project.stores.get(&space.store));
        Ok(store.and_then(|store| store.get(key)).cloned())
    }

    async fn set(&self, space: &Space, key: &str, value: Bytes) -> Result<(), KvError> {
        self.update(space, key, |_| Ok(((), Some(value))))
    }

    async fn delete(&self, space: &Space, key: &str) -> Result<bool, KvError> {
        let mut projects = self.projects();
        let Some(project) = projects.get_mut(&space.project) else {
            return Ok(false);
        };
        let removed = project.stores.get_mut(&space.store).and_then(|store| store.remove(key));
        project.bytes -= removed.as_ref().map_or(0, |value| size(key, value));
        Ok(removed.is_some())
    }

    async fn keys(&self, space: &Space, range: &KeyRange) -> Result<Vec<String>, KvError> {
        let projects = self.projects();
        let store = projects.get(&space.project).and_then(|project| project.stores.get(&space.store));
        let start = match &range.after {
            Some(after) if *after >= range.prefix => Bound::Excluded(after.as_str()),
            _ => Bound::Included(range.prefix.as_str()),
        };
        let keys = store.into_iter().flat_map(|store| store.range::<str, _>((start, Bound::Unbounded)).map(|(key, _)| key));
        Ok(keys.take_while(|key| key.starts_with(&range.prefix)).take(range.limit).cloned().collect())
    }

    async fn swap(&self, space: &Space, key: &str, expected: Option<&[u8]>, value: Bytes) -> Result<bool, KvError> {
        self.update(space, key, |present| {
            let same = present.map(|bytes| &bytes[..]) == expected;
            Ok((same, same.then_some(value)))
        })
    }

    async fn increment(&self, space: &Space, key: &str, by: i64) -> Result<i64, KvError> {
        self.update(space, key, |present| {
            let sum = integer(present)?.checked_add(by);
            let sum = sum.ok_or_else(|| KvError::Invalid("the sum does not fit into 64 bits".to_owned()))?;
            Ok((sum, Some(sum.to_string().into())))
        })
    }
}

fn integer(value: Option<&Bytes>) -> Result<i64, KvError> {
    let Some(value) = value else { return Ok(0) };
    let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    number.ok_or_else(|| KvError::Invalid("the value is not a decimal integer".to_owned()))
}
