//! Compiled functions that components share, above all the runtime module that every flow carries: kept in memory while flows
//! are compiled, and on disk as one sealed file.

use crate::cache::Cache;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once};
use wasmtime::CacheStore;

/// Bytes of one generation. When the young one is full it becomes the old one, and what was not used since is forgotten.
const GENERATION: usize = 12 << 20;

/// The entry on disk.
const NAME: &str = "functions";

#[derive(Debug)]
pub(crate) struct Functions {
    disk: Option<Arc<Cache>>,
    loaded: Once,
    changed: AtomicBool,
    kept: Mutex<Kept>,
}

type Entries = HashMap<Vec<u8>, Arc<[u8]>>;

#[derive(Debug, Default)]
struct Kept {
    young: Entries,
    young_bytes: usize,
    old: Entries,
}

impl Functions {
    pub fn new(disk: Option<Arc<Cache>>) -> Arc<Self> {
        Arc::new(Self { disk, loaded: Once::new(), changed: AtomicBool::new(false), kept: Mutex::default() })
    }

    /// Writes to disk what was added since the last time.
    pub fn save(&self) {
        let Some(disk) = &self.disk else { return };
        if !self.changed.swap(false, Ordering::Relaxed) {
            return;
        }
        let Ok(content) = self.kept.lock().map(|kept| write(&kept)) else {
            return;
        };
        if let Err(error) = disk.write(NAME, &content) {
            tracing::warn!(%error, "compiled functions were not kept on disk");
        }
    }

    fn load(&self) {
        let content = self.disk.as_ref().and_then(|disk| disk.read(NAME));
        if let (Some(content), Ok(mut kept)) = (content, self.kept.lock()) {
            kept.old = read(&content);
        }
    }
}

impl CacheStore for Functions {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.loaded.call_once(|| self.load());
        let found = self.kept.lock().ok()?.get(key)?;
        Some(Cow::Owned(found.to_vec()))
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        let Ok(mut kept) = self.kept.lock() else {
            return false;
        };
        kept.insert(key.to_vec(), value.into());
        self.changed.store(true, Ordering::Relaxed);
        true
    }
}

impl Kept {
    fn get(&mut self, key: &[u8]) -> Option<Arc<[u8]>> {
        if let Some(found) = self.young.get(key) {
            return Some(found.clone());
        }
        let (key, found) = self.old.remove_entry(key)?;
        self.insert(key, found.clone());
        Some(found)
    }

    fn insert(&mut self, key: Vec<u8>, value: Arc<[u8]>) {
        self.young_bytes += key.len() + value.len();
        self.young.insert(key, value);
        if self.young_bytes > GENERATION {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}

/// Pairs of key and value, each with its length in front.
fn write(kept: &Kept) -> Vec<u8> {
    let mut out = Vec::with_capacity(kept.young_bytes);
    for (key, value) in kept.young.iter().chain(&kept.old) {
        for part in [key.as_slice(), value] {
            out.extend_from_slice(&(part.len() as u32).to_le_bytes());
            out.extend_from_slice(part);
        }
    }
    out
}

fn read(mut content: &[u8]) -> Entries {
    let mut part = || {
        let (length, rest) = content.split_first_chunk()?;
        let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        content = rest;
        Some(part)
    };
    let mut entries = Entries::new();
    while let (Some(key), Some(value)) = (part(), part()) {
        entries.insert(key.to_vec(), value.into());
    }
    entries
}
