//! `http-memory`: a flow behind an HTTP trigger, beside the same work hand-written in axum and in one `wasi:http` component.

use crate::load::{self, Load};
use crate::options::Options;
use crate::server::Server;
use crate::stats::{Figures, Row};
use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

const ID: &str = "http-memory";
pub const FLOW: &str = include_str!("../flows/classify.flow.json");
const CONNECTIONS: usize = 32;
const WARM_UP: Duration = Duration::from_secs(2);
const ROUND: Duration = Duration::from_secs(3);

/// A posted name, and twenty numbers whose sum is large.
pub const BODY: &str = r#"{"name":"Ada Lovelace","numbers":[1.5,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]}"#;
pub const ANSWER: &[u8] = br#""class":"large""#;

/// One of those that are measured, and what each round gave.
struct Contestant {
    name: &'static str,
    server: Server,
    loads: Vec<Load>,
}

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("classify.flow.json"), FLOW)?;
    let request = load::post("/", BODY);
    let mut contestants = Vec::new();
    for name in ["loom", "axum", "wasmtime serve"] {
        let command = |address| command(name, options, folder.path(), address);
        let server = Server::start(command, &request, ANSWER).await?;
        load::drive(server.address, &request, ANSWER, CONNECTIONS, WARM_UP).await?;
        contestants.push(Contestant { name, server, loads: Vec::new() });
    }
    let before = instances(contestants[0].server.address).await?;
    for _ in 0..options.rounds {
        for contestant in &mut contestants {
            contestant.loads.push(load::drive(contestant.server.address, &request, ANSWER, CONNECTIONS, ROUND).await?);
        }
    }
    let made = instances(contestants[0].server.address).await? - before;
    rows(&contestants, made)
}

fn command(name: &str, options: &Options, folder: &std::path::Path, address: SocketAddr) -> Command {
    let address = address.to_string();
    match name {
        "loom" => {
            let mut command = Command::new(&options.loom);
            command.env("LOOM_LOG", "warn").arg("serve").arg(folder).args(["--fresh", "--address", &address]);
            command.arg("--components").arg(&options.components);
            command
        }
        "axum" => {
            let mut command = Command::new(&options.axum);
            command.arg(address);
            command
        }
        _ => {
            let mut command = Command::new(&options.wasmtime);
            command.args(["serve", "-S", "cli=y", "-O", "pooling-allocator=y", "--addr", &address]).arg(&options.proxy);
            command
        }
    }
}

/// How many instances the server has made since it started, as it counts them itself.
async fn instances(address: SocketAddr) -> anyhow::Result<u64> {
    let answer = load::once(address, &load::get("/healthz"), b"\"instances\"").await?;
    let number = answer.split("\"instances\":").nth(1).context("no number of instances")?;
    let end = number.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(number.len());
    Ok(number[..end].parse()?)
}

fn rows(contestants: &[Contestant], made: u64) -> anyhow::Result<Vec<Row>> {
    let [loom, axum, wasmtime] = contestants else { unreachable!("there are three contestants") };
    let answered: f64 = loom.loads.iter().map(|load| load.answers as f64).sum();
    let per_request = made as f64 / answered;
    ensure!(per_request >= 4.0, "a request had {per_request} instances: a machine and three components are four");
    Ok(vec![
        rate(loom).against(axum.name, &rates(axum), Figures::ratios(&values(loom), &values(axum))).ratio_at_least(0.25),
        rate(loom)
            .against(wasmtime.name, &rates(wasmtime), Figures::ratios(&values(loom), &values(wasmtime)))
            .ratio_at_least(1.0),
        Row::new(ID, "fresh instances per request", "instances", &Figures::new(vec![per_request])),
        latency(loom, 0.5, "p50"),
        latency(loom, 0.99, "p99"),
    ])
}

fn values(of: &Contestant) -> Vec<f64> {
    of.loads.iter().map(|load| load.rate).collect()
}

fn rates(of: &Contestant) -> Figures {
    Figures::new(values(of))
}

fn rate(of: &Contestant) -> Row {
    Row::new(ID, "requests answered", "1/s", &rates(of))
}

fn latency(of: &Contestant, share: f64, name: &str) -> Row {
    let rounds = of.loads.iter().map(|load| load.latency.at(share)).collect();
    Row::new(ID, format!("latency {name}"), "µs", &Figures::new(rounds))
}
