//! Exit codes, one meaning each; `loom help` lists them.

use crate::output;
use loomwork_api::ProblemView;
use serde_json::json;
use std::process::ExitCode;

/// How a command ends if not well.
#[derive(Debug)]
pub enum Failure {
    /// 1: it ran, and what ran failed: a fault of a flow, a function or an expression. Already printed.
    Faulted,
    /// 2: the command was used wrongly: arguments, files, grants. (clap's own mistakes exit with 2 too.)
    Usage { message: String, hint: Option<String> },
    /// 3: a document or an expression has mistakes. Already printed.
    Mistakes,
    /// 1: the server said no, and why.
    Refused(Box<ProblemView>),
    /// 4: something outside is not there: an address in use, a disk that is full.
    Unavailable(String),
}

pub type Done = Result<(), Failure>;

impl Failure {
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: None }
    }

    pub fn hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Usage { message, .. } => Self::Usage { message, hint: Some(text.into()) },
            other => other,
        }
    }

    fn code(&self) -> u8 {
        match self {
            Self::Faulted | Self::Refused(_) => 1,
            Self::Usage { .. } => 2,
            Self::Mistakes => 3,
            Self::Unavailable(_) => 4,
        }
    }
}

/// Says what is left to say and gives the code.
pub fn code(as_json: bool, done: Done) -> ExitCode {
    let Err(failure) = done else { return ExitCode::SUCCESS };
    match &failure {
        Failure::Usage { message, hint } => show(as_json, "usage", message, hint.as_deref()),
        Failure::Unavailable(message) => show(as_json, "unavailable", message, None),
        Failure::Refused(problem) => refused(as_json, problem),
        Failure::Faulted | Failure::Mistakes => {}
    }
    ExitCode::from(failure.code())
}

fn show(as_json: bool, kind: &str, message: &str, hint: Option<&str>) {
    if as_json {
        output::json(&json!({ "error": { "kind": kind, "message": message, "hint": hint } }));
    } else {
        output::error(message, hint);
    }
}

fn refused(as_json: bool, problem: &ProblemView) {
    if as_json {
        return output::json(&json!({ "error": problem }));
    }
    let message = format!("{}: {}", problem.code, problem.message);
    output::error(&message, problem.hint.as_deref());
    for found in problem.data.as_ref().and_then(|data| data.as_array()).into_iter().flatten() {
        if let (Some(code), Some(message)) = (found["code"].as_str(), found["message"].as_str()) {
            output::error(&format!("{code}: {message}"), found["hint"].as_str());
        }
    }
}
