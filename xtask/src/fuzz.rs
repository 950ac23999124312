//! `cargo xtask fuzz`: libFuzzer on a nightly toolchain, which is installed if it is missing.

use crate::shell::{cache, output, root, run as run_command, say};
use anyhow::{Context, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// No input is longer, in bytes: what is short mutates quickly, and can be committed.
const LONGEST: u32 = 16 << 10;
/// An input that takes longer, in seconds, is a finding: it would hang a request.
const SLOWEST: u32 = 10;

struct Options {
    target: Option<String>,
    minutes: u64,
    keep: bool,
}

/// Fuzzes one target, or all in turn. What was found new is remembered in the user's cache; `--keep` commits what reaches new code.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let options = options(args)?;
    let all = targets(&folder())?;
    if let Some(name) = options.target.as_ref().filter(|name| !all.contains(name)) {
        bail!("there is no target `{name}`; there are {}", all.join(", "));
    }
    install()?;
    for target in all.iter().filter(|target| options.target.as_ref().is_none_or(|name| name == *target)) {
        say(&format!("fuzzing {target} for {} minutes", options.minutes));
        fuzz(target, options.minutes)?;
        if options.keep {
            keep(target)?;
        }
    }
    Ok(())
}

fn options(args: &[String]) -> anyhow::Result<Options> {
    let mut options = Options { target: None, minutes: 10, keep: false };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--minutes" => {
                let minutes = args.next().and_then(|text| text.parse().ok());
                options.minutes = minutes.context("--minutes takes a number, such as `--minutes 10`")?;
            }
            "--keep" => options.keep = true,
            other => {
                ensure!(
                    !other.starts_with('-') && options.target.is_none(),
                    "`{other}` is not understood; see `cargo xtask help`"
                );
                options.target = Some(other.to_owned());
            }
        }
    }
    Ok(options)
}

/// Where `cargo fuzz` looks for a folder named `fuzz`.
fn folder() -> PathBuf {
    root().join("host/fuzz")
}

fn targets(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = fs::read_dir(folder.join("fuzz/targets")).context("the fuzz targets cannot be read")?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// A nightly toolchain, whose compiler can count what code an input reaches, and `cargo fuzz`.
fn install() -> anyhow::Result<()> {
    let network = "Check the network and run it again.";
    let toolchains = output(Command::new("rustup").args(["toolchain", "list"]), "Install rustup from https://rustup.rs.")?;
    if !toolchains.lines().any(|line| line.starts_with("nightly")) {
        run_command(Command::new("rustup").args(["toolchain", "install", "nightly", "--profile", "minimal"]), network)?;
    }
    let there = nightly().args(["fuzz", "--version"]).output().is_ok_and(|output| output.status.success());
    if !there {
        run_command(nightly().args(["install", "cargo-fuzz", "--locked"]), network)?;
    }
    Ok(())
}

fn nightly() -> Command {
    let mut command = Command::new("cargo");
    command.arg("+nightly").current_dir(folder());
    command
}

fn cargo_fuzz(target: &str) -> Command {
    let mut command = nightly();
    command.args(["fuzz", "run", target]).env("CARGO_TARGET_DIR", cache().join("fuzz-target"));
    command
}

fn committed(target: &str) -> PathBuf {
    folder().join("fuzz/corpus").join(target)
}

fn remembered(target: &str) -> PathBuf {
    cache().join("fuzz-corpus").join(target)
}

fn fuzz(target: &str, minutes: u64) -> anyhow::Result<()> {
    let remembered = remembered(target);
    fs::create_dir_all(&remembered).with_context(|| format!("cannot create {}", remembered.display()))?;
    let mut command = cargo_fuzz(target);
    // What is found goes to the first folder; all are read.
    command.arg(remembered).arg(committed(target)).arg("--");
    command.args([format!("-max_total_time={}", minutes * 60), format!("-max_len={LONGEST}"), format!("-timeout={SLOWEST}")]);
    command.args(["-rss_limit_mb=4096", "-print_final_stats=1"]);
    let words = folder().join("fuzz/dictionaries").join(target).with_extension("dict");
    if words.exists() {
        command.arg(format!("-dict={}", words.display()));
    }
    let found = format!("The input is in host/fuzz/fuzz/artifacts/{target}; make it a test, then mend the cause.");
    run_command(&mut command, &found)
}

/// Adds to the committed corpus what reaches code that nothing in it reaches, in as few inputs as will do.
fn keep(target: &str) -> anyhow::Result<()> {
    let mut command = cargo_fuzz(target);
    command.arg(committed(target)).arg(remembered(target)).arg("--");
    command.args(["-set_cover_merge=1", "-use_counters=0", &format!("-max_len={LONGEST}")]);
    run_command(&mut command, "The first message above says why.")
}
