//! A server in a process of its own: started on a free port, asked until it answers, ended when it is dropped.

use crate::load;
use anyhow::{Context, bail};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to its first answer.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub start_time: Duration,
}

impl Server {
    /// Starts what `command` makes of an address, and waits until `request` is answered with `expected`.
    pub async fn start(command: impl Fn(SocketAddr) -> Command, request: &[u8], expected: &[u8]) -> anyhow::Result<Self> {
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
            if started.elapsed() > PATIENCE {
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

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
