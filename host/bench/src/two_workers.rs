//! `two-workers`: steps that compute for 20 ms, executed by one worker and by two, each on a processor of its own, with Postgres and NATS
//! beside them on the same machine.

use crate::options::Options;
use crate::server::processor_time;
use crate::stats::{Figures, Row};
use anyhow::{Context, ensure};
use futures::StreamExt;
use loomwork_dispatch::{Nats, NatsConfig};
use loomwork_engine::NativePackage;
use loomwork_run::{NewRun, Platform, Reply, Role, Runner, RunnerSettings};
use loomwork_store_postgres::{PostgresStore, Settings};
use loomwork_testbed::{NatsServer, PostgresServer};
use loomwork_types::Type;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const ID: &str = "two-workers";
const COMPUTES: Duration = Duration::from_millis(20);
/// Runs of one round, each of one step, all begun at once.
const RUNS: usize = 300;
/// Runs that a worker takes at once: few, as each is in the way of the others.
const PLACES: usize = 4;

const FLOW: &str = r#"{"loomwork": 1, "id": "computes", "packages": {"bench": "bench:compute@0.1"}, "output": "string",
    "nodes": [{"id": "step", "use": "bench#compute"}, {"id": "answer", "use": "return", "with": {"value": "done"}}],
    "wires": [{"from": "step", "to": "answer"}]}"#;

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let (postgres, nats) = (PostgresServer::start()?, NatsServer::start()?);
    let api = runner(&postgres.url(), &nats.url(), Role::Api).await?;
    api.deploy(FLOW).await?;
    let (mut one, mut two, mut shares) = (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..options.rounds {
        let workers = [Worker::start(0, &postgres, &nats)?];
        one.push(round(&api, &workers).await?.0);
        drop(workers);
        let workers = [Worker::start(0, &postgres, &nats)?, Worker::start(1, &postgres, &nats)?];
        let (rate, spent) = round(&api, &workers).await?;
        two.push(rate);
        shares.iter_mut().zip(spent).for_each(|(shares, spent)| shares.push(spent));
    }
    let rate = Row::new(ID, "runs with two workers", "1/s", &Figures::new(two.clone()));
    let mut rows = vec![rate.against("one worker", &Figures::new(one.clone()), Figures::ratios(&two, &one)).ratio_at_least(1.7)];
    for (place, shares) in shares.into_iter().enumerate() {
        rows.push(Row::new(ID, format!("worker {place}'s share of its processor"), "", &Figures::new(shares)));
    }
    Ok(rows)
}

/// Runs a second, and each worker's share of its processor.
async fn round(api: &Runner, workers: &[Worker]) -> anyhow::Result<(f64, Vec<f64>)> {
    // They are there when they have done something.
    runs(api, 20 * workers.len()).await?;
    let before: Vec<Duration> = workers.iter().map(Worker::spent).collect::<anyhow::Result<_>>()?;
    let began = Instant::now();
    runs(api, RUNS).await?;
    let took = began.elapsed().as_secs_f64();
    let spent = workers.iter().zip(before).map(|(worker, before)| Ok((worker.spent()? - before).as_secs_f64() / took));
    Ok((RUNS as f64 / took, spent.collect::<anyhow::Result<_>>()?))
}

async fn runs(api: &Runner, count: usize) -> anyhow::Result<()> {
    let run = |_| api.run("computes", NewRun { input: "null".to_owned(), ..NewRun::default() });
    let mut replies = futures::stream::iter(0..count).map(run).buffer_unordered(count);
    while let Some((_, reply)) = replies.next().await {
        ensure!(matches!(reply, Ok(Reply::Finished(_))), "a run failed: {reply:?}");
    }
    Ok(())
}

/// A worker in a process of its own, bound to one processor.
struct Worker {
    process: Child,
}

impl Worker {
    fn start(processor: usize, postgres: &PostgresServer, nats: &NatsServer) -> anyhow::Result<Self> {
        let mut command = Command::new("taskset");
        command.args(["-c", &processor.to_string()]).arg(std::env::current_exe()?);
        command.arg("worker").arg(postgres.url()).arg(nats.url()).stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self { process: command.spawn().context("there is no taskset")? })
    }

    fn spent(&self) -> anyhow::Result<Duration> {
        processor_time(self.process.id())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Works until the process is ended.
pub async fn work(postgres: &str, nats: &str) -> anyhow::Result<()> {
    let _runner = runner(postgres, nats, Role::Worker).await?;
    std::future::pending().await
}

async fn runner(postgres: &str, nats: &str, role: Role) -> anyhow::Result<Runner> {
    let compute = NativePackage::new("bench:compute@0.1.0").function("compute", Vec::new(), Some(Type::U32), async |_, _| {
        let until = Instant::now() + COMPUTES;
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        Ok("1".to_owned())
    });
    let store = PostgresStore::connect(&Settings { carried: true, ..Settings::new(postgres) }).await?;
    let nats = Nats::connect(NatsConfig::new(nats)).await?;
    let platform = Platform::builder().native(compute).build().await?;
    let settings = RunnerSettings { role, places: PLACES, dispatch: Some(Arc::new(nats)), ..RunnerSettings::default() };
    Ok(Runner::start(platform, Arc::new(store), settings).await?)
}
