//! `cargo xtask demo`: from a clone to a running Loomwork with the examples deployed.

use crate::shell::{cargo, output, root, run as run_command, say, target};
use crate::{components, setup};
use anyhow::{Context, bail};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const ADDRESS: &str = "127.0.0.1:7420";

/// What cargo is told to test what survives crashes: with it the program is built as that needs it.
pub const CRASH_TEST: [&str; 7] = ["--release", "--package", "loomwork-cli", "--features", "failpoints", "--test", "crash"];

/// Something to type while the demo runs.
struct Try {
    about: &'static str,
    /// For a shell in the checkout.
    line: &'static str,
    /// What the answer has in it.
    answer: &'static str,
}

const TRIES: [Try; 6] = [
    Try {
        about: "an order is priced, line by line, in parallel",
        line: "curl -s http://127.0.0.1:7420/orders -H 'content-type: application/json' -d @examples/order-intake/input.json",
        answer: "\"status\":\"accepted\"",
    },
    Try {
        about: "an order that is not one: a typed 422",
        line: "curl -s http://127.0.0.1:7420/orders -H 'content-type: application/json' -d '{\"customer\":\"Ada\",\"lines\":[]}'",
        answer: "\"status\":422",
    },
    Try {
        about: "a report over real data, as Markdown",
        line: "curl -s http://127.0.0.1:7420/report -H 'content-type: text/csv' --data-binary @examples/weather-report/seattle-weather.csv",
        answer: "| sun | 162 |",
    },
    Try {
        about: "a job is asked for until it is done",
        line: "curl -s http://127.0.0.1:7420/poll -H 'content-type: application/json' -d @examples/poll-job/input.json",
        answer: "\"asked\":",
    },
    Try {
        about: "two hundred calls, sixteen at a time, and what failed of them",
        line: "curl -s http://127.0.0.1:7420/fan-out -H 'content-type: application/json' -d @examples/fan-out/input.json",
        answer: "\"failed\"",
    },
    Try { about: "what ran just now; `runs show RUN` has its steps", line: "LOOM runs recent", answer: "fan-out" },
];

/// Sets up, builds, starts the server and prints what to try; ends when the server does (Ctrl-C).
pub fn run(_args: &[String]) -> anyhow::Result<()> {
    setup::all()?;
    build(&["build", "--release", "--package", "loomwork-cli"])?;
    say("starting");
    let mut server = start(&target().join("demo"))?;
    wait_until_healthy(&mut server)?;
    print_what_to_try();
    let status = server.wait()?;
    if !status.success() {
        bail!("the server ended with {status}; its last lines above say why.");
    }
    Ok(())
}

/// Starts the demo on an empty folder and types every line that it prints. Gives how many there are. The program is the one that another
/// suite has built: making one anew takes minutes.
pub fn check() -> anyhow::Result<u64> {
    build(&[&["test", "--no-run"], &CRASH_TEST[..]].concat())?;
    let data = target().join("demo-checked");
    if data.exists() {
        std::fs::remove_dir_all(&data)?;
    }
    let mut server = start(&data)?;
    let checked = wait_until_healthy(&mut server).and_then(|()| TRIES.iter().try_for_each(type_in));
    server.kill().and_then(|()| server.wait())?;
    checked?;
    Ok(TRIES.len() as u64)
}

/// `program` is what cargo is told to build it.
fn build(program: &[&str]) -> anyhow::Result<()> {
    say("building the node components");
    components::build(&root(), None)?;
    say("building loom (the first time takes a few minutes: it compiles a WebAssembly engine)");
    run_command(cargo().args(program), "The first error above says why.")
}

/// `data` is where its runs are kept.
fn start(data: &Path) -> anyhow::Result<Child> {
    let loom = loom();
    let mut command = Command::new(&loom);
    command.current_dir(root()).args(["serve", "examples", "--address", ADDRESS, "--components", "dist/components"]);
    command.args(["--grants-file", "examples/grants.json", "--data"]).arg(data);
    command.spawn().with_context(|| format!("{} did not start", loom.display()))
}

fn loom() -> PathBuf {
    target().join("release/loom")
}

fn type_in(what: &Try) -> anyhow::Result<()> {
    let mut shell = Command::new("sh");
    shell.current_dir(root()).arg("-c").arg(line(what));
    let answer = output(&mut shell, "The line is one that the demo prints; it needs curl.")?;
    if !answer.contains(what.answer) {
        bail!("`{}` answered without `{}`:\n{answer}", line(what), what.answer);
    }
    Ok(())
}

fn line(what: &Try) -> String {
    what.line.replace("LOOM", &loom().display().to_string())
}

fn wait_until_healthy(server: &mut Child) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        if let Some(status) = server.try_wait()? {
            bail!(
                "the server ended with {status} before it was ready. If another program uses {ADDRESS}, stop it and try again."
            );
        }
        if healthy() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("the server did not answer on http://{ADDRESS}/healthz within a minute; its lines above say what it waits for.")
}

fn healthy() -> bool {
    let Ok(mut stream) = TcpStream::connect(ADDRESS) else { return false };
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

fn print_what_to_try() {
    println!("\nLoomwork runs on http://{ADDRESS} with the flows of examples/. Try it in another terminal:");
    for what in &TRIES {
        println!("\n  # {}\n  {}", what.about, line(what));
    }
    println!("\nChange a file under examples/ and save it: the server takes it up at once. Ctrl-C stops it.");
}
