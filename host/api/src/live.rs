//! What happens in runs, as it happens: `GET /api/runs/events`, a stream of server-sent events.

use crate::runs::RunState;
use serde::{Deserialize, Serialize};

/// The `data` of one event. It says what happened and not what with: inputs and outputs are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEvent {
    pub run: String,
    pub flow: String,
    pub at: u64,
    #[serde(flatten)]
    pub what: Happening,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Happening {
    Begun {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trigger: Option<String>,
        /// The run that called it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
    },
    StepBegan {
        step: u32,
        node: String,
        /// Counted from 1.
        attempt: u32,
    },
    StepEnded {
        step: u32,
        node: String,
        attempt: u32,
        took_us: u64,
        /// `returned`, `failed`, `cancelled`: the last also where it will be made again elsewhere.
        state: String,
        /// The code of its fault.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
    /// For this time, a signal, an answer, another run.
    Waiting {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<u64>,
    },
    Ended {
        state: RunState,
        /// The code of its fault.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
}
