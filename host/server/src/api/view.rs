//! From what a runner knows to what may be seen, secrets redacted.

use loomwork_api::{FaultView, RunState, RunSummary, RunView, StepView};
use loomwork_run::{Asked, Details, Past, RecentRun, Redact, Run, RunRow, State};
use loomwork_types::Fault;
use serde_json::Value;

pub fn summary(row: RunRow) -> RunSummary {
    RunSummary {
        id: row.id.to_string(),
        flow: row.flow,
        version: row.pin.version,
        state: state(row.state),
        created_at: row.created,
        updated_at: row.updated,
        wakes_at: row.wake_at,
        trigger: row.trigger,
        parent: row.parent.map(|parent| parent.run.to_string()),
        by: row.starter,
        origin: row.origin.map(|origin| origin.to_string()),
        fault: row.fault,
    }
}

pub fn state(state: State) -> RunState {
    match state {
        State::Queued => RunState::Queued,
        State::Running => RunState::Running,
        State::Waiting => RunState::Waiting,
        State::Finished => RunState::Finished,
        State::Failed => RunState::Failed,
        State::Cancelled => RunState::Cancelled,
    }
}

pub fn stored(state: RunState) -> State {
    match state {
        RunState::Queued => State::Queued,
        RunState::Running => State::Running,
        RunState::Waiting => State::Waiting,
        RunState::Finished => State::Finished,
        RunState::Failed => State::Failed,
        RunState::Cancelled => State::Cancelled,
    }
}

pub fn run(details: Details) -> RunView {
    let Details { run, nodes, steps, children, redact } = details;
    let redact = &redact;
    let Run { row, input, answer, end } = run;
    let (output, error) = match end {
        Some(loomwork_run::End::Finished(output)) => (Some(value(&output, redact)), None),
        Some(loomwork_run::End::Failed(fault) | loomwork_run::End::Cancelled(fault)) => (None, Some(self::fault(&fault, redact))),
        None => (None, None),
    };
    RunView {
        digest: row.pin.digest.clone(),
        summary: summary(row),
        input: value(&input, redact),
        output,
        answer: answer.map(|answer| value(&answer, redact)),
        error,
        steps: steps.into_iter().map(|past| step(past, &nodes, redact)).collect(),
        children: children.into_iter().map(summary).collect(),
    }
}

fn step(past: Past, nodes: &[String], redact: &Redact) -> StepView {
    let state = match &past.answer {
        _ if past.cancelled => "cancelled",
        None if past.asked == Asked::Call => "running",
        None => "waiting",
        Some(Ok(_)) => "returned",
        Some(Err(_)) => "failed",
    };
    let (output, error) = match past.answer {
        Some(Ok(output)) => (Some(value(&output, redact)), None),
        Some(Err(fault)) => (None, Some(self::fault(&fault, redact))),
        None => (None, None),
    };
    StepView {
        step: past.step,
        node: nodes.get(past.node as usize).cloned().unwrap_or_else(|| past.node.to_string()),
        attempt: past.attempt,
        asked_at: past.asked_at,
        ended_at: past.ended_at,
        kind: match past.asked {
            Asked::Call => "call",
            Asked::Signal => "signal",
            Asked::Decision => "decision",
        }
        .to_owned(),
        state: state.to_owned(),
        input: value(&past.input, redact),
        output,
        error,
    }
}

pub fn fault(fault: &Fault, redact: &Redact) -> FaultView {
    let data = fault.data.as_deref().map(|data| value(data, redact));
    FaultView { code: fault.code.to_string(), message: redact(&fault.message), data }
}

/// Text that is no JSON any more after redaction is shown as text.
pub fn value(json: &str, redact: &Redact) -> Value {
    let clean = redact(json);
    serde_json::from_str(&clean).unwrap_or(Value::String(clean))
}

/// A run that is not kept has no version of its own to be found by: 0.
pub fn recent_summary(run: &RecentRun) -> RunSummary {
    RunSummary {
        id: run.id.clone(),
        flow: run.flow.clone(),
        version: 0,
        state: match &run.end {
            Ok(_) => RunState::Finished,
            Err(fault) if fault.code == "run.cancelled" => RunState::Cancelled,
            Err(_) => RunState::Failed,
        },
        created_at: run.began,
        updated_at: run.ended,
        wakes_at: None,
        trigger: run.trigger.clone(),
        parent: None,
        by: None,
        origin: None,
        fault: run.end.as_ref().err().map(|fault| fault.code.clone()),
    }
}

/// Its secrets are redacted already.
pub fn recent(run: RecentRun) -> RunView {
    let shown = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    let fault = |fault: loomwork_run::FaultView| FaultView { code: fault.code, message: fault.message, data: fault.data };
    let step = |step: loomwork_run::Step| StepView {
        step: step.step,
        node: step.node.to_string(),
        attempt: step.attempt,
        asked_at: step.started_at,
        ended_at: Some(step.started_at + step.took_us / 1_000),
        kind: "call".to_owned(),
        state: if step.fault.is_some() { "failed" } else { "returned" }.to_owned(),
        input: shown(&step.input),
        output: step.output.as_deref().map(shown),
        error: step.fault.map(fault),
    };
    let (output, error) = match &run.end {
        Ok(output) => (Some(shown(output)), None),
        Err(why) => (None, Some(fault(why.clone()))),
    };
    RunView {
        summary: recent_summary(&run),
        digest: run.digest.clone(),
        input: shown(&run.input),
        output,
        answer: None,
        error,
        steps: run.steps.into_iter().map(step).collect(),
        children: Vec::new(),
    }
}
