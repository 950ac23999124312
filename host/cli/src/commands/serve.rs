//! `loom serve`: a folder of flows over HTTP.

use super::Shared;
use crate::args::{Role, Serve};
use crate::exit::{Done, Failure};
use crate::keeping::{self, Working};
use crate::memory::Thrift;
use crate::{output, platform, sweeping};
use loomwork_flow::TriggerKind;
use loomwork_run::{DeployError, Deployment, Retention, Runner};
use loomwork_server::{Backups, Deployed, Numbers, Server, ServerConfig, Token};
use loomwork_telemetry::{Exporter, ExporterConfig};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

pub async fn run(shared: &Shared, args: Serve) -> Done {
    crate::log::of_a_server(args.log_json || shared.json);
    let token = args.token_file.as_deref().map(token).transpose()?;
    if !args.address.ip().is_loopback() && token.is_none() {
        let failure = Failure::usage(format!("{} can be reached from other machines", args.address));
        return Err(
            failure.hint("Give the token that callers of the API must send, with --token-file FILE, or listen on 127.0.0.1.")
        );
    }
    if args.keeping.data.is_some() && args.granting.secrets.is_some() {
        let failure = Failure::usage("with --data, secrets are kept in that folder, and --secrets would hide them");
        return Err(failure.hint("Keep them with `loom secret set NAME`."));
    }
    if args.folder.is_none() && args.keeping.role != Role::Worker {
        return Err(Failure::usage("there is no folder of flows").hint("Name it: `loom serve DIR`."));
    }
    let thrift = Thrift::begin();
    let data = keeping::open(&args.keeping).await?;
    let mut builder = platform::builder(shared, &args.granting, data.as_ref())?;
    builder = builder.remember_runs(RECENT);
    if let Some(collector) = args.traces {
        let exporter = Exporter::start(ExporterConfig::new(collector));
        builder = builder.traces(exporter.map_err(|error| Failure::usage(format!("--traces: {error}")))?);
    }
    let platform = platform::build(if args.fresh { builder.fresh_instances() } else { builder }).await?;
    let retention = Retention { age: Some(args.keep_for).filter(|age| !age.is_zero()), count: args.keep_runs };
    let telemetry = platform.telemetry().clone();
    let working = match &data {
        Some(data) => Working::start(&args.keeping, data, platform.clone(), retention).await?,
        None => Working::forgetful(platform.clone()).await?,
    };
    let sweeping = data
        .as_ref()
        .filter(|data| !data.damaged)
        .map(|data| tokio::spawn(sweeping::sweep(data.blobs.clone(), data.store.clone())));
    let served = match args.keeping.role {
        Role::Worker => {
            drop(thrift);
            work(args.address, working.runner.clone(), token).await
        }
        Role::Api | Role::All => {
            let (vault, backups) = data.map_or((None, None), |data| (Some(data.vault), data.backups));
            let backups = backups.map(|backups| backups as Arc<dyn Backups>);
            let local = ServerConfig::local(args.address, args.folder.unwrap_or_default());
            let config = ServerConfig { watch: !args.no_watch, token, vault, backups, ..local };
            serve(working.runner.clone(), config, thrift).await
        }
    };
    sweeping.inspect(tokio::task::JoinHandle::abort);
    working.stop().await;
    telemetry.flush().await;
    served
}

/// Runs that are not kept are there to be looked at while they are among the newest so many.
const RECENT: usize = 200;

/// Answers requests until the server is stopped.
async fn serve(runner: Runner, config: ServerConfig, starting: Thrift) -> Done {
    let server = Server::start(runner, config, tell).await.map_err(unavailable)?;
    drop(starting);
    let address = server.address().map_err(|error| Failure::Unavailable(error.to_string()))?;
    tracing::info!(%address, "serving");
    server.run(stopped()).await.map_err(unavailable)
}

/// Does nothing but the runner's work until it is stopped.
async fn work(address: SocketAddr, runner: Runner, token: Option<Token>) -> Done {
    let numbers = Numbers::listen(address, runner, token).await.map_err(unavailable)?;
    let address = numbers.address().map_err(|error| Failure::Unavailable(error.to_string()))?;
    tracing::info!(%address, "serving its numbers; working");
    numbers.run(stopped()).await.map_err(unavailable)
}

fn token(file: &Path) -> Result<Token, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    let unfit = |error: loomwork_server::NotAToken| Failure::usage(format!("{}: {error}", file.display()));
    Token::new(&text).map_err(|error| unfit(error).hint("Make one with `openssl rand -hex 32`."))
}

fn unavailable(error: loomwork_server::ServeError) -> Failure {
    let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
    Failure::Unavailable(format!("{error}{source}"))
}

/// Says what became of a document.
fn tell(deployed: &Deployed) {
    let path = deployed.path.display().to_string();
    match (&deployed.error, &deployed.deployment) {
        (Some(error), _) => {
            let kept = if deployed.flow.is_some() { "its last good version stays" } else { "it is not deployed" };
            tracing::error!(path, "{error}; {kept}");
            match &**error {
                DeployError::Mistakes(diagnostics) => output::diagnostics(&path, &deployed.text, diagnostics),
                DeployError::Compile(error) => output::error(&error.to_string(), None),
                DeployError::Refused(fault) => crate::faults::print(fault, false),
            }
        }
        (None, Some(deployment)) => tracing::info!(path, flow = %deployment.flow().id, routes = routes(deployment), "deployed"),
        (None, None) => {}
    }
}

fn routes(deployment: &Deployment) -> String {
    let route = |trigger: &loomwork_flow::Trigger| match &trigger.kind {
        TriggerKind::Http(http) => Some(format!("{} {}", http.method, http.path)),
        _ => None,
    };
    let routes: Vec<String> = deployment.flow().triggers.iter().filter_map(route).collect();
    routes.join(", ")
}

/// Ctrl-C, or the signal with which service managers stop programs.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! { _ = interrupt => {}, () = terminate => {} }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
    tracing::info!("stopping: requests under way are let end");
}
