//! Deployed flows, their versions and triggers.

use serde::{Deserialize, Serialize};

/// `GET /api/flows`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowList {
    pub flows: Vec<FlowView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowView {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What new runs take.
    pub version: u64,
    pub digest: String,
    /// `memory` or `steps`.
    pub durability: String,
    /// WIT types.
    pub input: String,
    pub output: String,
    pub triggers: Vec<TriggerView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerView {
    pub id: String,
    pub kind: String,
    /// In words: `POST /orders`.
    pub about: String,
}

/// `POST /api/flows`: a document, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeployRequest {
    pub document: String,
}

/// `GET /api/flows/{flow}/versions`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionList {
    pub versions: Vec<VersionView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    pub version: u64,
    pub digest: String,
    pub deployed_at: u64,
    pub active: bool,
}

/// `POST /api/flows/{flow}/rollback`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollbackRequest {
    pub version: u64,
}
