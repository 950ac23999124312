//! House rules that are not the compiler's: crates import only lower ranks, pure crates stay pure, ARCHITECTURE.md names what exists.

use crate::shell::{cargo, output, root, run as run_command, say};
use anyhow::bail;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What a pure crate must not lean on: files, sockets, clocks, threads, engines.
const IMPURE: [&str; 9] = ["tokio", "wasmtime", "wasmtime-wasi", "reqwest", "hyper", "axum", "notify", "rustls", "tempfile"];

/// Checks every rule and lists every mistake at once.
pub fn run_rules() -> anyhow::Result<Vec<String>> {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]), "The manifests must parse.")?;
    let metadata: Value = serde_json::from_str(&text)?;
    let crates = crates(&metadata);
    let mut mistakes = arrows_point_down(&crates);
    mistakes.extend(pure_crates_are_pure(&crates));
    mistakes.extend(only_their_own_layer(&crates));
    mistakes.extend(architecture_names_exist(&root())?);
    Ok(mistakes)
}

pub fn run() -> anyhow::Result<()> {
    say("tidy");
    let mistakes = run_rules()?;
    for mistake in &mistakes {
        eprintln!("  {mistake}");
    }
    if !mistakes.is_empty() {
        bail!("{} house rules are broken; each line above names one.", mistakes.len());
    }
    eprintln!("  ranks, purity, layers and ARCHITECTURE.md hold");
    Ok(())
}

/// Builds the pure crates for WebAssembly: the studio runs the very same code.
pub fn build_pure() -> anyhow::Result<()> {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]), "The manifests must parse.")?;
    let crates = crates(&serde_json::from_str(&text)?);
    let mut build = cargo();
    build.args(["check", "--target", "wasm32-unknown-unknown"]);
    for (name, _) in crates.iter().filter(|(_, krate)| krate.pure) {
        build.args(["-p", name]);
    }
    run_build(&mut build)
}

fn run_build(command: &mut std::process::Command) -> anyhow::Result<()> {
    run_command(command, "A pure crate must build for wasm32-unknown-unknown; see the first error above.")
}

#[derive(Default)]
struct Crate {
    rank: Option<u64>,
    pure: bool,
    dependencies: Vec<String>,
}

fn crates(metadata: &Value) -> BTreeMap<String, Crate> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .map(|package| {
            let house = &package["metadata"]["house"];
            let dependencies = package["dependencies"].as_array().into_iter().flatten();
            let krate = Crate {
                rank: house["rank"].as_u64(),
                pure: house["pure"].as_bool().unwrap_or(false),
                dependencies: dependencies
                    .filter(|dep| dep["kind"] != "dev")
                    .filter_map(|dep| dep["name"].as_str().map(String::from))
                    .collect(),
            };
            (package["name"].as_str().unwrap_or_default().to_owned(), krate)
        })
        .collect()
}

fn arrows_point_down(crates: &BTreeMap<String, Crate>) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (name, krate) in crates {
        let Some(own) = krate.rank else {
            mistakes.push(format!("{name}: its Cargo.toml gives no [package.metadata.house] rank"));
            continue;
        };
        for dependency in &krate.dependencies {
            if let Some(theirs) = crates.get(dependency).and_then(|other| other.rank).filter(|theirs| own <= *theirs) {
                mistakes.push(format!("{name} (rank {own}) must not import {dependency} (rank {theirs})"));
            }
        }
    }
    mistakes
}

fn pure_crates_are_pure(crates: &BTreeMap<String, Crate>) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (name, krate) in crates.iter().filter(|(_, krate)| krate.pure) {
        for dependency in &krate.dependencies {
            if IMPURE.contains(&dependency.as_str()) {
                mistakes.push(format!("{name} is pure and must not import {dependency}"));
            }
            if crates.get(dependency).is_some_and(|other| !other.pure) {
                mistakes.push(format!("{name} is pure and must not import {dependency}, which is not"));
            }
        }
    }
    mistakes
}

/// wasmtime is known to the engine and the capabilities, axum to the server, clap to the command line.
fn only_their_own_layer(crates: &BTreeMap<String, Crate>) -> Vec<String> {
    let layers: [(&str, &[&str]); 3] =
        [("wasmtime", &["loomwork-engine", "loomwork-caps"]), ("axum", &["loomwork-server"]), ("clap", &["loomwork-cli"])];
    let mut mistakes = Vec::new();
    for (dependency, allowed) in layers {
        for (name, krate) in crates {
            // From here on crates are tools and tests: nothing ships with them.
            let tool = krate.rank.is_some_and(|rank| rank > 10);
            if !tool && !allowed.contains(&name.as_str()) && krate.dependencies.iter().any(|dep| dep == dependency) {
                mistakes.push(format!("{name} must not import {dependency}: only {} may", allowed.join(", ")));
            }
        }
    }
    mistakes
}

/// Each path in backticks in ARCHITECTURE.md exists, and each `path::Name` beside it stands in that file.
fn architecture_names_exist(root: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    let mut mistakes = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for quoted in line.split('`').skip(1).step_by(2) {
            if let Some(mistake) = check_name(root, quoted)? {
                mistakes.push(format!("ARCHITECTURE.md:{}: {mistake}", number + 1));
            }
        }
    }
    Ok(mistakes)
}

fn check_name(root: &Path, quoted: &str) -> anyhow::Result<Option<String>> {
    let (path, name) = match quoted.split_once("::") {
        Some((path, name)) => (path, Some(name)),
        None => (quoted, None),
    };
    let looks_like_path =
        path.contains('/') && !path.contains([' ', '*', '<', '{']) && !path.starts_with("http") && !path.starts_with('/');
    if !looks_like_path || path.contains('#') || path.starts_with("loom:") {
        return Ok(None);
    }
    let full = root.join(path);
    if !full.exists() {
        return Ok(Some(format!("`{path}` does not exist")));
    }
    let Some(name) = name else { return Ok(None) };
    let found = std::fs::read_to_string(&full)?.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
    Ok((!found).then(|| format!("`{name}` is not in {path}")))
}
