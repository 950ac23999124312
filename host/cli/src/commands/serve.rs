//! `loom serve`: a folder of flows over HTTP.

use super::Shared;
use crate::args::Serve;
use crate::exit::{Done, Failure};
use crate::{output, platform};
use loomwork_flow::TriggerKind;
use loomwork_run::{DeployError, Deployment, Platform, Runner, RunnerSettings};
use loomwork_server::{Deployed, Host, Server, ServerConfig};
use loomwork_store_sqlite::SqliteStore;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub async fn run(shared: &Shared, args: Serve) -> Done {
    crate::log::of_a_server(args.log_json || shared.json);
    if !args.address.ip().is_loopback() {
        let failure = Failure::usage(format!("{} can be reached from other machines", args.address));
        return Err(failure.hint("Listen on 127.0.0.1 and put a reverse proxy that authenticates in front."));
    }
    let builder = platform::builder(shared, &args.granting)?;
    let platform = platform::build(if args.fresh { builder.fresh_instances() } else { builder }).await?;
    let runner = match &args.data {
        Some(folder) => Some(runner(folder, platform.clone()).await?),
        None => None,
    };
    let host = runner.clone().map_or_else(|| Host::from(platform), Host::from);
    let config = ServerConfig { address: args.address, folder: args.folder, watch: !args.no_watch };
    let server = Server::start(host, config, tell).await.map_err(unavailable)?;
    let address = server.address().map_err(|error| Failure::Unavailable(error.to_string()))?;
    tracing::info!(%address, "serving");
    let served = server.run(stopped()).await.map_err(unavailable);
    if let Some(runner) = runner {
        runner.stop(PATIENCE).await;
    }
    served
}

/// How long runs under way may take to come to rest when the server is stopped.
const PATIENCE: Duration = Duration::from_secs(10);

/// A worker on the database in `folder`, which nobody else has.
async fn runner(folder: &Path, platform: Platform) -> Result<Runner, Failure> {
    let unusable = |error: &dyn std::fmt::Display| Failure::Unavailable(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(|error| unusable(&error))?;
    let store = SqliteStore::open(folder.join("loom.db")).await.map_err(|error| unusable(&error))?;
    let settings = RunnerSettings { alone: true, ..RunnerSettings::default() };
    Runner::start(platform, Arc::new(store), settings).await.map_err(|error| unusable(&error))
}

fn unavailable(error: loomwork_server::ServeError) -> Failure {
    let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
    Failure::Unavailable(format!("{error}{source}"))
}

/// Says what became of a document.
fn tell(deployed: &Deployed) {
    let path = deployed.path.display().to_string();
    match (&deployed.error, &deployed.deployment) {
        (Some(error), last_good) => {
            let kept = if last_good.is_some() { "its last good version stays" } else { "it is not deployed" };
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
