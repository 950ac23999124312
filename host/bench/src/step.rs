//! `step`: one call of a Rust node in a fresh instance, JSON in and out, beside the same call made with wasmtime alone.

use crate::options::Options;
use crate::stats::{Figures, Row};
use anyhow::anyhow;
use loomwork_catalog::Package;
use loomwork_engine::{Call, Engine, Profile, Settings};
use serde_json::json;
use std::fmt::Display;
use std::time::Instant;
use wasmtime::component::{Component, ComponentExportIndex, ComponentNamedList, ComponentType, InstancePre, Lift, Linker, Lower};
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

const ID: &str = "step";
/// Steps of one round.
const STEPS: usize = 4_000;
const BUDGET: f64 = 12.0;

pub async fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    let engine = Engine::new(Settings::default())?;
    let text = "x".repeat(1000);
    let numbers: Vec<f64> = (0..20).map(f64::from).collect();
    let small = json!({ "values": numbers }).to_string();
    let large = json!({ "text": text }).to_string();
    let [sum, upper] = [open(&engine, options, "statistics").await?, open(&engine, options, "text").await?];
    let raw_sum = Raw::new(&sum.bytes, "loom:statistics/statistics@0.1.0", "sum").map_err(failed)?;
    let raw_upper = Raw::new(&upper.bytes, "loom:text/text@0.1.0", "upper").map_err(failed)?;
    let mut sums = Rounds::default();
    let mut uppers = Rounds::default();
    for _ in 0..options.rounds {
        sums.ours.push(p50(async || sum.component.call("statistics#sum", &small, Call::default()).await).await?);
        sums.raw.push(p50(async || raw_sum.call::<_, (Result<f64, Error>,)>((&numbers[..],)).await).await?);
        uppers.ours.push(p50(async || upper.component.call("text#upper", &large, Call::default()).await).await?);
        uppers.raw.push(p50(async || raw_upper.call::<_, (String,)>((&text[..],)).await).await?);
    }
    Ok(vec![sums.row("p50, sum of 20 numbers"), uppers.row("p50, 1 KB of text to upper case")])
}

/// The medians of rounds.
#[derive(Default)]
struct Rounds {
    ours: Vec<f64>,
    raw: Vec<f64>,
}

impl Rounds {
    fn row(&self, metric: &str) -> Row {
        let [ours, raw] = [&self.ours, &self.raw].map(|rounds| Figures::new(rounds.clone()));
        let ratios = Figures::ratios(&self.ours, &self.raw);
        Row::new(ID, metric, "µs", &ours).against("wasmtime alone", &raw, ratios).at_most(BUDGET)
    }
}

struct Node {
    bytes: Vec<u8>,
    component: loomwork_engine::Component,
}

/// A node that gets a new instance for every call, whatever its manifest allows.
async fn open(engine: &Engine, options: &Options, name: &str) -> anyhow::Result<Node> {
    let bytes = std::fs::read(options.components.join(format!("{name}.wasm")))?;
    let mut package = Package::read(&bytes)?;
    package.reuse = 1;
    let component = engine.load(&bytes, package, Profile::Node).await?;
    Ok(Node { bytes, component })
}

fn failed(error: impl Display) -> anyhow::Error {
    anyhow!("{error:#}")
}

/// Half of the calls took no longer, in microseconds.
async fn p50<R, E: Display>(call: impl AsyncFn() -> Result<R, E>) -> anyhow::Result<f64> {
    let mut times = Vec::with_capacity(STEPS);
    for _ in 0..STEPS {
        let began = Instant::now();
        let answer = call().await;
        times.push(began.elapsed().as_secs_f64() * 1e6);
        std::hint::black_box(answer.map_err(failed)?);
    }
    Ok(Figures::new(times).median())
}

/// The error of `statistics#sum`.
#[expect(dead_code, reason = "only its type matters: twenty numbers have a sum")]
#[derive(Debug, ComponentType, Lift)]
#[component(variant)]
enum Error {
    #[component(name = "too-few")]
    TooFew(String),
    #[component(name = "invalid")]
    Invalid(String),
    #[component(name = "out-of-range")]
    OutOfRange(String),
}

/// A function as a program calls it that knows its types and nothing else.
struct Raw {
    linked: InstancePre<()>,
    export: ComponentExportIndex,
}

impl Raw {
    fn new(bytes: &[u8], interface: &str, function: &str) -> wasmtime::Result<Self> {
        let mut config = Config::new();
        config.concurrency_support(false);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(PoolingAllocationConfig::new()));
        let engine = wasmtime::Engine::new(&config)?;
        let component = Component::new(&engine, bytes)?;
        let interface = component.get_export_index(None, interface);
        let export = component
            .get_export_index(interface.as_ref(), function)
            .ok_or_else(|| wasmtime::format_err!("no function {function}"))?;
        Ok(Self { linked: Linker::new(&engine).instantiate_pre(&component)?, export })
    }

    /// Calls it in an instance of its own.
    async fn call<A, R>(&self, arguments: A) -> wasmtime::Result<R>
    where
        A: ComponentNamedList + Lower + Send + Sync,
        R: ComponentNamedList + Lift + Send + Sync + 'static,
    {
        let mut store = Store::new(self.linked.engine(), ());
        let instance = self.linked.instantiate_async(&mut store).await?;
        let function = instance.get_typed_func::<A, R>(&mut store, &self.export)?;
        function.call_async(&mut store, arguments).await
    }
}
