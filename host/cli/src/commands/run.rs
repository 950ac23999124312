//! `loom run`: one run of one flow, its output on standard output.

use super::Shared;
use crate::args::Run;
use crate::exit::{Done, Failure};
use crate::{faults, output, platform, progress, sources};
use loomwork_run::{DeployError, Deployment, FaultView, Outcome, Pins, Platform, RunOptions, Step};
use serde_json::{Value, json};
use std::path::Path;
use tokio_util::sync::CancellationToken;

pub async fn run(shared: &Shared, args: Run) -> Done {
    crate::log::of_a_run();
    let input = args.input.read()?;
    let text = sources::text(&args.file)?;
    let platform = platform::build(platform::builder(shared, &args.granting, None)?).await?;
    let pins = if args.pins { Pins::Held } else { Pins::Ignored };
    let deployment = deploy(&platform, &args.file, &text, pins, shared.json).await?;
    let cancel = CancellationToken::new();
    cancel_on_interrupt(cancel.clone());
    let outcome = deployment.run(&input, RunOptions { trace: args.trace, cancel, ..RunOptions::default() }).await;
    let warnings = output::diagnostics_json(&args.file.display().to_string(), &text, deployment.warnings());
    show(&outcome, args.trace, shared.json.then_some(warnings))
}

/// Deploys a document, or shows why it cannot be.
async fn deploy(platform: &Platform, path: &Path, text: &str, pins: Pins, as_json: bool) -> Result<Deployment, Failure> {
    let name = path.display().to_string();
    let deploying = async {
        match pins {
            Pins::Ignored => platform.deploy(text).await,
            Pins::Held => platform.preview(text).await,
        }
    };
    match progress::during(progress::COMPILING, deploying).await {
        Ok(deployment) => {
            if !as_json {
                output::diagnostics(&name, text, deployment.warnings());
            }
            Ok(deployment)
        }
        Err(error) => Err(show_deploy_error(&name, text, &error, as_json)),
    }
}

/// Prints why a document cannot be deployed.
pub fn show_deploy_error(name: &str, text: &str, error: &DeployError, as_json: bool) -> Failure {
    match error {
        DeployError::Mistakes(diagnostics) => output::mistakes(as_json, name, text, diagnostics),
        DeployError::Compile(error) => Failure::usage(format!("{name}: {error}")),
        DeployError::Refused(fault) => {
            faults::print(fault, as_json);
            Failure::Faulted
        }
    }
}

fn cancel_on_interrupt(cancel: CancellationToken) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            cancel.cancel();
        }
    });
}

/// With the warnings of the document: as JSON for programs.
fn show(outcome: &Outcome, trace: bool, as_json: Option<Vec<Value>>) -> Done {
    if let Some(warnings) = as_json {
        return show_json(outcome, warnings);
    }
    if trace {
        eprintln!("{}", trace_text(outcome));
    }
    match &outcome.result {
        Ok(json) => {
            output::line(&pretty(json));
            Ok(())
        }
        Err(fault) => {
            faults::print(fault, false);
            Err(Failure::Faulted)
        }
    }
}

fn show_json(outcome: &Outcome, warnings: Vec<Value>) -> Done {
    let mut shown = json!({ "run": outcome.id.as_str(), "took_us": outcome.took.as_micros() as u64 });
    if !warnings.is_empty() {
        shown["warnings"] = warnings.into();
    }
    if !outcome.steps.is_empty() {
        shown["steps"] = serde_json::to_value(&outcome.steps).unwrap_or_default();
    }
    match &outcome.result {
        Ok(output) => shown["output"] = output::value(output),
        Err(fault) => shown["fault"] = serde_json::to_value(FaultView::from(fault)).unwrap_or_default(),
    }
    output::json(&shown);
    if outcome.result.is_ok() { Ok(()) } else { Err(Failure::Faulted) }
}

/// One line a step, input and output under it.
fn trace_text(outcome: &Outcome) -> String {
    let calls = output::count(outcome.steps.len(), "call");
    let mut text = format!("{}  {:.1} ms, {calls}\n", outcome.id, outcome.took.as_secs_f64() * 1e3);
    let width = outcome.steps.iter().map(|step| step.node.len()).max().unwrap_or_default();
    for step in &outcome.steps {
        let attempt = if step.attempt > 1 { format!("  attempt {}", step.attempt) } else { String::new() };
        text.push_str(&format!("{:>5}  {:width$}  {:>9}{attempt}\n", step.step, step.node, micros(step)));
        text.push_str(&format!("         in   {}\n", step.input));
        match &step.fault {
            Some(fault) => text.push_str(&format!("         err  {}: {}\n", fault.code, fault.message)),
            None => text.push_str(&format!("         out  {}\n", step.output.as_deref().unwrap_or("null"))),
        }
    }
    text
}

fn micros(step: &Step) -> String {
    if step.took_us < 10_000 { format!("{} µs", step.took_us) } else { format!("{:.1} ms", step.took_us as f64 / 1e3) }
}

/// Indented, as people read it; text stays as it is, so that a report can be piped into a file.
pub fn pretty(json: &str) -> String {
    match serde_json::from_str::<Value>(json) {
        Ok(Value::String(text)) if text.contains('\n') => text.trim_end().to_owned(),
        Ok(value) => format!("{value:#}"),
        Err(_) => json.to_owned(),
    }
}
