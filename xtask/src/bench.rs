//! `cargo xtask bench`: builds what is measured and what it is measured against, measures, and keeps the figures.

use crate::shell::{cache, cargo, output, root, run as run_command, say, target};
use crate::{components, setup};
use anyhow::{Context, bail};
use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

/// The reference has the version of the engine.
const WASMTIME: &str = "48.0.8";
const WASMTIME_FEATURES: &str =
    "serve,run,cranelift,component-model,component-model-async,pooling-allocator,parallel-compilation,cache,wasi-http";

/// `[--only ID] [--json]`
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let (mut json, mut passed_on) = (false, Vec::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--json" => json = true,
            "--only" | "--rounds" => passed_on.extend([arg, args.next().with_context(|| format!("{arg} lacks its value"))?]),
            other => bail!("bench has no option `{other}`; it takes --only ID, --rounds N and --json"),
        }
    }
    let lines = measure(&passed_on)?;
    let rows: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let table = table(&rows);
    print!("{}", if json { &lines } else { &table });
    keep(&table)
}

/// Builds everything, runs the measurements and gives their lines.
fn measure(passed_on: &[&String]) -> anyhow::Result<String> {
    setup::targets()?;
    components::build(&root(), None)?;
    say("building loom and the measurements");
    let mend = "The first error above says why.";
    // Standard output is the measurements' alone.
    let packages = ["loomwork-cli", "loomwork-bench", "loomwork-bench-axum"];
    run_command(cargo().args(["build", "--release"]).args(packages.iter().flat_map(|package| ["--package", package])), mend)?;
    let (proxy, wasmtime) = (proxy()?, wasmtime()?);
    say("measuring");
    let release = target().join("release");
    let mut bench = Command::new(release.join("bench"));
    bench.current_dir(root()).args(passed_on);
    bench.arg("--loom").arg(release.join("loom")).arg("--axum").arg(release.join("bench-axum"));
    bench.arg("--wasmtime").arg(wasmtime).arg("--proxy").arg(proxy);
    bench.arg("--components").arg(root().join("dist/components")).arg("--examples").arg(root().join("examples"));
    bench.stderr(std::process::Stdio::inherit());
    output(&mut bench, "What it measured is named above.")
}

/// The component that `wasmtime serve` runs.
fn proxy() -> anyhow::Result<PathBuf> {
    let folder = cache().join("bench-target");
    let mut build = cargo();
    build.current_dir(root().join("host/bench/proxy")).args(["build", "--locked", "--release", "--target", "wasm32-wasip2"]);
    build.env("CARGO_TARGET_DIR", &folder);
    run_command(&mut build, "The first error above says why.")?;
    Ok(folder.join("wasm32-wasip2/release/bench_proxy.wasm"))
}

/// The `wasmtime` command, installed if it is not there.
fn wasmtime() -> anyhow::Result<PathBuf> {
    let folder = cache().join("tools");
    let program = folder.join("bin/wasmtime");
    let version = Command::new(&program).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    if String::from_utf8_lossy(&version).contains(WASMTIME) {
        return Ok(program);
    }
    say("installing wasmtime, to measure against (once; takes several minutes)");
    let mut install = cargo();
    install.args([
        "install",
        "wasmtime-cli",
        "--version",
        WASMTIME,
        "--locked",
        "--no-default-features",
        "--features",
        WASMTIME_FEATURES,
    ]);
    install.arg("--root").arg(&folder).env("CARGO_TARGET_DIR", cache().join("tools-target"));
    run_command(&mut install, "Check the network and run it again.")?;
    Ok(program)
}

/// A table in Markdown.
fn table(rows: &[Value]) -> String {
    let mut out = String::from(
        "| id | what | median | min – max | reference | ratio (min – max) | budget | met |\n|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let number = |name: &str| row[name].as_f64().map(short).unwrap_or_default();
        let reference = if row["reference"].is_string() {
            format!("{}: {}", text("reference"), number("reference_value"))
        } else {
            String::new()
        };
        let ratio = match row["ratio"].is_number() {
            true => format!("{} ({} – {})", number("ratio"), number("ratio_min"), number("ratio_max")),
            false => String::new(),
        };
        let met = row["met"].as_bool().map(|met| if met { "yes" } else { "**no**" }).unwrap_or_default();
        let (id, metric, value, unit) = (text("id"), text("metric"), number("value"), text("unit"));
        let range = format!("{} – {}", number("min"), number("max"));
        writeln!(out, "| `{id}` | {metric} | {value} {unit} | {range} | {reference} | {ratio} | {} | {met} |", text("budget"))
            .expect("text takes what is written");
    }
    out
}

/// Three digits that say something.
fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

/// Appends the table, with where and of what it was measured, to the document of figures.
fn keep(table: &str) -> anyhow::Result<()> {
    let path = root().join("docs/benchmarks.md");
    let mut text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let commit = output(Command::new("git").current_dir(root()).args(["describe", "--always", "--dirty"]), "Is this a clone?")?;
    let day = output(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M"]), "Is this Unix?")?;
    write!(text, "\n### {} UTC, commit `{}`\n\n{}\n\n{table}", day.trim(), commit.trim(), machine())?;
    std::fs::write(&path, text)?;
    eprintln!("\nappended to docs/benchmarks.md");
    Ok(())
}

/// `Xeon, 2 cores, load 0.5, Linux 6.1`
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{}, {cores} cores, Linux {}, load before the end {load}", model.trim_start_matches([':', ' ', '\t']), kernel.trim())
}
