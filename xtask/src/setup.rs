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

/// A program that tests start.
struct Program {
    program: &'static str,
    /// What Debian calls it.
    package: &'static str,
    tests: &'static str,
}

const PROGRAMS: [Program; 3] = [
    Program { program: "postgres", package: "postgresql", tests: "the tests of the store on Postgres" },
    Program { program: "nats-server", package: "nats-server", tests: "the tests of dispatch between machines" },
    Program { program: "curl", package: "curl", tests: "the lines that the demo prints" },
];

/// Installs the programs that tests start, where that is possible, and says which tests cannot run without those that are missing still.
pub fn programs() {
    let missing = || PROGRAMS.iter().filter(|server| !is_installed(server.program)).collect::<Vec<_>>();
    let packages: Vec<&str> = missing().iter().map(|server| server.package).collect();
    if !packages.is_empty() && is_root() && Command::new("apt-get").arg("--version").output().is_ok() {
        install(&packages);
    }
    for Program { program, package, tests } in missing() {
        eprintln!("  {tests} cannot run: there is no {program}. Install it: `apt-get install {package}`.");
    }
}

/// A machine without a network goes on without them.
fn install(packages: &[&str]) {
    let mut install = apt();
    install.args(["install", "-y", "-q", "--no-install-recommends"]).args(packages);
    // The lists may be older than the packages.
    let installed = run(&mut install, "").or_else(|_| run(apt().args(["update", "-q"]), "").and_then(|()| run(&mut install, "")));
    if let Err(error) = installed {
        eprintln!("  {error:#}");
    }
}

/// Asks nothing and starts nothing.
fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.envs([("DEBIAN_FRONTEND", "noninteractive"), ("RUNLEVEL", "1")]);
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// In the path, or where Debian keeps servers.
fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let postgres =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|version| version.path().join("bin"));
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/bin".into()]).chain(postgres);
    folders.map(|folder| folder.join(program)).any(|program| program.is_file())
}
