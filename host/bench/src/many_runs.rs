//! `many-runs`: what a hundred thousand waiting runs take in memory and on disk, and how late ten thousand timers fire that are due within
//! one second.

use crate::load;
use crate::options::Options;
use crate::server::Server;
use crate::stats::{Figures, Row};
use crate::steps;
use anyhow::{Context, ensure};
use futures::StreamExt;
use loomwork_journal::limits::PAGE;
use loomwork_journal::{Filter, Order, Project, RunId, State};
use loomwork_run::{NewRun, Runner};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const ID: &str = "many-runs";
const WAITING: u64 = 100_000;
const TIMERS: u64 = 10_000;
/// Runs that are begun at once.
const AT_ONCE: usize = 256;
/// How long beginning the timers may take before the first is due.
const LEAD_MS: u64 = 30_000;

const WAITS: &str = r#"{"loomwork": 1, "id": "waits", "input": "string", "output": "json",
    "nodes": [{"id": "paid", "use": "wait", "with": {"signal": {"name": "paid", "key": "{{ input }}"}}},
              {"id": "answer", "use": "return", "with": {"value": "{{ nodes.paid }}"}}],
    "wires": [{"from": "paid", "to": "answer"}]}"#;
const SLEEPS: &str = r#"{"loomwork": 1, "id": "sleeps", "input": "datetime", "output": "string",
    "nodes": [{"id": "due", "use": "wait", "with": {"until": "{{ input }}"}},
              {"id": "answer", "use": "return", "with": {"value": "done"}}],
    "wires": [{"from": "due", "to": "answer"}]}"#;

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let (resident, disk) = waiting().await?;
    let mut lags = Vec::new();
    for _ in 0..options.rounds.min(3) {
        lags.push(timers().await?);
    }
    let lag = |share| Figures::new(lags.iter().map(|lags| lags.at(share)).collect());
    Ok(vec![
        Row::new(ID, "resident memory of a waiting run", "KiB", &Figures::new(vec![resident])).at_most(0.5),
        Row::new(ID, "a waiting run on disk", "KiB", &Figures::new(vec![disk])).at_most(4.0),
        Row::new(ID, "p50 of a timer's lag", "ms", &lag(0.5)),
        Row::new(ID, "p99 of a timer's lag", "ms", &lag(0.99)).at_most(250.0),
    ])
}

/// KiB of each waiting run in a server that has found them, and in the database.
async fn waiting() -> anyhow::Result<(f64, f64)> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("flows"))?;
    std::fs::write(folder.path().join("flows/waits.flow.json"), WAITS)?;
    let empty = resident(folder.path()).await?;
    let before = on_disk(folder.path())?;
    let (runner, store) = steps::runner(folder.path()).await?;
    begin_all(&runner, "waits", (0..WAITING).map(|number| format!("\"{number}\""))).await?;
    until(&runner, "waits", State::Waiting, WAITING).await?;
    runner.stop(Duration::from_secs(10)).await;
    drop((runner, store));
    let disk = on_disk(folder.path())? - before;
    let full = resident(folder.path()).await?;
    let each = |bytes: u64| bytes as f64 / 1024.0 / WAITING as f64;
    Ok((each(full.saturating_sub(empty)), each(disk)))
}

/// Bytes of a server on this folder, when it has come to rest.
async fn resident(folder: &Path) -> anyhow::Result<u64> {
    let command = |address: std::net::SocketAddr| {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.arg("steps").arg(address.to_string()).arg(folder);
        command
    };
    let server = Server::start(command, &load::get("/healthz"), b"\"ok\"").await?;
    tokio::time::sleep(Duration::from_secs(7)).await;
    server.resident()
}

fn on_disk(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for file in std::fs::read_dir(folder)? {
        let metadata = file?.metadata()?;
        bytes += if metadata.is_file() { metadata.len() } else { 0 };
    }
    Ok(bytes)
}

/// Milliseconds from when each was due to when it had fired.
async fn timers() -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let (runner, _store) = steps::runner(folder.path()).await?;
    runner.deploy(SLEEPS).await?;
    let first = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64 + LEAD_MS;
    let due = |number: u64| first + number * 1_000 / TIMERS;
    let runs = begin_all(&runner, "sleeps", (0..TIMERS).map(|number| instant(due(number)))).await?;
    let due: HashMap<RunId, u64> = runs.into_iter().map(|(number, run)| (run, due(number))).collect();
    until(&runner, "sleeps", State::Waiting, TIMERS).await.context("they were not all begun before the first was due")?;
    until(&runner, "sleeps", State::Finished, TIMERS).await?;
    let (mut lags, mut after) = (Vec::new(), None);
    loop {
        let filter = Filter { order: Order::OldestFirst, after, limit: PAGE, ..Filter::of(Project::local()) };
        let rows = runner.store().runs(&filter).await?;
        lags.extend(rows.iter().map(|row| row.updated.saturating_sub(due[&row.id]) as f64));
        after = rows.last().map(|row| row.number);
        if rows.len() < PAGE {
            return Ok(Figures::new(lags));
        }
    }
}

fn instant(at_ms: u64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms as i64).unwrap_or_default();
    format!("\"{at}\"")
}

/// Begins runs with these inputs; gives each one's place and id.
async fn begin_all(runner: &Runner, flow: &str, inputs: impl Iterator<Item = String>) -> anyhow::Result<Vec<(u64, RunId)>> {
    let begin = async |(number, input): (usize, String)| {
        let begun = runner.begin(flow, NewRun { input, ..NewRun::default() }).await;
        begun.map(|begun| (number as u64, begun.run().clone()))
    };
    let begun: Vec<_> = futures::stream::iter(inputs.enumerate()).map(begin).buffer_unordered(AT_ONCE).collect().await;
    begun.into_iter().map(|begun| begun.map_err(|fault| anyhow::anyhow!("{}: {}", fault.code, fault.message))).collect()
}

/// Waits until so many runs are in this state.
async fn until(runner: &Runner, flow: &str, state: State, count: u64) -> anyhow::Result<()> {
    for _ in 0..6_000 {
        let counts = runner.store().counts(&Project::local(), Some(flow)).await?;
        if counts.get(&state) == Some(&count) {
            return Ok(());
        }
        ensure!(!counts.contains_key(&State::Failed), "runs have failed: {counts:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("after five minutes there are not {count} runs that are {state:?}")
}
