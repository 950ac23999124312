//! `forty-steps`: a run of forty write steps, beside as many commits of one row of the same file, and 32 such runs at once.

use crate::options::Options;
use crate::stats::{Figures, Row};
use crate::steps;
use anyhow::ensure;
use loomwork_run::{NewRun, Reply, Runner};
use std::time::{Duration, Instant};

const ID: &str = "forty-steps";
const STEPS: usize = 40;
const COMMITS: usize = 42;
const TOGETHER: usize = 32;

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let (runner, store) = steps::runner(folder.path()).await?;
    runner.deploy(&steps::flow("forty", STEPS)).await?;
    run(&runner).await?;
    let (mut commits, mut alone, mut rows, mut together) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        rows.push(steps::row_commits(&store, COMMITS).await?.iter().map(Duration::as_secs_f64).sum::<f64>() * 1e3);
        let before = store.statistics().commits;
        alone.push(run(&runner).await?);
        commits.push((store.statistics().commits - before) as f64);
        let began = Instant::now();
        let runs: Vec<_> = (0..TOGETHER).map(|_| tokio::spawn(run_owned(runner.clone()))).collect();
        for run in runs {
            run.await??;
        }
        together.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let figures = |of: &[f64]| Figures::new(of.to_vec());
    let one = Row::new(ID, "one run", "ms", &figures(&alone));
    let many = Row::new(ID, "32 runs at once", "ms", &figures(&together));
    Ok(vec![
        Row::new(ID, "commits of one run", "commits", &figures(&commits)).at_most(COMMITS as f64),
        one.against("42 commits of one row", &figures(&rows), Figures::ratios(&alone, &rows)).ratio_at_most(1.15),
        many.against("one run", &figures(&alone), Figures::ratios(&together, &alone)).ratio_at_most(2.0),
    ])
}

async fn run_owned(runner: Runner) -> anyhow::Result<f64> {
    run(&runner).await
}

/// Milliseconds from its beginning to its end.
async fn run(runner: &Runner) -> anyhow::Result<f64> {
    let began = Instant::now();
    let (_, reply) = runner.run("forty", NewRun { input: "null".to_owned(), ..NewRun::default() }).await;
    ensure!(matches!(reply, Ok(Reply::Finished(_))), "the run failed: {reply:?}");
    Ok(began.elapsed().as_secs_f64() * 1e3)
}
