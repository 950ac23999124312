//! What a fresh machine lacks: checked first, installed where that is possible, explained where it is not.

use crate::shell::{output, run, say};
use anyhow::bail;
use std::process::Command;

const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32-wasip2"];

/// Adds the WebAssembly targets and checks for a C compiler and Python 3.
pub fn all() -> anyhow::Result<()> {
    say("setting up");
    targets()?;
    c_compiler()?;
    python()
}

/// Adds the WebAssembly targets of the pinned toolchain.
pub fn targets() -> anyhow::Result<()> {
    let mend = "Install rustup from https://rustup.rs; it brings the toolchain that rust-toolchain.toml names.";
    let installed = output(Command::new("rustup").args(["target", "list", "--installed"]), mend)?;
    let missing: Vec<_> = TARGETS.into_iter().filter(|target| !installed.lines().any(|line| line == *target)).collect();
    if !missing.is_empty() {
        run(Command::new("rustup").args(["target", "add"]).args(&missing), "Check the network and run it again.")?;
    }
    Ok(())
}

fn c_compiler() -> anyhow::Result<()> {
    let found = ["cc", "gcc", "clang"].iter().any(|name| Command::new(name).arg("--version").output().is_ok());
    if !found {
        bail!(
            "there is no C compiler. Install one: `apt-get install gcc libc6-dev`, `dnf install gcc`, or `xcode-select --install`."
        );
    }
    Ok(())
}

fn python() -> anyhow::Result<()> {
    if Command::new("python3").arg("--version").output().is_err() {
        bail!("there is no python3, which builds the Python component. Install it: `apt-get install python3 python3-venv`.");
    }
    Ok(())
}
