//! A server in a process of its own: started on a free port, asked until it answers, ended when it is dropped.

use crate::load;
use anyhow::{Context, bail};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to its first answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Clock ticks a second, on every Linux of today.
const TICKS: u64 = 100;

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub start_time: Duration,
}

impl Server {
    /// Starts what `command` makes of an address, and waits until `request` is answered with `expected`.
    pub async fn start(command: impl Fn(SocketAddr) -> Command, request: &[u8], expected: &[u8]) -> anyhow::Result<Self> {
        Self::start_within(PATIENCE, command, request, expected).await
    }

    /// The same for one that takes long to its first answer.
    pub async fn start_within(
        patience: Duration,
        command: impl Fn(SocketAddr) -> Command,
        request: &[u8],
        expected: &[u8],
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = command(address);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        if std::env::var_os("BENCH_LOG").is_none() {
            command.stderr(Stdio::null());
        }
        let name = command.get_program().to_string_lossy().into_owned();
        let started = Instant::now();
        let child = command.spawn().with_context(|| format!("{name} did not start"))?;
        let mut server = Self { child, address, start_time: Duration::ZERO };
        while let Err(error) = load::once(address, request, expected).await {
            if let Some(status) = server.child.try_wait()? {
                bail!("{name} ended with {status}; BENCH_LOG=1 shows what it says");
            }
            if started.elapsed() > patience {
                return Err(error.context(format!("{name} does not answer as it should")));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.start_time = started.elapsed();
        Ok(server)
    }

    /// Bytes of memory the process has in use.
    pub fn resident(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).context("needs Linux's /proc")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the process is gone")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }
}

impl Server {
    /// Time that processors spent on the process.
    pub fn processor_time(&self) -> anyhow::Result<Duration> {
        processor_time(self.child.id())
    }
}

/// Time that processors spent on a process.
pub fn processor_time(process: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).context("needs Linux's /proc")?;
    // Behind the name, which may hold anything: the 14th and 15th fields of all.
    let behind = stat.rsplit(')').next().context("the process is gone")?;
    let ticks: u64 = behind.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1000 / TICKS))
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
