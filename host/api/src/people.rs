//! Signals, and questions to people.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `POST /api/signals`: to one run, or to all that listen for this name (and key).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalRequest {
    pub name: String,
    #[serde(default)]
    pub key: Option<Value>,
    #[serde(default)]
    pub run: Option<String>,
    #[serde(default)]
    pub payload: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalView {
    /// Steps that heard it. With none it is kept for the first that will listen.
    pub heard: u32,
}

/// `GET /api/approvals`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionList {
    pub questions: Vec<QuestionView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionView {
    pub run: String,
    pub step: u32,
    pub since: u64,
    pub form: Value,
    /// Empty: everybody.
    pub approvers: Vec<String>,
    pub needed: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<u64>,
    pub given: Vec<GivenView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenView {
    pub by: String,
    pub verdict: Verdict,
    pub at: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approved,
    Rejected,
}

/// `POST /api/approvals/{run}/{step}`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// Who answers.
    pub by: String,
    #[serde(default)]
    pub roles: Vec<String>,
    pub verdict: Verdict,
    #[serde(default)]
    pub note: Option<String>,
    /// The filled-in form.
    #[serde(default)]
    pub form: Option<Value>,
}

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredView {
    /// It was the last one that was needed.
    pub complete: bool,
}
