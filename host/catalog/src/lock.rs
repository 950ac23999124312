//! `loom.lock`: which bytes a flow's packages are. Written sorted, so that it merges well.

use crate::{Catalog, NotFound};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// Package ids and the digests of their components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    packages: BTreeMap<String, String>,
}

/// Why a text is no lock.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LockError {
    #[error("the lock is not valid: {0}")]
    Syntax(String),
    #[error("the lock has format version {0}; this program reads version 1")]
    Version(u64),
    #[error("the lock gives `{id}` no digest of the form `sha256:` and 64 hexadecimal digits")]
    Digest { id: String },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Text {
    loomwork: u64,
    packages: BTreeMap<String, String>,
}

/// The longest lock that is read, in bytes.
const LONGEST: usize = 4 << 20;

impl Lock {
    pub fn new() -> Self {
        Self::default()
    }

    /// Pins what the catalog answers to these ids.
    pub fn pin<'a>(catalog: &Catalog, ids: impl IntoIterator<Item = &'a str>) -> Result<Self, NotFound> {
        let mut lock = Self::new();
        for id in ids {
            let package = catalog.package(id)?;
            lock.insert(&package.id, &package.digest);
        }
        Ok(lock)
    }

    pub fn insert(&mut self, id: &str, digest: &str) {
        self.packages.insert(id.into(), digest.into());
    }

    /// The digest of a package, by its full id.
    pub fn digest(&self, id: &str) -> Option<&str> {
        self.packages.get(id).map(String::as_str)
    }

    /// Full ids and digests, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.packages.iter().map(|(id, digest)| (id.as_str(), digest.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Reads `{"loomwork": 1, "packages": {"loom:text@0.1.0": "sha256:…"}}`.
    pub fn read(text: &str) -> Result<Self, LockError> {
        if text.len() > LONGEST {
            return Err(LockError::Syntax("it is longer than 4 MiB".into()));
        }
        loomwork_types::decode_dynamic(text).map_err(|mismatch| LockError::Syntax(mismatch.sentence().into_owned()))?;
        let read: Text = serde_json::from_str(text).map_err(|error| LockError::Syntax(error.to_string()))?;
        if read.loomwork != 1 {
            return Err(LockError::Version(read.loomwork));
        }
        match read.packages.iter().find(|(_, digest)| !is_digest(digest)) {
            Some((id, _)) => Err(LockError::Digest { id: id.clone() }),
            None => Ok(Self { packages: read.packages }),
        }
    }

    /// The text that [`Lock::read`] reads: two-space indent, sorted, with a line end at its end.
    pub fn write(&self) -> String {
        let text = Text { loomwork: 1, packages: self.packages.clone() };
        serde_json::to_string_pretty(&text).expect("text and numbers always have JSON") + "\n"
    }
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}
