//! `/api/triggers`

use super::{Answer, Path, Query, json, refused};
use axum::extract::State;
use loomwork_api::{TriggerList, TriggerState};
use loomwork_flow::{Trigger, TriggerKind};
use loomwork_run::{Runner, TriggerView};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    flow: Option<String>,
}

pub async fn list(State(runner): State<Runner>, Query(wanted): Query<Wanted>) -> Answer<TriggerList> {
    let triggers = runner.triggers(wanted.flow.as_deref()).map_err(refused)?;
    json(TriggerList { triggers: triggers.iter().map(view).collect() })
}

pub async fn pause(State(runner): State<Runner>, Path((flow, trigger)): Path<(String, String)>) -> Answer<TriggerState> {
    json(view(&runner.pause(&flow, &trigger, true).await.map_err(refused)?))
}

pub async fn resume(State(runner): State<Runner>, Path((flow, trigger)): Path<(String, String)>) -> Answer<TriggerState> {
    json(view(&runner.pause(&flow, &trigger, false).await.map_err(refused)?))
}

fn view(seen: &TriggerView) -> TriggerState {
    let (kind, about) = in_words(&seen.trigger);
    let (flow, id) = (seen.flow.clone(), seen.trigger.id.clone());
    TriggerState { flow, id, kind: kind.to_owned(), about, paused: seen.paused, next: seen.next }
}

/// Its kind, and what it waits for.
pub(super) fn in_words(trigger: &Trigger) -> (&'static str, String) {
    match &trigger.kind {
        TriggerKind::Manual => ("manual", "started by hand".to_owned()),
        TriggerKind::Http(http) => ("http", format!("{} {}", http.method, http.path)),
        TriggerKind::Cron { schedule, zone, .. } => ("cron", format!("{schedule} {}", zone.as_deref().unwrap_or("UTC"))),
        TriggerKind::Event { name } => ("event", name.clone()),
        TriggerKind::Flow { flow } => ("flow", format!("the end of {flow}")),
        TriggerKind::Form { title } => ("form", title.clone().unwrap_or_default()),
    }
}
