//! `cargo xtask demo`: from a clone to a running Loomwork with the examples deployed.

use crate::shell::{cargo, root, run as run_command, say, target};
use crate::{components, setup};
use anyhow::{Context, bail};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const ADDRESS: &str = "127.0.0.1:7420";

/// Sets up, builds, starts the server and prints what to try; ends when the server does (Ctrl-C).
pub fn run(_args: &[String]) -> anyhow::Result<()> {
    setup::all()?;
    say("building the node components");
    components::build(&root(), None)?;
    say("building loom (the first time takes a few minutes: it compiles a WebAssembly engine)");
    run_command(cargo().args(["build", "--release", "--package", "loomwork-cli"]), "The first error above says why.")?;
    say("starting");
    let mut server = start()?;
    wait_until_healthy(&mut server)?;
    print_what_to_try();
    let status = server.wait()?;
    if !status.success() {
        bail!("the server ended with {status}; its last lines above say why.");
    }
    Ok(())
}

fn start() -> anyhow::Result<Child> {
    let loom = target().join("release/loom");
    let mut command = Command::new(&loom);
    command.current_dir(root()).args(["serve", "examples", "--address", ADDRESS, "--components", "dist/components"]);
    command.args(["--grants-file", "examples/grants.json"]);
    command.spawn().with_context(|| format!("{} did not start", loom.display()))
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
    println!(
        "
Loomwork runs on http://{ADDRESS} with the flows of examples/. Try it in another terminal:

  # an order is priced, line by line, in parallel
  curl -s http://{ADDRESS}/orders -H 'content-type: application/json' -d @examples/order-intake/input.json

  # an order that is not one: a typed 422
  curl -s http://{ADDRESS}/orders -H 'content-type: application/json' -d '{{\"customer\":\"Ada\",\"lines\":[]}}'

  # a report over real data, as Markdown
  curl -s http://{ADDRESS}/report -H 'content-type: text/csv' --data-binary @examples/weather-report/seattle-weather.csv

  # a job is asked for until it is done
  curl -s http://{ADDRESS}/poll -H 'content-type: application/json' -d @examples/poll-job/input.json

  # two hundred calls, sixteen at a time, and what failed of them
  curl -s http://{ADDRESS}/fan-out -H 'content-type: application/json' -d @examples/fan-out/input.json

Change a file under examples/ and save it: the server takes it up at once. Ctrl-C stops it."
    );
}
