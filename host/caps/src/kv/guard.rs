//! A store as one call may use it: rights, effect and sizes are checked before the store is asked.

use super::{KeyRange, KvError, KvStore, Space};
use crate::scope::Scope;
use bytes::Bytes;
use loomwork_catalog::Effect;
use std::sync::Arc;

const MAX_KEY: usize = 1 << 10;
const MAX_VALUE: usize = 1 << 20;
const MAX_PAGE: u32 = 1_000;

/// The stores of one call.
pub struct Kv {
    store: Arc<dyn KvStore>,
    scope: Scope,
}

impl Kv {
    pub fn new(store: Arc<dyn KvStore>, scope: Scope) -> Self {
        Self { store, scope }
    }

    pub async fn get(&self, store: &str, key: &str) -> Result<Option<Bytes>, KvError> {
        let space = self.reading(store)?;
        checked_key(key)?;
        self.store.get(&space, key).await
    }

    pub async fn set(&self, store: &str, key: &str, value: Vec<u8>) -> Result<(), KvError> {
        let space = self.writing(store)?;
        checked_key(key)?;
        self.store.set(&space, key, checked_value(value)?).await
    }

    pub async fn delete(&self, store: &str, key: &str) -> Result<bool, KvError> {
        let space = self.writing(store)?;
        checked_key(key)?;
        self.store.delete(&space, key).await
    }

    pub async fn keys(&self, store: &str, prefix: String, after: Option<String>, limit: u32) -> Result<Vec<String>, KvError> {
        let space = self.reading(store)?;
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(KvError::Invalid(format!("a page has 1 to {MAX_PAGE} keys, not {limit}")));
        }
        if prefix.len() > MAX_KEY || after.as_ref().is_some_and(|after| after.len() > MAX_KEY) {
            return Err(KvError::TooLarge(format!("a key has at most {MAX_KEY} bytes")));
        }
        self.store.keys(&space, &KeyRange { prefix, after, limit: limit as usize }).await
    }

    pub async fn swap(&self, store: &str, key: &str, expected: Option<Vec<u8>>, value: Vec<u8>) -> Result<bool, KvError> {
        let space = self.writing(store)?;
        checked_key(key)?;
        self.store.swap(&space, key, expected.as_deref(), checked_value(value)?).await
    }

    pub async fn increment(&self, store: &str, key: &str, by: i64) -> Result<i64, KvError> {
        let space = self.writing(store)?;
        checked_key(key)?;
        self.store.increment(&space, key, by).await
    }

    fn reading(&self, store: &str) -> Result<Space, KvError> {
        if self.scope.effect == Effect::Pure {
            return Err(KvError::Denied("a function declared pure may not use stores".to_owned()));
        }
        if !crate::grants::is_name(store) {
            return Err(KvError::Invalid("a store's name has 1 to 64 letters, digits, `_`, `-` and `.`".to_owned()));
        }
        if !self.scope.rights.store(store) {
            return Err(KvError::Denied(format!("store `{store}` is not granted")));
        }
        Ok(Space { project: self.scope.project.clone(), store: store.into() })
    }

    fn writing(&self, store: &str) -> Result<Space, KvError> {
        let space = self.reading(store)?;
        if self.scope.effect == Effect::Read {
            return Err(KvError::Denied(format!("a function that only reads may not change store `{store}`")));
        }
        Ok(space)
    }
}

fn checked_key(key: &str) -> Result<(), KvError> {
    match key.len() {
        0 => Err(KvError::Invalid("a key is not empty".to_owned())),
        1..=MAX_KEY => Ok(()),
        _ => Err(KvError::TooLarge(format!("a key has at most {MAX_KEY} bytes"))),
    }
}

fn checked_value(value: Vec<u8>) -> Result<Bytes, KvError> {
    if value.len() > MAX_VALUE {
        return Err(KvError::TooLarge(format!("a value has at most {MAX_VALUE} bytes")));
    }
    Ok(value.into())
}
