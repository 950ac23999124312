//! `node.toml`: what a node's author adds to the WIT. Every key is known, so that a misspelt one is a mistake and not silence.

use crate::{CatalogError, Effect};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    #[serde(default)]
    pub(crate) package: PackageEntry,
    /// By path: `text#split`.
    #[serde(default)]
    pub(crate) functions: BTreeMap<String, FunctionEntry>,
    /// By interface, with or without version: `loom:host/http`.
    #[serde(default)]
    pub(crate) capabilities: BTreeMap<String, CapabilityEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackageEntry {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) reuse: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FunctionEntry {
    pub(crate) title: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) effect: Option<EffectName>,
    #[serde(default)]
    pub(crate) once: bool,
    /// By parameter: WIT name or JSON name.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, FieldEntry>,
    #[serde(default)]
    pub(crate) examples: Vec<ExampleEntry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EffectName {
    Pure,
    Read,
    Write,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldEntry {
    #[serde(default)]
    pub(crate) multiline: bool,
    #[serde(default)]
    pub(crate) secret: bool,
    pub(crate) code: Option<String>,
    pub(crate) choices: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExampleEntry {
    pub(crate) title: String,
    pub(crate) input: toml::Value,
    pub(crate) output: Option<toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CapabilityEntry {
    pub(crate) reason: String,
}

impl Manifest {
    pub(crate) fn read(text: &str) -> Result<Self, CatalogError> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or_else(String::new, |line| format!("line {line}: "));
            CatalogError::Manifest { reason: place + error.message() }
        })
    }
}

impl From<EffectName> for Effect {
    fn from(name: EffectName) -> Self {
        match name {
            EffectName::Pure => Effect::Pure,
            EffectName::Read => Effect::Read,
            EffectName::Write => Effect::Write,
        }
    }
}
