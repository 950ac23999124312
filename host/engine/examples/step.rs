//! What one step in a fresh instance costs, beside the same call made with wasmtime alone.
//!
//! `cargo run --release -p loomwork-engine --example step [rounds]`: a text of one KiB goes into a component and comes back.

use loomwork_catalog::Package;
use loomwork_engine::wasmtime::component::{Component, InstancePre, Linker};
use loomwork_engine::wasmtime::{self, Config, InstanceAllocationStrategy, PoolingAllocationConfig, Store};
use loomwork_engine::{Call, Engine, Settings};
use std::io::Write;
use std::time::{Duration, Instant};

/// Answers with the text it was given. Its allocator hands out one place, since it is called once.
const ECHO: &str = r#"
(component
    (core module $m
        (memory (export "memory") 2)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
        (func (export "echo") (param i32 i32) (result i32)
            (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8)))
    (core instance $i (instantiate $m))
    (func (export "echo") (param "text" string) (result string)
        (canon lift (core func $i "echo") (memory $i "memory") (realloc (func $i "realloc")))))
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(20_000);
    let bytes = wat::parse_str(ECHO).expect("the component is valid");
    let text = "x".repeat(1024);
    let (ours, raw) = (ours(&bytes, &text, rounds).await, raw(&bytes, &text, rounds).await);
    let mut out = std::io::stdout().lock();
    for (name, times) in [("step", &ours), ("wasmtime alone", &raw)] {
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_nanos() as f64 / 1000.0;
        let line = format!("{name:15} p50 {:6.2} µs  min {:6.2}  p99 {:6.2}  max {:8.2}", at(0.5), at(0.0), at(0.99), at(1.0));
        writeln!(out, "{line}").expect("standard output is open");
    }
}

async fn ours(bytes: &[u8], text: &str, rounds: usize) -> Vec<Duration> {
    let engine = Engine::new(Settings::default()).expect("the engine starts");
    let package = Package::read(bytes).expect("the component has a package");
    let component = engine.load(bytes, package, Default::default()).await.expect("the component loads");
    let (input, expected) = (format!("{{\"text\":\"{text}\"}}"), format!("\"{text}\""));
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let began = Instant::now();
        let answer = component.call("#echo", &input, Call::default()).await;
        times.push(began.elapsed());
        assert_eq!(answer.as_deref(), Ok(&*expected));
    }
    times.sort_unstable();
    times
}

async fn raw(bytes: &[u8], text: &str, rounds: usize) -> Vec<Duration> {
    let linked = raw_component(bytes).expect("the component loads");
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let began = Instant::now();
        let answer = raw_call(&linked, text).await.expect("it answers");
        times.push(began.elapsed());
        assert_eq!(answer, text);
    }
    times.sort_unstable();
    times
}

fn raw_component(bytes: &[u8]) -> wasmtime::Result<InstancePre<()>> {
    let mut config = Config::new();
    config.concurrency_support(false);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(PoolingAllocationConfig::new()));
    let engine = wasmtime::Engine::new(&config)?;
    Linker::new(&engine).instantiate_pre(&Component::new(&engine, bytes)?)
}

async fn raw_call(linked: &InstancePre<()>, text: &str) -> wasmtime::Result<String> {
    let mut store = Store::new(linked.engine(), ());
    let instance = linked.instantiate_async(&mut store).await?;
    let echo = instance.get_typed_func::<(&str,), (String,)>(&mut store, "echo")?;
    let (answer,) = echo.call_async(&mut store, (text,)).await?;
    Ok(answer)
}
