//! What starts flows.

use serde::{Deserialize, Serialize};

/// `GET /api/triggers?flow=`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerList {
    pub triggers: Vec<TriggerState>,
}

/// Also what `POST /api/flows/{flow}/triggers/{trigger}/pause` and `…/resume` answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerState {
    pub flow: String,
    pub id: String,
    pub kind: String,
    /// In words: `POST /orders`.
    pub about: String,
    /// It starts nothing for now.
    pub paused: bool,
    /// When it fires next by the clock, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}
