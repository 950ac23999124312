//! `/api/secrets`

use super::{Answer, Body, Path, Vaulted, json};
use crate::problem::Problem;
use axum::extract::State;
use http::StatusCode;
use loomwork_api::{SecretChanged, SecretList, SecretRequest, SecretView};
use loomwork_vault::{Contents, VaultError};

/// Names that one listing gives.
const PAGE: usize = 1_000;

pub async fn list(State(vaulted): State<Vaulted>) -> Answer<SecretList> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let after = names.last().map(String::as_str);
        let page = vaulted.vault()?.names(&vaulted.org, &vaulted.project, after, PAGE).await.map_err(|error| problem(&error))?;
        let last = page.len() < PAGE;
        names.extend(page);
        if last {
            return json(SecretList { secrets: names.into_iter().map(|name| SecretView { name }).collect() });
        }
    }
}

pub async fn set(
    State(vaulted): State<Vaulted>,
    Path(name): Path<String>,
    Body(request): Body<SecretRequest>,
) -> Answer<SecretChanged> {
    loomwork_caps::secret::check(&name, &request.value, request.hosts.as_deref())
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "secret.unfit", error.to_string()))?;
    let contents = Contents { hosts: request.hosts, ..Contents::new(request.value) };
    vaulted.vault()?.set(vaulted.place(&name), &contents).await.map_err(|error| problem(&error))?;
    json(SecretChanged { name, present: true })
}

pub async fn delete(State(vaulted): State<Vaulted>, Path(name): Path<String>) -> Answer<SecretChanged> {
    if !vaulted.vault()?.delete(vaulted.place(&name)).await.map_err(|error| problem(&error))? {
        return Err(Problem::new(StatusCode::NOT_FOUND, "secret.not_found", format!("there is no secret `{name}`")));
    }
    json(SecretChanged { name, present: false })
}

fn problem(error: &VaultError) -> Problem {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.code(), error.to_string());
    match error.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}
