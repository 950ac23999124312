//! `/api/flows`

use super::triggers::in_words;
use super::{Answer, Body, Path, json, refused};
use crate::problem::Problem;
use axum::extract::State;
use http::StatusCode;
use loomwork_api::{DeployRequest, FlowList, FlowView, RollbackRequest, TriggerView, VersionList, VersionView};
use loomwork_flow::Durability;
use loomwork_run::{DeployError, FlowState, Runner};
use serde_json::json as value;

pub async fn list(State(runner): State<Runner>) -> Answer<FlowList> {
    let flows = runner.flows().await.map_err(refused)?;
    json(FlowList { flows: flows.iter().map(view).collect() })
}

pub async fn get(State(runner): State<Runner>, Path(flow): Path<String>) -> Answer<FlowView> {
    json(view(&runner.flow(&flow).await.map_err(refused)?))
}

pub async fn deploy(State(runner): State<Runner>, Body(request): Body<DeployRequest>) -> Answer<FlowView> {
    let (deployment, _) = runner.deploy(&request.document).await.map_err(mistakes)?;
    json(view(&runner.flow(&deployment.flow().id).await.map_err(refused)?))
}

/// Its runs go on, and its versions stay.
pub async fn undeploy(State(runner): State<Runner>, Path(flow): Path<String>) -> Answer<FlowView> {
    let before = view(&runner.flow(&flow).await.map_err(refused)?);
    runner.undeploy(&flow).await.map_err(refused)?;
    json(before)
}

/// Mistakes in a document are all named, each with its place.
fn mistakes(error: DeployError) -> Problem {
    let DeployError::Mistakes(diagnostics) = error else { return refused(error.into_fault()) };
    let shown: Vec<_> = diagnostics
        .iter()
        .map(|it| value!({ "code": it.code, "message": it.message, "hint": it.hint, "error": it.is_error(), "start": it.span.start, "end": it.span.end }))
        .collect();
    let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "flow.mistakes", "the document has mistakes");
    problem.data = Some(shown.into());
    problem.hint("`loom check` shows them beside the text")
}

pub async fn versions(State(runner): State<Runner>, Path(flow): Path<String>) -> Answer<VersionList> {
    let active = runner.flow(&flow).await.map_err(refused)?.version;
    let versions = runner.versions(&flow).await.map_err(refused)?;
    let view = |it: loomwork_run::Version| VersionView {
        active: it.version == active,
        version: it.version,
        digest: it.digest,
        deployed_at: it.deployed_at,
    };
    json(VersionList { versions: versions.into_iter().map(view).collect() })
}

pub async fn rollback(
    State(runner): State<Runner>,
    Path(flow): Path<String>,
    Body(request): Body<RollbackRequest>,
) -> Answer<FlowView> {
    runner.rollback(&flow, request.version).await.map_err(refused)?;
    json(view(&runner.flow(&flow).await.map_err(refused)?))
}

fn view(state: &FlowState) -> FlowView {
    let deployment = &state.deployment;
    let flow = deployment.flow();
    FlowView {
        id: flow.id.clone(),
        description: flow.description.clone(),
        version: state.version,
        digest: deployment.digest().to_owned(),
        durability: match flow.durability {
            Durability::Memory => "memory",
            Durability::Steps => "steps",
        }
        .to_owned(),
        input: deployment.input().to_string(),
        output: deployment.output().to_string(),
        triggers: flow.triggers.iter().map(trigger).collect(),
    }
}

fn trigger(trigger: &loomwork_flow::Trigger) -> TriggerView {
    let (kind, about) = in_words(trigger);
    TriggerView { id: trigger.id.clone(), kind: kind.to_owned(), about }
}
