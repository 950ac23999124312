//! `many-flows`: ten thousand deployed flows that nobody uses: memory, the start of a server on them, and the first call of one.

use crate::load;
use crate::options::Options;
use crate::server::Server;
use crate::stats::{Figures, Row};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const ID: &str = "many-flows";
const FLOWS: usize = 10_000;
/// Flows that are called, each for the first time.
const CALLED: usize = 500;
const SETTLE: Duration = Duration::from_secs(1);
/// The first start makes native code of all of them.
const FIRST_START: Duration = Duration::from_secs(1_800);

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let flows = folder.path().join("flows");
    std::fs::create_dir(&flows)?;
    for number in 0..FLOWS {
        std::fs::write(flows.join(format!("f{number}.flow.json")), flow(number))?;
    }
    drop(start(options, folder.path(), FIRST_START).await?);
    let (mut starts, mut sizes, mut first) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..options.rounds.min(3) {
        let server = start(options, folder.path(), FIRST_START).await?;
        starts.push(server.start_time.as_secs_f64());
        tokio::time::sleep(SETTLE).await;
        sizes.push(server.resident()? as f64 / f64::from(1 << 30));
        let mut calls = Vec::with_capacity(CALLED);
        for call in 0..CALLED {
            let request = load::post(&format!("/f{}", call * (FLOWS / CALLED) + round), r#"{"name":"Ada"}"#);
            let began = Instant::now();
            load::once(server.address, &request, b"Ada").await?;
            calls.push(began.elapsed().as_secs_f64() * 1e3);
        }
        first.push(Figures::new(calls));
    }
    let call = |share| Figures::new(first.iter().map(|calls| calls.at(share)).collect());
    Ok(vec![
        Row::new(ID, "resident memory", "GiB", &Figures::new(sizes)).at_most(1.0),
        Row::new(ID, "start to the first answer", "s", &Figures::new(starts)).at_most(3.0),
        Row::new(ID, "p50 of a first call", "ms", &call(0.5)),
        Row::new(ID, "p99 of a first call", "ms", &call(0.99)).at_most(2.0),
    ])
}

fn flow(number: usize) -> String {
    let name = format!("f{number}");
    let web = json!({ "id": "web", "kind": "http", "method": "POST", "path": format!("/{name}") });
    let tidy = json!({ "id": "tidy", "use": "text#trim", "with": { "text": "{{ input.name }}" } });
    let answer = json!({ "id": "answer", "use": "return", "with": { "value": format!("{{{{ nodes.tidy }}}} of {name}") } });
    let flow = json!({
        "loomwork": 1, "id": name, "packages": { "text": "loom:text@0.1" }, "input": "record { name: string }", "output": "string",
        "durability": "memory", "triggers": [web], "nodes": [tidy, answer], "wires": [{ "from": "tidy", "to": "answer" }],
    });
    flow.to_string()
}

async fn start(options: &Options, folder: &Path, patience: Duration) -> anyhow::Result<Server> {
    let command = |address: std::net::SocketAddr| {
        let mut command = Command::new(&options.loom);
        // Its native code must not crowd out that of others.
        command.env("LOOM_LOG", "warn").env("XDG_CACHE_HOME", folder.join("cache"));
        command.arg("serve").arg(folder.join("flows")).args(["--address", &address.to_string(), "--no-watch"]);
        command.arg("--components").arg(&options.components).arg("--data").arg(folder.join("data"));
        command
    };
    Server::start_within(patience, command, &load::get("/healthz"), b"\"ok\"").await
}
