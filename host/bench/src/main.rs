//! Measures Loomwork against its references on the same machine in the same run. Prints one JSON object a line.
//!
//! `cargo xtask bench` builds what this needs, runs it, and keeps what it says; see docs/benchmarks.md.
//! Knows nothing of how things are built.

mod compile_100;
mod durable_steps;
mod forty_steps;
mod http_durable;
mod http_memory;
mod idle;
mod load;
mod many_flows;
mod many_runs;
mod options;
mod server;
mod stats;
mod step;
mod steps;
mod two_workers;

use options::Options;
use stats::Row;
use std::io::Write;

/// As `loom` has it: the servers that this program is stand for it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["worker", postgres, nats] => return two_workers::work(postgres, nats).await,
        ["steps", address, folder] => return steps::serve(address.parse()?, folder.as_ref()).await,
        _ => {}
    }
    let options = Options::parse(&arguments)?;
    for id in options.ids()? {
        eprintln!("measuring {id}");
        let rows = match id {
            "http-memory" => http_memory::measure(&options).await?,
            "http-durable" => http_durable::measure(&options).await?,
            "durable-steps" => durable_steps::measure(&options).await?,
            "forty-steps" => forty_steps::measure(&options).await?,
            "many-runs" => many_runs::measure(&options).await?,
            "many-flows" => many_flows::measure(&options).await?,
            "two-workers" => two_workers::measure(&options).await?,
            "step" => step::measure(&options).await?,
            "compile-100" => compile_100::measure(&options).await?,
            _ => idle::measure(&options).await?,
        };
        print(&rows)?;
    }
    Ok(())
}

fn print(rows: &[Row]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for row in rows {
        writeln!(out, "{}", serde_json::to_string(row)?)?;
    }
    Ok(out.flush()?)
}
