//! `loom runs`, and what can be done to runs.

mod show;
mod watch;

use super::Shared;
use crate::args::{ListRuns, Migrate, OneRun, Runs, RunsCommand, Start, State};
use crate::client::Client;
use crate::exit::{Done, Failure};
use crate::{output, table, when};
use loomwork_api::{
    BegunView, BulkRetryRequest, BulkRetryView, JournalView, MigrateRequest, ReplayView, RerunRequest, RunList, RunState,
    RunSummary, RunView, StartRequest,
};
use serde_json::{Value, json};

pub async fn run(shared: &Shared, args: Runs) -> Done {
    match args.command {
        None => list(shared, &Client::new(&args.remote)?, args.list).await,
        Some(RunsCommand::Show { run, remote }) => {
            let view: RunView = Client::new(&remote)?.get(&format!("/runs/{run}"), &[]).await?;
            show::show(shared, &view)
        }
        Some(RunsCommand::Recent { flow, remote }) => {
            let query: Vec<_> = flow.map(|flow| ("flow", flow)).into_iter().collect();
            let list: RunList = Client::new(&remote)?.get("/runs/recent", &query).await?;
            print(shared, &list, || table_of(&list, |run| run.flow.clone()))
        }
        Some(RunsCommand::Watch { run, remote }) => watch::watch(shared, &Client::new(&remote)?, run.as_deref()).await,
        Some(RunsCommand::Journal { run, remote }) => {
            let view: JournalView = Client::new(&remote)?.get(&format!("/runs/{run}/journal"), &[]).await?;
            print(shared, &view, || view.entries.join("\n"))
        }
        Some(RunsCommand::Again { run, from, newest, who, remote }) => {
            let request = RerunRequest { from, newest, by: who };
            let view: BegunView = Client::new(&remote)?.post(&format!("/runs/{run}/rerun"), &request).await?;
            print(shared, &view, || view.run.clone())
        }
        Some(RunsCommand::Retry { flow, who, remote }) => {
            let request = BulkRetryRequest { flow, by: who, ..BulkRetryRequest::default() };
            let view: BulkRetryView = Client::new(&remote)?.post("/runs/retry", &request).await?;
            print(shared, &view, || retried(&view))
        }
    }
}

fn retried(view: &BulkRetryView) -> String {
    let refused =
        view.refused.iter().map(|it| format!("{} cannot be run again: {} ({})", it.run, it.fault.message, it.fault.code));
    let lines: Vec<String> = view.runs.iter().cloned().chain(refused).collect();
    match lines.is_empty() {
        true => "no failed run is left to be run again".to_owned(),
        false => lines.join("\n"),
    }
}

async fn list(shared: &Shared, client: &Client, args: ListRuns) -> Done {
    let mut query = vec![("limit", args.limit.to_string())];
    query.extend(args.flow.map(|flow| ("flow", flow)));
    query.extend(args.trigger.map(|trigger| ("trigger", trigger)));
    query.extend(args.after.map(|after| ("after", after.to_string())));
    if !args.state.is_empty() {
        let names: Vec<_> = args.state.iter().map(|state| name(*state)).collect();
        query.push(("state", names.join(",")));
    }
    let list: RunList = client.get("/runs", &query).await?;
    print(shared, &list, || table_of(&list, |run| format!("{} v{}", run.flow, run.version)))
}

/// One line for each run; `flow` says whose it is.
fn table_of(list: &RunList, flow: impl Fn(&RunSummary) -> String) -> String {
    if list.runs.is_empty() {
        return "there are no such runs".to_owned();
    }
    let rows = list.runs.iter().map(|run| {
        let wakes = || run.wakes_at.map(|at| format!("until {}", when::time(at)));
        let (state, began) = (word(run.state).to_owned(), when::time(run.created_at));
        let more = run.fault.clone().or_else(wakes).unwrap_or_default();
        [run.id.clone(), flow(run), state, began, when::between(run.created_at, run.updated_at), more]
    });
    table::text(&["run", "flow", "state", "began", "took", ""], rows)
}

pub async fn start(shared: &Shared, args: Start) -> Done {
    let input: Value = output::value(&args.input.read()?);
    let client = Client::new(&args.remote)?;
    let request = StartRequest { input, wait: args.wait, start_at: None, by: args.who };
    let path = format!("/flows/{}/runs", args.flow);
    if args.wait {
        let reply: Value = client.post_keyed(&path, args.idempotency_key.as_deref(), &request).await?;
        return print(shared, &reply, || super::run::pretty(&reply.to_string()));
    }
    let begun: BegunView = client.post_keyed(&path, args.idempotency_key.as_deref(), &request).await?;
    print(shared, &begun, || begun.run.clone())
}

pub async fn cancel(shared: &Shared, args: OneRun) -> Done {
    let view: RunSummary = Client::new(&args.remote)?.post(&format!("/runs/{}/cancel", args.run), &json!({})).await?;
    print(shared, &view, || match view.state {
        RunState::Cancelled => format!("{} is cancelled", view.id),
        _ => format!("{} was asked to stop", view.id),
    })
}

pub async fn replay(shared: &Shared, args: OneRun) -> Done {
    let view: ReplayView = Client::new(&args.remote)?.post(&format!("/runs/{}/replay", args.run), &json!({})).await?;
    print(shared, &view, || match &view.difference {
        None => format!("{} entries told again: {} steps, all as they were", view.entries, view.steps),
        Some(difference) => format!("after {} entries: {difference}", view.entries),
    })?;
    if view.agrees { Ok(()) } else { Err(Failure::Faulted) }
}

pub async fn migrate(shared: &Shared, args: Migrate) -> Done {
    let request = MigrateRequest { version: args.version };
    let view: RunSummary = Client::new(&args.remote)?.post(&format!("/runs/{}/migrate", args.run), &request).await?;
    print(shared, &view, || format!("{} goes on with version {}", view.id, view.version))
}

/// JSON for programs, text for people.
pub(super) fn print<T: serde::Serialize>(shared: &Shared, view: &T, text: impl FnOnce() -> String) -> Done {
    if shared.json {
        output::json(&serde_json::to_value(view).unwrap_or_default());
    } else {
        output::line(&text());
    }
    Ok(())
}

pub(super) fn word(state: RunState) -> &'static str {
    match state {
        RunState::Queued => "queued",
        RunState::Running => "running",
        RunState::Waiting => "waiting",
        RunState::Finished => "finished",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
    }
}

fn name(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::Running => "running",
        State::Waiting => "waiting",
        State::Finished => "finished",
        State::Failed => "failed",
        State::Cancelled => "cancelled",
    }
}
