//! A NATS server with JetStream.

use crate::process::Process;
use crate::shared::{connect, or_say_why};
use anyhow::{Context, bail};
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START: Duration = Duration::from_secs(20);
/// Where distributions put it, beside what the path names.
const PLACES: [&str; 3] = ["/usr/sbin", "/usr/local/bin", "/usr/bin"];

/// The port on which the machine's own server listens.
const STANDARD: u16 = 4222;

/// A server that keeps its data over restarts, until it is dropped.
pub struct NatsServer {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    process: Option<Process>,
}

/// A server for tests that leave it as it is: somebody else's, or one of their own.
pub enum AnyNats {
    Elsewhere(String),
    Ours(NatsServer),
}

impl AnyNats {
    /// The server that `LOOM_TEST_NATS` names, or the machine's, or one on a free port; or says why tests that need it are not run. In CI there
    /// must be one.
    pub fn or_say_why() -> Option<Self> {
        match std::env::var("LOOM_TEST_NATS").ok().or_else(machines) {
            Some(url) => Some(Self::Elsewhere(url)),
            None => NatsServer::start_or_say_why().map(Self::Ours),
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Elsewhere(url) => url.clone(),
            Self::Ours(server) => server.url(),
        }
    }
}

/// The machine's own server, if it keeps messages and lets anybody in.
fn machines() -> Option<String> {
    let greeting = greeting(STANDARD)?;
    let fits = greeting.contains("\"jetstream\":true") && !greeting.contains("\"auth_required\":true");
    fits.then(|| format!("nats://127.0.0.1:{STANDARD}"))
}

/// A server greets whoever connects, in one line.
fn greeting(port: u16) -> Option<String> {
    let stream = connect(port)?;
    stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok()?;
    line.starts_with("INFO ").then_some(line)
}

/// The server's program, if it is installed.
pub fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(PLACES.iter().map(PathBuf::from));
    folders.map(|folder| folder.join("nats-server")).find(|program| program.is_file())
}

impl NatsServer {
    /// Starts a server on a free port, or says why tests that need it are not run. In CI it must be there.
    pub fn start_or_say_why() -> Option<Self> {
        or_say_why(Self::start())
    }

    /// Starts a server on a free port.
    pub fn start() -> anyhow::Result<Self> {
        let program =
            program().context("there is no nats-server. Install it: `apt-get install nats-server`, or from https://nats.io")?;
        let folder = TempDir::new()?;
        let mut server = Self { program, folder, port: 0, process: None };
        // Somebody else may take the port between looking and starting.
        for _ in 0..5 {
            server.port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            if server.resume().is_ok() {
                return Ok(server);
            }
        }
        bail!("nats-server does not start: {}", server.log())
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends the server as a crash would.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let process = self.process.take().context("the server runs")?;
        process.signal("KILL")
    }

    /// Starts it again, on the same port and with its data.
    pub fn resume(&mut self) -> anyhow::Result<()> {
        let (program, port) = (self.program.to_string_lossy().into_owned(), self.port.to_string());
        let data = self.folder.path().join("data").to_string_lossy().into_owned();
        let command = [&*program, "-a", "127.0.0.1", "-p", &port, "-js", "-sd", &data];
        self.process = Some(Process::start(&self.folder.path().join("log"), &command)?);
        let deadline = Instant::now() + START;
        while greeting(self.port).is_none() {
            // It says so before it ends, for example because the port is taken.
            if Instant::now() > deadline || self.log().contains("[FTL]") {
                self.process = None;
                bail!("nats-server does not answer: {}", self.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Throws its data away; for a server that is not running.
    pub fn lose_data(&mut self) -> anyhow::Result<()> {
        Ok(std::fs::remove_dir_all(self.folder.path().join("data"))?)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}
