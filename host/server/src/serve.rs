//! The HTTP server: accepts, routes, logs, and drains when it is told to stop.

use crate::api::{Api, Backups, Closing, Token};
use crate::folder::{Deployed, Folder};
use crate::host::Host;
use crate::problem::Problem;
use crate::routes::{Found, Routes};
use crate::routing::Routing;
use crate::trigger::Target;
use crate::{trigger, watch};
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::FutureExt;
use http::{HeaderValue, Method, Request, StatusCode, header};
use loomwork_telemetry::HttpAnswer;
use loomwork_vault::Vault;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// Where the server says how it is.
pub(crate) const HEALTH: &str = "/healthz";
/// Where it gives its numbers.
pub(crate) const METRICS: &str = "/metrics";
/// How long requests under way may take when the server is stopped. Runs that they wait for are kept, and go on elsewhere.
const DRAIN: Duration = Duration::from_secs(30);
/// Where no flow can answer.
pub(crate) const OWN: [&str; 2] = [HEALTH, METRICS];

/// Where to listen and what to serve.
#[derive(Clone)]
pub struct ServerConfig {
    pub address: SocketAddr,
    /// A folder of `*.flow.json` documents, searched with its folders.
    pub folder: PathBuf,
    /// Take up saved files at once.
    pub watch: bool,
    /// What the API asks its callers for; without it, it answers only this machine.
    pub token: Option<Token>,
    /// Where the API keeps secrets.
    pub vault: Option<Arc<Vault>>,
    /// What makes copies of all that is kept.
    pub backups: Option<Arc<dyn Backups>>,
}

impl ServerConfig {
    /// A watched folder, for this machine alone, without secrets.
    pub fn local(address: SocketAddr, folder: impl Into<PathBuf>) -> Self {
        Self { address, folder: folder.into(), watch: true, token: None, vault: None, backups: None }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("cannot read the folder {}", .folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error("cannot watch the folder {}", .folder.display())]
    Watch { folder: PathBuf, source: notify::Error },
    #[error("the server broke off")]
    Serve(#[source] std::io::Error),
}

/// A server that has deployed its flows and listens.
pub struct Server {
    listener: TcpListener,
    app: Arc<App>,
    _watch: Option<watch::Watch>,
}

/// What all requests share.
struct App {
    host: Host,
    folder: Arc<Folder>,
    routing: Routing,
    token: Option<Token>,
    vault: Option<Arc<Vault>>,
    backups: Option<Arc<dyn Backups>>,
    closing: Closing,
}

impl Server {
    /// Deploys the folder and binds the address. `told` hears of each document that was deployed or could not be, now and after each save.
    pub async fn start(
        host: impl Into<Host>,
        config: ServerConfig,
        told: impl Fn(&Deployed) + Send + 'static,
    ) -> Result<Self, ServeError> {
        let ServerConfig { address, folder: path, watch, token, vault, backups } = config;
        let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?;
        let host = host.into();
        let folder = Arc::new(Folder::new(path.clone(), host.clone()));
        let deployed = folder.refresh().await.map_err(|source| ServeError::Folder { folder: path.clone(), source })?;
        deployed.iter().for_each(&told);
        let watch = if watch {
            Some(watch::watch(folder.clone(), told).map_err(|source| ServeError::Watch { folder: path, source })?)
        } else {
            None
        };
        let app = App { routing: Routing::new(host.clone()), host, folder, token, vault, backups, closing: Closing::default() };
        Ok(Self { listener, app: Arc::new(app), _watch: watch })
    }

    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    pub fn folder(&self) -> &Arc<Folder> {
        &self.app.folder
    }

    /// Serves until `stop` completes, then lets the requests under way end, for half a minute.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let (router, closing) = (router(self.app.clone()), self.app.closing.clone());
        let listener = axum::serve::ListenerExt::tap_io(self.listener, |stream| {
            // Small answers must not wait for more to send.
            stream.set_nodelay(true).ok();
        });
        let (stopping, stopped) = tokio::sync::oneshot::channel();
        let stop = async move {
            stop.await;
            closing.0.cancel();
            stopping.send(()).ok();
        };
        let served = async { axum::serve(listener, router).with_graceful_shutdown(stop).await };
        let too_long = async {
            // Who never stops serves for ever.
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            served = served => served.map_err(ServeError::Serve),
            () = too_long => {
                tracing::warn!("some requests did not end in time; those who wait for runs ask again");
                Ok(())
            }
        }
    }
}

fn router(app: Arc<App>) -> Router {
    let guarded = crate::api::guarded(Router::new().route(METRICS, get(metrics)), app.token.clone());
    let router = guarded.route(HEALTH, get(health)).fallback(dispatch).with_state(app.clone());
    match &app.host {
        Host::Kept(runner) => {
            let (vault, token, backups) = (app.vault.clone(), app.token.clone(), app.backups.clone());
            let api = Api { runner: runner.clone(), vault, token, backups, closing: app.closing.clone() };
            router.nest("/api", crate::api::routes(api))
        }
        Host::Memory(_) => router,
    }
}

async fn health(State(app): State<Arc<App>>) -> Response {
    let flows = app.folder.flows().await;
    let broken: Vec<_> = flows.iter().filter(|flow| flow.error.is_some()).map(|flow| flow.path.display().to_string()).collect();
    Json(serde_json::json!({ "status": "ok", "flows": flows.len(), "with_mistakes": broken, "instances": app.host.platform().engine().instances_made() })).into_response()
}

/// For Prometheus; told to those who may use the API.
async fn metrics(State(app): State<Arc<App>>) -> Response {
    numbers(&app.host).await
}

pub(crate) async fn numbers(host: &Host) -> Response {
    host.measure().await;
    let text = host.platform().telemetry().metrics().render();
    ([(header::CONTENT_TYPE, loomwork_telemetry::CONTENT_TYPE)], text).into_response()
}

/// Every request that is not the server's own: a trigger's, or nobody's.
async fn dispatch(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let started = Instant::now();
    let request_id = request_id(&request);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let routes = app.routing.routes();
    let mut target = None;
    let answered = AssertUnwindSafe(answer(&routes, request, &mut target)).catch_unwind().await;
    let mut response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.request_id(&request_id).into_response(),
        Err(_) => {
            let problem = Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "host.bug",
                "the server made a mistake; its log names this request",
            );
            problem.request_id(&request_id).into_response()
        }
    };
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    match target {
        Some(target) if status == 200 => target.meter.answered(took),
        _ => {
            let route = target.map_or("none", |target| &target.door.trigger.path);
            app.host.platform().telemetry().metrics().http(HttpAnswer { route, status, took });
        }
    }
    tracing::info!(%method, path, status, took_us = took.as_micros() as u64, request_id, "answered");
    response
}

/// `answering` becomes the trigger whose path fits.
async fn answer<'r>(
    routes: &'r Routes<Target>,
    request: Request<Body>,
    answering: &mut Option<&'r Target>,
) -> Result<Response, Problem> {
    let path = request.uri().path().to_owned();
    match routes.find(request.method(), &path) {
        Found::Target(target, parameters) => {
            *answering = Some(target);
            trigger::answer(target, &parameters, request).await
        }
        Found::OtherMethods(methods) if request.method() == Method::OPTIONS => {
            Ok((StatusCode::NO_CONTENT, [(header::ALLOW, methods.join(", "))]).into_response())
        }
        Found::OtherMethods(methods) => {
            let methods = methods.join(", ");
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "http.method", format!("{path} answers {methods}"));
            Err(HeaderValue::try_from(methods).map_or(problem.clone(), |allow| problem.header(header::ALLOW, allow)))
        }
        Found::Nothing => {
            let problem =
                Problem::new(StatusCode::NOT_FOUND, "http.not_found", format!("no flow answers {} {path}", request.method()));
            Err(problem.hint("Give a flow an HTTP trigger with this path, and save it in the served folder."))
        }
    }
}

/// The caller's own id if it is a plain one, else a new one.
fn request_id(request: &Request<Body>) -> String {
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    let plain = |id: &&str| {
        !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    match given.filter(plain) {
        Some(id) => id.to_owned(),
        None => format!("{:032x}", rand::random::<u128>()),
    }
}
