//! Sealed bytes in memory: for tests and for those who keep nothing.

use crate::{Place, Sealed, Unavailable};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Key = (String, String, String);

/// What a store of sealed bytes means, in its plainest form.
#[derive(Debug, Default)]
pub struct MemorySealed {
    bytes: Mutex<BTreeMap<Key, Vec<u8>>>,
}

impl MemorySealed {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Vec<u8>>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(place: Place<'_>) -> Key {
    (place.org.to_owned(), place.project.to_owned(), place.name.to_owned())
}

#[async_trait]
impl Sealed for MemorySealed {
    async fn get(&self, place: Place<'_>) -> Result<Option<Vec<u8>>, Unavailable> {
        Ok(self.lock().get(&key(place)).cloned())
    }

    async fn put(&self, place: Place<'_>, bytes: Option<Vec<u8>>) -> Result<bool, Unavailable> {
        let mut all = self.lock();
        let before = match bytes {
            Some(bytes) => all.insert(key(place), bytes),
            None => all.remove(&key(place)),
        };
        Ok(before.is_some())
    }

    async fn replace(&self, place: Place<'_>, old: &[u8], new: Vec<u8>) -> Result<bool, Unavailable> {
        match self.lock().get_mut(&key(place)) {
            Some(bytes) if bytes == old => {
                *bytes = new;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn names(&self, org: &str, project: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, Unavailable> {
        let all = self.lock();
        let here = all.keys().filter(|(o, p, _)| o == org && p == project).map(|(_, _, name)| name);
        Ok(here.filter(|name| after.is_none_or(|after| name.as_str() > after)).take(limit).cloned().collect())
    }

    async fn projects(&self) -> Result<Vec<(String, String)>, Unavailable> {
        let mut projects: Vec<_> = self.lock().keys().map(|(org, project, _)| (org.clone(), project.clone())).collect();
        projects.dedup();
        Ok(projects)
    }
}
