//! Runs: lists, one run with its steps, and what can be done to it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `POST /api/flows/{flow}/runs`; the header `Idempotency-Key` makes it one run however often it is sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartRequest {
    #[serde(default)]
    pub input: Value,
    /// Answer with how it ended instead of at once.
    #[serde(default)]
    pub wait: bool,
    /// Not before this time.
    #[serde(default)]
    pub start_at: Option<u64>,
    /// Who begins it.
    #[serde(default)]
    pub by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BegunView {
    pub run: String,
    /// There was one for the same reason already.
    pub existing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    Queued,
    Running,
    Waiting,
    Finished,
    Failed,
    Cancelled,
}

/// `GET /api/runs?flow=&state=&trigger=&from=&to=&id=&after=&limit=`: newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunList {
    pub runs: Vec<RunSummary>,
    /// Give it as `after` for the next page; none: this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    pub id: String,
    pub flow: String,
    pub version: u64,
    pub state: RunState,
    pub created_at: u64,
    pub updated_at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wakes_at: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Who began it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The run this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The code of its fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// `GET /api/runs/{run}`. Secrets are redacted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunView {
    #[serde(flatten)]
    pub summary: RunSummary,
    pub digest: String,
    pub input: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// What it answered before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<FaultView>,
    pub steps: Vec<StepView>,
    /// Runs that it called or started.
    pub children: Vec<RunSummary>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultView {
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

/// One call that a run made, or one thing that it waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    pub step: u32,
    pub node: String,
    /// Counted from 1.
    pub attempt: u32,
    pub asked_at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<u64>,
    /// `call`, `signal` or `decision`.
    #[serde(default = "call")]
    pub kind: String,
    /// `running`, `waiting`, `returned`, `failed`, `cancelled`.
    pub state: String,
    /// Of a signal its name and key, of a decision all that people are asked.
    pub input: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<FaultView>,
}

fn call() -> String {
    "call".to_owned()
}

/// `GET /api/runs/{run}/journal`: its entries as text, one a line. Secrets are redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalView {
    pub entries: Vec<String>,
}

/// `POST /api/runs/{run}/replay`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayView {
    pub agrees: bool,
    pub entries: usize,
    pub steps: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
}

/// `POST /api/runs/{run}/rerun`: a new run with the same input; with `from`, the answers of the steps before that one are taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RerunRequest {
    #[serde(default)]
    pub from: Option<u32>,
    /// Take the version that is deployed now instead of the run's own.
    #[serde(default)]
    pub newest: bool,
    /// Who begins it; if absent, whoever began the old one.
    #[serde(default)]
    pub by: Option<String>,
}

/// `POST /api/runs/retry`: every failed run of a flow, or of all, once more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkRetryRequest {
    #[serde(default)]
    pub flow: Option<String>,
    #[serde(default)]
    pub from: Option<u64>,
    #[serde(default)]
    pub to: Option<u64>,
    /// Who begins them; if absent, whoever began the old ones.
    #[serde(default)]
    pub by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkRetryView {
    /// The new runs.
    pub runs: Vec<String>,
    /// Those that could not be run again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedView>,
}

/// A run that could not be run again, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusedView {
    pub run: String,
    pub fault: FaultView,
}

/// `POST /api/runs/{run}/migrate`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrateRequest {
    pub version: u64,
}
