//! `idle`: what a server with the examples takes before anybody asks it anything.

use crate::load;
use crate::options::Options;
use crate::server::Server;
use crate::stats::{Figures, Row};
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

const ID: &str = "idle";
/// What a server does after its start, such as writing caches, is over by then.
const SETTLE: Duration = Duration::from_secs(1);

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    // The first start compiles what the cache of native code lacks, and does not count.
    drop(start(options).await?);
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let server = start(options).await?;
        times.push(server.start_time.as_secs_f64());
        tokio::time::sleep(SETTLE).await;
        sizes.push(server.resident()? as f64 / 1e6);
    }
    Ok(vec![
        Row::new(ID, "resident memory", "MB", &Figures::new(sizes)).at_most(60.0),
        Row::new(ID, "start to the first answer", "s", &Figures::new(times)).at_most(0.3),
    ])
}

async fn start(options: &Options) -> anyhow::Result<Server> {
    let command = |address: SocketAddr| {
        let mut command = Command::new(&options.loom);
        command.arg("serve").arg(&options.examples).args(["--address", &address.to_string()]);
        command.arg("--components").arg(&options.components);
        command.arg("--grants-file").arg(options.examples.join("grants.json"));
        command
    };
    Server::start(command, &load::get("/healthz"), b"\"ok\"").await
}
