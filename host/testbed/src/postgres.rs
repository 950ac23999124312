//! A Postgres server with real fsync.

use crate::process::Process;
use anyhow::{Context, bail, ensure};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START: Duration = Duration::from_secs(30);

/// A server that keeps its data over restarts, until it is dropped; or the one that `LOOM_TEST_POSTGRES` names, which cannot be
/// killed.
pub struct PostgresServer {
    at: At,
}

enum At {
    Elsewhere(String),
    Here(Box<Here>),
}

struct Here {
    programs: PathBuf,
    folder: TempDir,
    /// The server refuses to run as root: it gets a user of its own.
    user: Option<(u32, u32)>,
    port: u16,
    encrypted: bool,
    process: Option<Process>,
}

/// What a server shows of itself, as PEM: for `localhost`.
pub struct Certificate<'a> {
    pub chain: &'a str,
    pub key: &'a str,
}

const PASSWORD: &str = "open%20sesame";

/// The folder with the server's programs, if it is installed.
pub fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(debian.map(|version| version.path().join("bin")));
    folders.into_iter().find(|folder| folder.join("initdb").is_file()).map(|folder| {
        // Beside what the path names there may be only some of them.
        let program = folder.join("initdb").canonicalize().unwrap_or_else(|_| folder.join("initdb"));
        program.parent().map_or(folder, Path::to_owned)
    })
}

impl PostgresServer {
    /// Starts a server on a free port, or says why tests that need it are not run. In CI it must be there.
    pub fn start_or_say_why() -> Option<Self> {
        match Self::start() {
            Ok(server) => Some(server),
            Err(error) if std::env::var_os("CI").is_some() => panic!("Postgres must be there in CI: {error:#}"),
            Err(error) => {
                eprintln!("not run: {error:#}");
                None
            }
        }
    }

    pub fn start() -> anyhow::Result<Self> {
        if let Ok(url) = std::env::var("LOOM_TEST_POSTGRES") {
            return Ok(Self { at: At::Elsewhere(url) });
        }
        Self::start_here(None)
    }

    fn start_here(certificate: Option<&Certificate<'_>>) -> anyhow::Result<Self> {
        let programs =
            programs().context("there is no Postgres. Install it: `apt-get install postgresql`, or set LOOM_TEST_POSTGRES")?;
        let folder = TempDir::new()?;
        let user = unprivileged(folder.path())?;
        let mut here = Here { programs, folder, user, port: 0, encrypted: certificate.is_some(), process: None };
        here.prepare()?;
        if let Some(certificate) = certificate {
            here.encrypt(certificate)?;
        }
        // Somebody else may take the port between looking and starting.
        for _ in 0..5 {
            here.port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            if here.resume().is_ok() {
                return Ok(Self { at: At::Here(Box::new(here)) });
            }
        }
        bail!("Postgres does not start: {}", here.log())
    }

    /// A server that takes only connections that are encrypted, and a password.
    pub fn start_encrypted(certificate: &Certificate<'_>) -> anyhow::Result<Self> {
        Self::start_here(Some(certificate))
    }

    /// Where it is; encrypted connections add `sslmode` and what belongs to it.
    pub fn url(&self) -> String {
        match &self.at {
            At::Elsewhere(url) => url.clone(),
            At::Here(here) if here.encrypted => format!("postgres://loom:{PASSWORD}@localhost:{}/postgres", here.port),
            At::Here(here) => format!("postgres://loom@127.0.0.1:{}/postgres", here.port),
        }
    }

    /// Whether it can be killed.
    pub fn is_ours(&self) -> bool {
        matches!(self.at, At::Here(_))
    }

    /// Ends the server as a crash would.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let At::Here(here) = &mut self.at else { bail!("the server is somebody else's") };
        let process = here.process.take().context("the server runs")?;
        process.signal("KILL")
    }

    /// Starts it again, on the same port and with its data.
    pub fn resume(&mut self) -> anyhow::Result<()> {
        match &mut self.at {
            At::Elsewhere(_) => bail!("the server is somebody else's"),
            At::Here(here) => here.resume(),
        }
    }
}

impl Here {
    fn prepare(&self) -> anyhow::Result<()> {
        let data = self.data();
        let password = self.folder.path().join("password");
        std::fs::write(&password, "open sesame\n")?;
        let password = format!("--pwfile={}", password.display());
        let basics = ["-D", &data, "-U", "loom", "-A", "trust", &password, "-E", "UTF8", "--locale", "C", "--no-sync"];
        let made = self.command("initdb", &basics);
        let output = Command::new(&made[0]).args(&made[1..]).current_dir(self.folder.path()).output()?;
        ensure!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Puts the certificate where the server looks for it, and lets nobody in without.
    fn encrypt(&self, certificate: &Certificate<'_>) -> anyhow::Result<()> {
        let data = self.folder.path().join("data");
        for (name, text) in [("server.crt", certificate.chain), ("server.key", certificate.key)] {
            let file = data.join(name);
            std::fs::write(&file, text)?;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600))?;
            let (user, group) = self.user.unzip();
            chown(&file, user, group)?;
        }
        std::fs::write(data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n")?;
        Ok(())
    }

    fn resume(&mut self) -> anyhow::Result<()> {
        let ssl = if self.encrypted { "ssl=on" } else { "ssl=off" };
        let (data, port) = (self.data(), self.port.to_string());
        let folder = self.folder.path().to_string_lossy().into_owned();
        let settings =
            ["-D", &data, "-k", &folder, "-p", &port, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60", "-c", ssl];
        let small = ["-c", "shared_buffers=32MB", "-c", "max_worker_processes=1", "-c", "autovacuum=off"];
        let command = self.command("postgres", &[&settings[..], &small[..]].concat());
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let log = self.folder.path().join("log");
        let deadline = Instant::now() + START;
        loop {
            let process = Process::start(&log, &command)?;
            while process.signal("0").is_ok() && Instant::now() < deadline {
                if self.answers() {
                    self.process = Some(process);
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            // What a killed server leaves may hold its memory for another moment.
            ensure!(Instant::now() < deadline, "Postgres does not answer: {}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn answers(&self) -> bool {
        let mut ready = Command::new(self.programs.join("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-U", "loom", "-p", &self.port.to_string()]);
        ready.status().is_ok_and(|status| status.success())
    }

    /// The program with its arguments, as the server's user.
    fn command(&self, program: &str, arguments: &[&str]) -> Vec<String> {
        let mut command: Vec<String> = Vec::new();
        if let Some((user, group)) = self.user {
            command.extend([
                "setpriv".to_owned(),
                format!("--reuid={user}"),
                format!("--regid={group}"),
                "--clear-groups".to_owned(),
            ]);
        }
        command.push(self.programs.join(program).to_string_lossy().into_owned());
        command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        command
    }

    fn data(&self) -> String {
        self.folder.path().join("data").to_string_lossy().into_owned()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// Gives the folder to a user without rights if it is root's.
fn unprivileged(folder: &Path) -> anyhow::Result<Option<(u32, u32)>> {
    if std::fs::metadata(folder)?.uid() != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let (user, group): (u32, u32) = find("postgres").or_else(|| find("nobody")).context("there is no user `nobody`")?;
    chown(folder, Some(user), Some(group))?;
    Ok(Some((user, group)))
}
