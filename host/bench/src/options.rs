//! What the measurements are told: which of them, how often, and where the programs and components lie.

use anyhow::{Context, bail};
use std::path::PathBuf;

/// Everything that can be measured, in the order in which it is.
pub const IDS: [&str; 10] = [
    "http-memory",
    "http-durable",
    "durable-steps",
    "forty-steps",
    "many-runs",
    "many-flows",
    "two-workers",
    "step",
    "compile-100",
    "idle",
];

/// `--name value` pairs.
#[derive(Debug)]
pub struct Options {
    pub only: Option<String>,
    /// Rounds of each measurement; every round measures all contestants.
    pub rounds: usize,
    /// The command that is measured.
    pub loom: PathBuf,
    /// The hand-written server.
    pub axum: PathBuf,
    /// `wasmtime`, of the version that the engine has.
    pub wasmtime: PathBuf,
    /// The component for `wasmtime serve`.
    pub proxy: PathBuf,
    /// Built node components.
    pub components: PathBuf,
    /// A folder of flows, and what they are granted.
    pub examples: PathBuf,
}

impl Options {
    pub fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self {
            only: None,
            rounds: 7,
            loom: "loom".into(),
            axum: "bench-axum".into(),
            wasmtime: "wasmtime".into(),
            proxy: "bench_proxy.wasm".into(),
            components: "dist/components".into(),
            examples: "examples".into(),
        };
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { bail!("{} lacks its value", pair[0]) };
            options.set(name, value)?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> anyhow::Result<()> {
        match name {
            "--only" => self.only = Some(value.to_owned()),
            "--rounds" => self.rounds = value.parse::<usize>().context("--rounds is a number")?.max(1),
            "--loom" => self.loom = value.into(),
            "--axum" => self.axum = value.into(),
            "--wasmtime" => self.wasmtime = value.into(),
            "--proxy" => self.proxy = value.into(),
            "--components" => self.components = value.into(),
            "--examples" => self.examples = value.into(),
            _ => bail!("there is no option {name}"),
        }
        Ok(())
    }

    /// What is to be measured.
    pub fn ids(&self) -> anyhow::Result<Vec<&'static str>> {
        let wanted = |id: &&str| self.only.as_deref().is_none_or(|only| only == *id);
        let ids: Vec<&str> = IDS.into_iter().filter(wanted).collect();
        if ids.is_empty() {
            bail!("--only takes one of {}", IDS.join(", "));
        }
        Ok(ids)
    }
}
