//! `http-durable`: the flow of `http-memory` with each run kept on disk before it is answered, beside the same without.

use crate::http_memory::{ANSWER, BODY, FLOW};
use crate::load::{self, Load};
use crate::options::Options;
use crate::server::Server;
use crate::stats::{Figures, Row};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const ID: &str = "http-durable";
const CONNECTIONS: usize = 256;
const WARM_UP: Duration = Duration::from_secs(2);
const ROUND: Duration = Duration::from_secs(3);

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let memory = start(options, &folder.path().join("memory"), FLOW).await?;
    let kept = FLOW.replace(r#""durability": "memory""#, r#""durability": "steps""#);
    let durable = start(options, &folder.path().join("durable"), &kept).await?;
    let drive =
        async |server: &Server, time| load::drive(server.address, &load::post("/", BODY), ANSWER, CONNECTIONS, time).await;
    for server in [&memory, &durable] {
        drive(server, WARM_UP).await?;
    }
    let (mut without, mut with): (Vec<Load>, Vec<Load>) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        without.push(drive(&memory, ROUND).await?);
        with.push(drive(&durable, ROUND).await?);
    }
    let rates = |loads: &[Load]| loads.iter().map(|load| load.rate).collect::<Vec<f64>>();
    let (mine, theirs) = (rates(&with), rates(&without));
    let latency = |share| Figures::new(with.iter().map(|load| load.latency.at(share) / 1e3).collect());
    let rate = Row::new(ID, "requests answered", "1/s", &Figures::new(mine.clone()));
    let ratios = Figures::ratios(&mine, &theirs);
    Ok(vec![
        rate.against("http-memory, 256 connections", &Figures::new(theirs), ratios).ratio_at_least(0.4),
        Row::new(ID, "latency p50", "ms", &latency(0.5)),
        Row::new(ID, "latency p99", "ms", &latency(0.99)),
    ])
}

async fn start(options: &Options, folder: &Path, flow: &str) -> anyhow::Result<Server> {
    let flows = folder.join("flows");
    std::fs::create_dir_all(&flows)?;
    std::fs::write(flows.join("classify.flow.json"), flow)?;
    let command = |address: std::net::SocketAddr| {
        let mut command = Command::new(&options.loom);
        command.env("LOOM_LOG", "warn").arg("serve").arg(&flows).args(["--fresh", "--address", &address.to_string()]);
        command.arg("--components").arg(&options.components).arg("--data").arg(folder.join("data"));
        command
    };
    Server::start(command, &load::post("/", BODY), ANSWER).await
}
