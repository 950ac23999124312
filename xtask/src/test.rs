//! `cargo xtask test`: every suite, in the order in which mistakes are cheapest to find, each within its budget of minutes.

use crate::shell::{cargo, root, run as run_command, say};
use crate::{components, demo, runtime, setup, tidy};
use anyhow::{Context, bail};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

struct Suite {
    name: &'static str,
    /// What it proves.
    about: &'static str,
    /// Minutes on two cores with nothing built; reported, not enforced.
    budget: u32,
    run: fn() -> anyhow::Result<Count>,
}

/// How many checks ran.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: u64,
    failed: u64,
}

const ONE: Count = Count { passed: 1, failed: 0 };

const SUITES: [Suite; 8] = [
    Suite {
        name: "tidy",
        about: "ranks, purity, layers, the names in ARCHITECTURE.md",
        budget: 2,
        run: || tidy::run().map(|()| ONE),
    },
    Suite { name: "pure", about: "the pure crates build for the browser", budget: 3, run: || tidy::build_pure().map(|()| ONE) },
    Suite {
        name: "runtime",
        about: "the committed runtime module is what its source builds",
        budget: 3,
        run: || runtime::verify(&root()).map(|()| ONE),
    },
    Suite { name: "components", about: "the node components build", budget: 8, run: build_components },
    Suite { name: "lint", about: "format, and clippy with warnings denied", budget: 8, run: lint },
    Suite { name: "rust", about: "unit, golden, property, differential and end-to-end tests", budget: 16, run: rust },
    Suite { name: "crash", about: "servers killed at every write and at random, full and damaged disks", budget: 20, run: crash },
    Suite { name: "demo", about: "the demo starts, and every line that it prints answers", budget: 8, run: demo },
];

/// Runs every suite, or the one named, and ends with the count of all.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let only = args.first().map(String::as_str);
    if let Some(name) = only.filter(|name| SUITES.iter().all(|suite| suite.name != *name)) {
        let names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        bail!("there is no suite `{name}`; there are {}", names.join(", "));
    }
    setup::all()?;
    setup::programs();
    let mut total = Count::default();
    let mut lines = Vec::new();
    for suite in SUITES.iter().filter(|suite| only.is_none_or(|name| name == suite.name)) {
        let (count, line) = run_suite(suite);
        total.passed += count.passed;
        total.failed += count.failed;
        lines.push(line);
    }
    say("suites");
    lines.iter().for_each(|line| eprintln!("  {line}"));
    // The runner's closing line goes to standard output, alone on its line.
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("some checks failed; the first failing suite above shows the reason.");
    }
    Ok(())
}

fn run_suite(suite: &Suite) -> (Count, String) {
    say(&format!("{}: {}", suite.name, suite.about));
    let start = Instant::now();
    let result = (suite.run)();
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    let count = match &result {
        Ok(count) => *count,
        Err(error) => {
            eprintln!("  {error:#}");
            Count { passed: 0, failed: 1 }
        }
    };
    let verdict = if count.failed == 0 { "ok" } else { "FAILED" };
    let line = format!(
        "{:<11} {verdict:<7} {minutes:5.1} min of {:2}   {} passed, {} failed",
        suite.name, suite.budget, count.passed, count.failed
    );
    (count, line)
}

fn build_components() -> anyhow::Result<Count> {
    let built = components::build(&root(), None)?;
    Ok(Count { passed: built.len() as u64, failed: 0 })
}

fn lint() -> anyhow::Result<Count> {
    run_command(cargo().args(["fmt", "--all", "--check"]), "Run `cargo fmt --all`.")?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    run_command(cargo().args(clippy), "Each warning above says what to change.")?;
    Ok(Count { passed: 2, failed: 0 })
}

fn rust() -> anyhow::Result<Count> {
    cargo_test(&["--workspace", "--no-fail-fast"])
}

/// The optimised program, in a process of its own, with places at which it ends.
fn crash() -> anyhow::Result<Count> {
    cargo_test(&[&demo::CRASH_TEST[..], &["--", "--test-threads", "1"]].concat())
}

fn demo() -> anyhow::Result<Count> {
    Ok(Count { passed: demo::check()?, failed: 0 })
}

/// Runs `cargo test` and adds up the lines with which each test program closes.
fn cargo_test(args: &[&str]) -> anyhow::Result<Count> {
    let mut command = cargo();
    command.arg("test").args(args).stdout(Stdio::piped());
    let mut child = command.spawn().context("cargo did not start")?;
    let stdout = child.stdout.take().context("cargo's output is a pipe")?;
    let mut count = Count::default();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        println!("{line}");
        add_closing_line(&line, &mut count);
    }
    if !child.wait()?.success() && count.failed == 0 {
        bail!("`cargo test` failed before its tests ran; the first error above says why.");
    }
    Ok(count)
}

/// `test result: ok. 12 passed; 0 failed; 0 ignored; …`
fn add_closing_line(line: &str, count: &mut Count) {
    let Some(rest) = line.strip_prefix("test result: ") else { return };
    let number = |word: &str| -> u64 {
        let before = rest.split(word).next().unwrap_or_default();
        before.split_whitespace().last().and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    count.passed += number(" passed");
    count.failed += number(" failed");
}
