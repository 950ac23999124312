//! `durable-steps`: runs of 5 and of 40 write steps behind HTTP, over 1, 32 and 1 000 connections, beside what the disk allows: a run can be
//! answered no faster than its commits follow one another, and a connection waits for one run at a time.

use crate::load::{self, Load};
use crate::options::Options;
use crate::server::Server;
use crate::stats::{Figures, Row};
use crate::steps;
use loomwork_store_sqlite::SqliteStore;
use std::time::Duration;

const ID: &str = "durable-steps";
const STEPS: [usize; 2] = [5, 40];
const CONNECTIONS: [usize; 3] = [1, 32, 1_000];
const ROUND: Duration = Duration::from_secs(3);
/// Commits of one row that are timed before each load.
const ROWS: usize = 100;

/// One line of the table.
struct Line {
    steps: usize,
    connections: usize,
    loads: Vec<Load>,
    /// Runs a second that the disk allowed in each round.
    bounds: Vec<f64>,
    /// Milliseconds of the server's processor time for each run.
    processor: Vec<f64>,
}

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("flows"))?;
    for steps in STEPS {
        std::fs::write(folder.path().join(format!("flows/s{steps}.flow.json")), steps::flow(&format!("s{steps}"), steps))?;
    }
    let rows = SqliteStore::open(folder.path().join("rows.db")).await?;
    let server = steps::start(folder.path(), "s5").await?;
    let mut lines: Vec<Line> = Vec::new();
    for (steps, connections) in STEPS.into_iter().flat_map(|steps| CONNECTIONS.map(|connections| (steps, connections))) {
        lines.push(Line { steps, connections, loads: Vec::new(), bounds: Vec::new(), processor: Vec::new() });
    }
    let mut commits = Vec::new();
    for _ in 0..options.rounds {
        for line in &mut lines {
            let commit =
                Figures::new(steps::row_commits(&rows, ROWS).await?.iter().map(Duration::as_secs_f64).collect()).median();
            commits.push(commit * 1e3);
            line.measure(&server, commit).await?;
        }
    }
    let mut table = vec![Row::new(ID, "a commit of one row", "ms", &Figures::new(commits))];
    table.extend(lines.iter().flat_map(Line::rows));
    Ok(table)
}

impl Line {
    async fn measure(&mut self, server: &Server, commit: f64) -> anyhow::Result<()> {
        let request = load::post(&format!("/s{}", self.steps), "null");
        let before = server.processor_time()?;
        let load = load::drive(server.address, &request, steps::ANSWER, self.connections, ROUND).await?;
        let spent = server.processor_time()? - before;
        self.bounds.push(self.connections as f64 / ((self.steps + 1) as f64 * commit));
        self.processor.push(spent.as_secs_f64() * 1e3 / load.answers as f64);
        self.loads.push(load);
        Ok(())
    }

    fn rows(&self) -> Vec<Row> {
        let name = |what: &str| format!("{} steps, {} connections: {what}", self.steps, self.connections);
        let rates: Vec<f64> = self.loads.iter().map(|load| load.rate).collect();
        let latency = |share| Figures::new(self.loads.iter().map(|load| load.latency.at(share) / 1e3).collect());
        let ratios = Figures::ratios(&rates, &self.bounds);
        let rate = Row::new(ID, name("runs"), "1/s", &Figures::new(rates));
        vec![
            rate.against("what the disk allows", &Figures::new(self.bounds.clone()), ratios).ratio_at_least(0.6),
            Row::new(ID, name("p50"), "ms", &latency(0.5)),
            Row::new(ID, name("p99"), "ms", &latency(0.99)),
            Row::new(ID, name("processor time of a run"), "ms", &Figures::new(self.processor.clone())),
        ]
    }
}
