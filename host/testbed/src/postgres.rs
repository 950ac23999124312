//! A Postgres server with real fsync.

use crate::process::Process;
use crate::shared::{connect, or_say_why};
use anyhow::{Context, bail, ensure};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START: Duration = Duration::from_secs(30);

/// The port on which the machine's own server listens.
const STANDARD: u16 = 5432;

/// A server that keeps its data over restarts, until it is dropped; or somebody else's, which cannot be killed.
pub struct PostgresServer {
    at: At,
    /// That tests were given.
    schemas: Mutex<Vec<String>>,
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
    /// The server that `LOOM_TEST_POSTGRES` names, or the machine's, or one on a free port; or says why tests that need it are not run. In CI
    /// there must be one.
    pub fn any_or_say_why() -> Option<Self> {
        let elsewhere = std::env::var("LOOM_TEST_POSTGRES").ok().or_else(machines);
        or_say_why(elsewhere.map_or_else(Self::start, |url| Ok(Self { at: At::Elsewhere(url), schemas: Mutex::default() })))
    }

    /// Starts a server on a free port, which can be killed, or says why tests that need it are not run. In CI it must be there.
    pub fn start_or_say_why() -> Option<Self> {
        or_say_why(Self::start())
    }

    /// Starts a server on a free port.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_here(None)
    }

    fn start_here(certificate: Option<&Certificate<'_>>) -> anyhow::Result<Self> {
        let programs = programs().context("there is no Postgres. Install it: `apt-get install postgresql`")?;
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
                return Ok(Self { at: At::Here(Box::new(here)), schemas: Mutex::default() });
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

    /// The name of a schema that no other test has. On a server that stays it goes with this.
    pub fn schema(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("loomtest_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        self.schemas.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
        name
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

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let At::Elsewhere(url) = &self.at else { return };
        let schemas = std::mem::take(self.schemas.get_mut().unwrap_or_else(PoisonError::into_inner));
        let drop: String = schemas.iter().map(|schema| format!("DROP SCHEMA IF EXISTS {schema} CASCADE;")).collect();
        let done = Command::new("psql").args(["-w", "-qX", "-c", "SET lock_timeout = '10s'", "-c", &drop, url]).output();
        if !done.is_ok_and(|done| done.status.success()) {
            eprintln!("left at {}: {}", url.rsplit('@').next().unwrap_or_default(), schemas.join(", "));
        }
    }
}

/// The machine's own server, if it lets us in and lets us make what tests need. `PGUSER` and `PGPASSWORD` say who we are.
fn machines() -> Option<String> {
    drop(connect(STANDARD)?);
    let user = std::env::var("PGUSER").unwrap_or_else(|_| "postgres".to_owned());
    let password = std::env::var("PGPASSWORD").map(|password| format!(":{password}")).unwrap_or_default();
    let url = format!("postgres://{user}{password}@127.0.0.1:{STANDARD}/postgres");
    let asked = "SELECT has_database_privilege(current_database(), 'CREATE')";
    let answer = Command::new("psql").args(["-w", "-tAX", "-c", asked, &url]).env("PGCONNECT_TIMEOUT", "3").output().ok()?;
    (answer.stdout.trim_ascii() == b"t").then_some(url)
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
