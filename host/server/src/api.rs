//! What those who look after a server ask of it, under `/api`: its flows, runs, questions and signals. The shapes are in
//! `loomwork-api`.

mod backups;
mod door;
mod events;
mod flows;
mod people;
mod runs;
mod secrets;
mod triggers;
mod view;

pub use backups::Backups;
pub use door::{NotAToken, Token};

use crate::problem::Problem;
use axum::Router;
use axum::extract::FromRef;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use http::StatusCode;
use loomwork_run::{RunId, Runner, StoreError};
use loomwork_types::Fault;
use loomwork_vault::{Place, Vault};
use serde::Serialize;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// A request's answer as JSON, or why there is none.
pub(crate) type Answer<T> = Result<axum::Json<T>, Problem>;

/// What the API works on.
#[derive(Clone)]
pub(crate) struct Api {
    pub runner: Runner,
    /// Absent where secrets come from elsewhere.
    pub vault: Option<Arc<Vault>>,
    /// Asked of every request, if there is one.
    pub token: Option<Token>,
    pub backups: backups::Maker,
    pub closing: Closing,
}

/// Ends answers that would go on for ever, when the server is to end.
#[derive(Clone, Default)]
pub(crate) struct Closing(pub CancellationToken);

impl FromRef<Api> for Closing {
    fn from_ref(api: &Api) -> Self {
        api.closing.clone()
    }
}

impl FromRef<Api> for backups::Maker {
    fn from_ref(api: &Api) -> Self {
        api.backups.clone()
    }
}

/// The vault, as far as one project may use it.
#[derive(Clone)]
pub(crate) struct Vaulted {
    vault: Option<Arc<Vault>>,
    pub org: Arc<str>,
    pub project: Arc<str>,
}

impl FromRef<Api> for Runner {
    fn from_ref(api: &Api) -> Self {
        api.runner.clone()
    }
}

impl FromRef<Api> for Vaulted {
    fn from_ref(api: &Api) -> Self {
        let project = api.runner.project();
        Self { vault: api.vault.clone(), org: project.org.clone(), project: project.name.clone() }
    }
}

impl Vaulted {
    fn vault(&self) -> Result<&Vault, Problem> {
        let none = || Problem::new(StatusCode::CONFLICT, "secret.no_vault", "this server keeps no secrets");
        self.vault.as_deref().ok_or_else(|| none().hint("Start it with --data DIR, or give it a file with --secrets."))
    }

    fn place<'a>(&'a self, name: &'a str) -> Place<'a> {
        Place { org: &self.org, project: &self.project, name }
    }
}

/// The routes, relative to `/api`.
pub(crate) fn routes(api: Api) -> Router {
    let token = api.token.clone();
    let router = Router::new()
        .route("/flows", get(flows::list).post(flows::deploy))
        .route("/flows/{flow}", get(flows::get).delete(flows::undeploy))
        .route("/flows/{flow}/versions", get(flows::versions))
        .route("/flows/{flow}/rollback", post(flows::rollback))
        .route("/flows/{flow}/runs", post(runs::start))
        .route("/flows/{flow}/triggers/{trigger}/pause", post(triggers::pause))
        .route("/flows/{flow}/triggers/{trigger}/resume", post(triggers::resume))
        .route("/triggers", get(triggers::list))
        .route("/backups", post(backups::make))
        .route("/secrets", get(secrets::list))
        .route("/secrets/{name}", put(secrets::set).delete(secrets::delete))
        .route("/runs", get(runs::list))
        .route("/runs/recent", get(runs::recent))
        .route("/runs/events", get(events::watch))
        .route("/runs/retry", post(runs::retry_failed))
        .route("/runs/{run}", get(runs::get))
        .route("/runs/{run}/journal", get(runs::journal))
        .route("/runs/{run}/cancel", post(runs::cancel))
        .route("/runs/{run}/replay", post(runs::replay))
        .route("/runs/{run}/rerun", post(runs::rerun))
        .route("/runs/{run}/migrate", post(runs::migrate))
        .route("/signals", post(people::signal))
        .route("/approvals", get(people::questions))
        .route("/approvals/{run}/{step}", post(people::answer))
        .fallback(nothing)
        .method_not_allowed_fallback(other_method)
        .with_state(api);
    guarded(router, token)
}

/// The same routes, for those who may use the API.
pub(crate) fn guarded<S: Clone + Send + Sync + 'static>(router: Router<S>, token: Option<Token>) -> Router<S> {
    router.layer(axum::middleware::from_fn_with_state(token, door::guard))
}

async fn nothing() -> Response {
    let problem = Problem::new(StatusCode::NOT_FOUND, "api.not_found", "the API has nothing at this address");
    problem.hint("docs/api.md lists what there is").into_response()
}

async fn other_method() -> Response {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "api.method", "this address takes other methods").into_response()
}

pub(crate) fn json<T: Serialize>(value: T) -> Answer<T> {
    Ok(axum::Json(value))
}

/// A fault of the platform itself (not of a run) with the status that says whose mistake it is.
pub(crate) fn refused(fault: Fault) -> Problem {
    let status = match &*fault.code {
        "run.unknown" | "flow.not_found" | "trigger.not_found" => StatusCode::NOT_FOUND,
        "run.ended" | "approval.closed" | "approval.answered" | "store.conflict" | "flow.changed" | "run.not_waiting" => {
            StatusCode::CONFLICT
        }
        "approval.not_entitled" | "approval.own_run" => StatusCode::FORBIDDEN,
        "store.too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "limit.busy" | "live.unavailable" | "store.unavailable" | "store.damaged" | "store.fenced" | "trigger.paused" => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        "store.refused" | "run.bug" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let problem = Problem::of_fault(&fault, status);
    match StoreError::hint_of(&fault.code) {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

pub(crate) fn run_id(text: &str) -> Result<RunId, Problem> {
    text.parse().map_err(|_| {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "run.not_an_id", format!("`{text}` is not a run's id"));
        problem.hint("a run's id is `run_` and 26 letters and digits, as `loom runs` shows it")
    })
}

/// What axum could not read of a request.
pub(crate) struct Unread(Problem);

impl IntoResponse for Unread {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

fn bad_request(status: StatusCode, message: String) -> Unread {
    Unread(Problem::new(status, "api.request", message))
}

impl From<JsonRejection> for Unread {
    fn from(rejection: JsonRejection) -> Self {
        bad_request(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Unread {
    fn from(rejection: QueryRejection) -> Self {
        bad_request(rejection.status(), rejection.body_text())
    }
}

impl From<PathRejection> for Unread {
    fn from(rejection: PathRejection) -> Self {
        bad_request(rejection.status(), rejection.body_text())
    }
}

/// A JSON body whose mistakes are answered as problems.
#[derive(axum::extract::FromRequest)]
#[from_request(via(axum::Json), rejection(Unread))]
pub(crate) struct Body<T>(pub T);

#[derive(axum::extract::FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Unread))]
pub(crate) struct Query<T>(pub T);

#[derive(axum::extract::FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Unread))]
pub(crate) struct Path<T>(pub T);
