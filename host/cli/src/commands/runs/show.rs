//! One run as a person reads it.

use super::{print, word};
use crate::commands::Shared;
use crate::exit::Done;
use crate::{table, when};
use loomwork_api::{FaultView, RunView, StepView};
use serde_json::Value;
use std::fmt::Write;

/// Characters of a value beside a step.
const SHORT: usize = 60;

pub fn show(shared: &Shared, run: &RunView) -> Done {
    print(shared, run, || text(run))
}

fn text(run: &RunView) -> String {
    let summary = &run.summary;
    let mut out = String::new();
    let _ = writeln!(out, "{}  {} v{}  {}", summary.id, summary.flow, summary.version, word(summary.state));
    let _ = writeln!(
        out,
        "began {}, {} until its last change",
        when::time(summary.created_at),
        when::between(summary.created_at, summary.updated_at)
    );
    let from = [("by", &summary.by), ("trigger", &summary.trigger), ("called by", &summary.parent), ("repeats", &summary.origin)];
    for (name, value) in from {
        if let Some(value) = value {
            let _ = writeln!(out, "{name} {value}");
        }
    }
    if let Some(at) = summary.wakes_at {
        let _ = writeln!(out, "waits until {}", when::time(at));
    }
    let _ = writeln!(out, "\ninput   {}", run.input);
    if let Some(answer) = &run.answer {
        let _ = writeln!(out, "answer  {answer}");
    }
    if let Some(output) = &run.output {
        let _ = writeln!(out, "output  {output}");
    }
    if let Some(error) = &run.error {
        let _ = writeln!(out, "fault   {}", fault(error));
    }
    if !run.steps.is_empty() {
        let steps = table::text(&["step", "node", "try", "state", "took", "input", "came of it"], run.steps.iter().map(step));
        let _ = write!(out, "\n{steps}");
    }
    if !run.children.is_empty() {
        let rows = run.children.iter().map(|child| [child.id.clone(), child.flow.clone(), word(child.state).to_owned()]);
        let _ = write!(out, "\n\n{}", table::text(&["called", "flow", "state"], rows));
    }
    out.trim_end().to_owned()
}

fn step(step: &StepView) -> [String; 7] {
    let came = match (&step.output, &step.error) {
        (Some(output), _) => short(output),
        (None, Some(error)) => fault(error),
        (None, None) => String::new(),
    };
    let took = step.ended_at.map(|ended| when::between(step.asked_at, ended)).unwrap_or_default();
    [step.step.to_string(), step.node.clone(), step.attempt.to_string(), step.state.clone(), took, short(&step.input), came]
}

fn fault(fault: &FaultView) -> String {
    format!("{}: {}", fault.code, fault.message)
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHORT {
        return text;
    }
    let cut: String = text.chars().take(SHORT - 1).collect();
    format!("{cut}…")
}
