//! Flows of write steps one after the other, and who runs them: this program, here or as a server in a process of its own.

use crate::load;
use crate::server::Server;
use anyhow::Context;
use loomwork_engine::NativePackage;
use loomwork_journal::{Batch, Expect, Kind, Project, Put, Store, Write};
use loomwork_run::{Platform, Runner, RunnerSettings};
use loomwork_server::ServerConfig;
use loomwork_store_sqlite::SqliteStore;
use loomwork_types::Type;
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The database in a measurement's folder.
const DATABASE: &str = "loom.db";
/// What a flow of steps answers.
pub const ANSWER: &[u8] = b"done";

/// A function that changes the world, as far as anybody knows: nothing of it takes time but that it is kept.
fn package() -> NativePackage {
    NativePackage::new("bench:steps@0.1.0").function("write", Vec::new(), Some(Type::U32), async |_, _| Ok("1".to_owned()))
}

/// A flow that writes so often, one step after the other, behind a path of its name.
pub fn flow(name: &str, steps: usize) -> String {
    let mut nodes: Vec<_> = (0..steps).map(|step| json!({ "id": format!("s{step}"), "use": "steps#write" })).collect();
    nodes.push(json!({ "id": "answer", "use": "return", "with": { "value": "done" } }));
    let id = |step: usize| if step == steps { "answer".to_owned() } else { format!("s{step}") };
    let wires: Vec<_> = (0..steps).map(|step| json!({ "from": id(step), "to": id(step + 1) })).collect();
    let web = json!({ "id": "web", "kind": "http", "method": "POST", "path": format!("/{name}") });
    let flow = json!({
        "loomwork": 1, "id": name, "packages": { "steps": "bench:steps@0.1" }, "output": "string",
        "triggers": [web], "nodes": nodes, "wires": wires,
    });
    flow.to_string()
}

/// A worker alone on a database in this folder.
pub async fn runner(folder: &Path) -> anyhow::Result<(Runner, Arc<SqliteStore>)> {
    let store = Arc::new(SqliteStore::open(folder.join(DATABASE)).await?);
    let platform = Platform::builder().native(package()).build().await?;
    let settings = RunnerSettings { alone: true, ..RunnerSettings::default() };
    let runner = Runner::start(platform, store.clone(), settings).await?;
    Ok((runner, store))
}

/// Serves the flows of a folder, and keeps their runs beside it, until the process is ended.
pub async fn serve(address: SocketAddr, folder: &Path) -> anyhow::Result<()> {
    let (runner, _store) = runner(folder).await?;
    let config = ServerConfig { watch: false, ..ServerConfig::local(address, folder.join("flows")) };
    let server = loomwork_server::Server::start(runner, config, |_| {}).await?;
    Ok(server.run(std::future::pending()).await?)
}

/// The same in a process of its own; `flow` is one of those in the folder.
pub async fn start(folder: &Path, flow: &str) -> anyhow::Result<Server> {
    let command = |address: SocketAddr| {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.arg("steps").arg(address.to_string()).arg(folder);
        command
    };
    Server::start(command, &load::post(&format!("/{flow}"), "null"), ANSWER).await
}

/// How long each of so many commits of one row takes, one after the other.
pub async fn row_commits(store: &SqliteStore, count: usize) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let put = Put {
            project: Project::local(),
            kind: Kind::Value,
            name: "row".to_owned(),
            value: Some(number.to_string().into()),
            expect: Expect::Any,
            blobs: Vec::new(),
        };
        let began = Instant::now();
        store.commit(Batch::new(1, [Write::Put(put)])).await.context("one row")?;
        times.push(began.elapsed());
    }
    Ok(times)
}
