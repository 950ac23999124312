//! Measures Loomwork against its references on the same machine in the same run. Prints one JSON object a line.
//!
//! `cargo xtask bench` builds what this needs, runs it, and keeps what it says; see docs/benchmarks.md.
//! Knows nothing of how things are built.

mod compile_100;
mod http_memory;
mod idle;
mod load;
mod options;
mod reference;
mod server;
mod stats;
mod step;

use options::Options;
use stats::Row;
use std::io::Write;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, address] = &arguments[..]
        && first == "axum"
    {
        return reference::serve(address.parse()?).await;
    }
    let options = Options::parse(&arguments)?;
    for id in options.ids()? {
        eprintln!("measuring {id}");
        let rows = match id {
            "http-memory" => http_memory::measure(&options).await?,
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
