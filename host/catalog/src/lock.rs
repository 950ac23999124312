//! `loom.lock`: which bytes a flow's packages are. Written sorted, so that it merges well.

use crate::{Catalog, FlowSignature, NotFound};
use loomwork_types::{Names, Type, parse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// Package ids and the digests of their components; and the types of the flows that are called, since what a caller becomes
/// depends on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    packages: BTreeMap<String, String>,
    flows: BTreeMap<String, FlowSignature>,
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
    #[error("the lock gives flow `{id}` types that cannot be read")]
    Flow { id: String },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Text {
    loomwork: u64,
    packages: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    flows: BTreeMap<String, FlowText>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FlowText {
    input: String,
    output: String,
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

    pub fn insert_flow(&mut self, id: &str, flow: &FlowSignature) {
        self.flows.insert(id.into(), flow.clone());
    }

    /// The flows that are called, sorted by id.
    pub fn flows(&self) -> impl Iterator<Item = (&str, &FlowSignature)> {
        self.flows.iter().map(|(id, flow)| (id.as_str(), flow))
    }

    pub fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.flows.is_empty()
    }

    /// Reads `{"loomwork": 1, "packages": {"loom:text@0.1.0": "sha256:…"}}`, with `"flows": {"bill": {"input": "u32", "output": "json"}}`.
    pub fn read(text: &str) -> Result<Self, LockError> {
        if text.len() > LONGEST {
            return Err(LockError::Syntax("it is longer than 4 MiB".into()));
        }
        loomwork_types::decode_dynamic(text).map_err(|mismatch| LockError::Syntax(mismatch.sentence().into_owned()))?;
        let read: Text = serde_json::from_str(text).map_err(|error| LockError::Syntax(error.to_string()))?;
        if read.loomwork != 1 {
            return Err(LockError::Version(read.loomwork));
        }
        if let Some((id, _)) = read.packages.iter().find(|(_, digest)| !is_digest(digest)) {
            return Err(LockError::Digest { id: id.clone() });
        }
        let flows = read.flows.into_iter().map(|(id, text)| match signature(&text) {
            Some(flow) => Ok((id, flow)),
            None => Err(LockError::Flow { id }),
        });
        Ok(Self { flows: flows.collect::<Result<_, _>>()?, packages: read.packages })
    }

    /// The text that [`Lock::read`] reads: two-space indent, sorted, with a line end at its end.
    pub fn write(&self) -> String {
        let flow = |flow: &FlowSignature| FlowText { input: flow.input().to_string(), output: flow.output().to_string() };
        let flows = self.flows.iter().map(|(id, signature)| (id.clone(), flow(signature))).collect();
        let text = Text { loomwork: 1, packages: self.packages.clone(), flows };
        serde_json::to_string_pretty(&text).expect("text and numbers always have JSON") + "\n"
    }
}

fn signature(text: &FlowText) -> Option<FlowSignature> {
    let ty = |text: &str| -> Option<Type> { parse(text, &Names::default()).ok() };
    Some(FlowSignature::new(&ty(&text.input)?, &ty(&text.output)?))
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}
