//! A server process that does not outlive the test: it ends when the pipe that the test holds is closed, however the test ends.

use anyhow::{Context, ensure};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server runs behind a shell that waits for its own input to end.
const GUARD: &str =
    r#"log=$1; shift; "$@" <&- >"$log" 2>&1 & server=$!; echo $server; cat >/dev/null; kill -9 $server 2>/dev/null"#;

pub(crate) struct Process {
    guard: Child,
    server: u32,
}

impl Process {
    /// Starts a program with arguments; what it says goes to a file.
    pub(crate) fn start(log: &Path, command: &[&str]) -> anyhow::Result<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-c", GUARD, "sh"]).arg(log).args(command).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut guard = shell.spawn().context("there is no shell")?;
        let stdout = guard.stdout.take().context("its output is a pipe")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let server = line.trim().parse().context("the shell did not start the server")?;
        Ok(Self { guard, server })
    }

    /// Sends a signal by its name: `KILL`, `STOP`, `CONT`.
    pub(crate) fn signal(&self, name: &str) -> anyhow::Result<()> {
        let status = Command::new("kill").args(["-s", name, &self.server.to_string()]).stderr(Stdio::null()).status()?;
        ensure!(status.success(), "the server is gone");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}
