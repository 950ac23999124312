//! The format of a case file: one case, or a list of them.

use crate::trouble::Trouble;
use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One call and what it should answer. Of `output`, `matches`, `fault` and `unusable` there is one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `text#split`
    pub function: String,
    /// What the case shows.
    pub about: String,
    /// An object by parameter name. `{"$repeat": "x", "times": 1000}` stands for a long text, `{"$list": 1, "times": 1000}` for a long list, `{{http}}` for the address of the
    /// fake server.
    #[serde(default)]
    pub input: Value,
    /// As on the command line; by default all that is faked.
    pub grants: Option<Vec<String>>,
    #[serde(default)]
    pub fakes: Fakes,
    /// Null is an answer too.
    #[serde(default, deserialize_with = "stated")]
    pub output: Option<Answer>,
    /// A regular expression that the output's JSON matches.
    pub matches: Option<String>,
    pub fault: Option<ExpectedFault>,
    /// The function is listed as one that cannot be called, for a reason that contains this.
    pub unusable: Option<String>,
    /// What the fakes hold afterwards.
    pub after: Option<After>,
}

/// An output, which may be null.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Answer(pub Value);

fn stated<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Answer>, D::Error> {
    Answer::deserialize(deserializer).map(Some)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fakes {
    #[serde(default)]
    pub http: Vec<Exchange>,
    /// By store and key.
    #[serde(default)]
    pub kv: BTreeMap<String, BTreeMap<String, Value>>,
    /// What is wrong with all stores, once they hold this.
    pub kv_trouble: Option<Trouble>,
}

/// A request that is expected, and the answer it gets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    #[serde(default)]
    pub request: Request,
    #[serde(default)]
    pub response: Response,
}

/// What is given has to match; what is absent does not matter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub method: Option<String>,
    /// With the query.
    pub path: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    pub status: Option<u16>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
    pub base64: Option<String>,
    /// A body of so many bytes.
    pub bytes: Option<usize>,
    /// Never answers.
    #[serde(default)]
    pub hangs: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFault {
    pub code: String,
    /// A part of the message.
    pub message: Option<String>,
    #[serde(default, deserialize_with = "stated")]
    pub data: Option<Answer>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    #[serde(default)]
    pub kv: BTreeMap<String, BTreeMap<String, Value>>,
    /// Lines as `level message fields`.
    pub log: Option<Vec<String>>,
}

/// A file's cases, with the JSON they were read from.
pub struct File {
    pub path: PathBuf,
    pub cases: Vec<(Case, Value)>,
}

/// Reads all case files of a folder, by name.
pub fn read(folder: &Path) -> anyhow::Result<Vec<File>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect();
    paths.sort();
    paths.into_iter().map(file).collect()
}

fn file(path: PathBuf) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let whole: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    let values = match whole {
        Value::Array(values) => values,
        one => vec![one],
    };
    let case = |value: Value| {
        let case: Case = serde_json::from_value(value.clone()).with_context(|| format!("{}: {value}", path.display()))?;
        Ok((case, value))
    };
    let cases = values.into_iter().map(case).collect::<anyhow::Result<_>>()?;
    Ok(File { path, cases })
}
