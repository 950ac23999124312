//! The contract between a server and those who look after it: what stands in requests and answers under `/api`. No server.
//!
//! Times are milliseconds since 1970. Errors are problem+json: [`ProblemView`].

mod backups;
mod flows;
mod live;
mod people;
mod runs;
mod secrets;
mod triggers;

pub use backups::BackupView;
pub use flows::{DeployRequest, FlowList, FlowView, RollbackRequest, TriggerView, VersionList, VersionView};
pub use live::{Happening, RunEvent};
pub use people::{AnswerRequest, AnsweredView, GivenView, QuestionList, QuestionView, SignalRequest, SignalView, Verdict};
pub use runs::{
    BegunView, BulkRetryRequest, BulkRetryView, FaultView, JournalView, MigrateRequest, RefusedView, ReplayView, RerunRequest,
    RunList, RunState, RunSummary, RunView, StartRequest, StepView,
};

pub use secrets::{SecretChanged, SecretList, SecretRequest, SecretView};
pub use triggers::{TriggerList, TriggerState};

use serde::{Deserialize, Serialize};

/// Why a request was refused (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemView {
    pub status: u16,
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
