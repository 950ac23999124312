//! A NATS server with JetStream.

use crate::process::Process;
use anyhow::{Context, bail};
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START: Duration = Duration::from_secs(20);
/// Where distributions put it, beside what the path names.
const PLACES: [&str; 3] = ["/usr/sbin", "/usr/local/bin", "/usr/bin"];

/// A server that keeps its data over restarts, until it is dropped.
pub struct NatsServer {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    process: Option<Process>,
}

/// The server's program, if it is installed.
pub fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(PLACES.iter().map(PathBuf::from));
    folders.map(|folder| folder.join("nats-server")).find(|program| program.is_file())
}

impl NatsServer {
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
        while !self.answers() {
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

    /// A server greets whoever connects.
    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let mut greeting = [0; 5];
        let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
        stream.read_exact(&mut greeting).is_ok() && greeting == *b"INFO "
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}
