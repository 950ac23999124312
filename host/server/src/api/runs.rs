//! `/api/runs`

use super::{Answer, Body, Path, Query, json, refused, run_id, view};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use loomwork_api::{
    BegunView, BulkRetryRequest, BulkRetryView, JournalView, MigrateRequest, RefusedView, ReplayView, RerunRequest, RunList,
    RunState, RunSummary, RunView, StartRequest,
};
use loomwork_run::{Again, Filter, NewRun, Reply, RunId, Runner};
use loomwork_types::Fault;
use serde::Deserialize;

/// Runs on one page.
const PAGE: usize = 100;
const MAX_PAGE: usize = 1_000;

pub async fn start(
    State(runner): State<Runner>,
    Path(flow): Path<String>,
    headers: HeaderMap,
    Body(request): Body<StartRequest>,
) -> Result<Response, Problem> {
    let idempotency = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let start_at = request.start_at.unwrap_or(0);
    let (input, starter, caller) = (request.input.to_string(), request.by, crate::trigger::caller(&headers));
    let trigger = runner.by_hand(&flow).map_err(refused)?;
    let new = NewRun { input, trigger, idempotency, start_at, starter, caller, ..NewRun::default() };
    if !request.wait {
        let begun = runner.begin(&flow, new).await.map_err(refused)?;
        let view = BegunView { run: begun.run().to_string(), existing: matches!(begun, loomwork_run::Begun::Existing(_)) };
        return Ok((StatusCode::ACCEPTED, axum::Json(view)).into_response());
    }
    match runner.run(&flow, new).await.1.map_err(refused)? {
        Reply::Finished(output) | Reply::Answered(output) => Ok(crate::response::json(StatusCode::OK, output)),
        Reply::Failed(fault) => Err(Problem::of_fault(&fault, crate::status::of(&fault.code, &[]))),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    flow: Option<String>,
    state: Option<String>,
    trigger: Option<String>,
    parent: Option<String>,
    from: Option<u64>,
    to: Option<u64>,
    id: Option<String>,
    after: Option<u64>,
    limit: Option<usize>,
}

/// Runs that are not kept: the newest, for as long as they are remembered.
pub async fn recent(State(runner): State<Runner>, Query(wanted): Query<OfFlow>) -> Answer<RunList> {
    let runs = runner.platform().recent_runs(wanted.flow.as_deref());
    json(RunList { runs: runs.iter().map(view::recent_summary).collect(), next: None })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfFlow {
    flow: Option<String>,
}

pub async fn list(State(runner): State<Runner>, Query(wanted): Query<Wanted>) -> Answer<RunList> {
    let limit = wanted.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let states = wanted.state.as_deref().unwrap_or_default().split(',').filter(|name| !name.is_empty()).map(state);
    let filter = Filter {
        flow: wanted.flow,
        states: states.collect::<Result<_, _>>()?,
        trigger: wanted.trigger,
        parent: wanted.parent.as_deref().map(run_id).transpose()?,
        from: wanted.from,
        to: wanted.to,
        id: wanted.id,
        after: wanted.after,
        limit,
        ..Filter::of(runner.project().clone())
    };
    let rows = runner.list(&filter).await.map_err(refused)?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|row| row.number);
    json(RunList { runs: rows.into_iter().map(view::summary).collect(), next })
}

fn state(name: &str) -> Result<loomwork_run::State, Problem> {
    let state: Result<RunState, _> = serde_json::from_value(name.into());
    state.map(view::stored).map_err(|_| {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "api.request", format!("`{name}` is no state of a run"));
        problem.hint("states are queued, running, waiting, finished, failed, cancelled")
    })
}

pub async fn get(State(runner): State<Runner>, Path(run): Path<String>) -> Answer<RunView> {
    let id = run_id(&run)?;
    let details = match runner.details(&id).await {
        Ok(details) => details,
        Err(fault) => {
            let recent = runner.platform().recent_run(&run).ok_or_else(|| refused(fault))?;
            return json(view::recent(recent));
        }
    };
    json(view::run(details))
}

pub async fn journal(State(runner): State<Runner>, Path(run): Path<String>) -> Answer<JournalView> {
    let id = run_id(&run)?;
    let entries = runner.journal(&id).await.map_err(refused)?;
    let redact = runner.redact_run(&id).await.map_err(refused)?;
    let text = loomwork_run::journal_text(&entries);
    json(JournalView { entries: text.lines().skip(1).map(|line| redact(line)).collect() })
}

pub async fn cancel(State(runner): State<Runner>, Path(run): Path<String>) -> Answer<RunSummary> {
    let id = run_id(&run)?;
    runner.cancel(&id).await.map_err(refused)?;
    json(view::summary(runner.get(&id).await.map_err(refused)?.row))
}

pub async fn replay(State(runner): State<Runner>, Path(run): Path<String>) -> Answer<ReplayView> {
    let replay = runner.replay(&run_id(&run)?).await.map_err(refused)?;
    let (entries, steps) = (replay.told, replay.steps.len());
    json(ReplayView { agrees: replay.difference.is_none(), entries, steps, difference: replay.difference })
}

pub async fn rerun(
    State(runner): State<Runner>,
    Path(run): Path<String>,
    Body(request): Body<RerunRequest>,
) -> Answer<BegunView> {
    let again = Again { from: request.from, newest: request.newest, starter: request.by };
    let begun = runner.rerun(&run_id(&run)?, again).await.map_err(refused)?;
    json(BegunView { run: begun.to_string(), existing: false })
}

pub async fn retry_failed(State(runner): State<Runner>, Body(request): Body<BulkRetryRequest>) -> Answer<BulkRetryView> {
    let filter = Filter { flow: request.flow, from: request.from, to: request.to, ..Filter::of(runner.project().clone()) };
    let retried = runner.retry_failed(filter, request.by.as_deref()).await.map_err(refused)?;
    let redact = runner.redact();
    let of = |(run, fault): &(RunId, Fault)| RefusedView { run: run.to_string(), fault: view::fault(fault, &redact) };
    let refused = retried.refused.iter().map(of).collect();
    json(BulkRetryView { runs: retried.runs.iter().map(ToString::to_string).collect(), refused })
}

pub async fn migrate(
    State(runner): State<Runner>,
    Path(run): Path<String>,
    Body(request): Body<MigrateRequest>,
) -> Answer<RunSummary> {
    let id = run_id(&run)?;
    runner.migrate(&id, request.version).await.map_err(refused)?;
    json(view::summary(runner.get(&id).await.map_err(refused)?.row))
}
