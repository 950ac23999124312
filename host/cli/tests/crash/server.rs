//! A server that is killed and started again, and those who use it meanwhile.

use crate::effects::Outside;
use crate::flows;
use loomwork_journal::{Entry, Filter, Happened, Project, Store};
use loomwork_store_sqlite::SqliteStore;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What lasts: a folder with flows, components and data, an address, and the world outside.
pub struct World {
    folder: tempfile::TempDir,
    pub data: PathBuf,
    address: SocketAddr,
    pub outside: Outside,
}

/// A server process, killed when it is dropped.
pub struct Server {
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Server {
    pub fn is_dead(&mut self) -> bool {
        self.child.try_wait().expect("it can be asked").is_some()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["flows", "components"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        flows::write(&folder.path().join("flows"), &folder.path().join("components"));
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        Self { data: folder.path().join("data"), folder, address, outside: Outside::start() }
    }

    /// Starts a server, which ends at `failpoint`, and waits until it serves or has ended. What it logs if it does not serve.
    pub fn try_start(&self, failpoint: Option<&str>) -> Result<Server, String> {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let (flows, components, data) = (path("flows"), path("components"), self.data.display().to_string());
        let (address, grant) = (self.address.to_string(), format!("http:{}", self.outside.url));
        let mut command = Command::new(env!("CARGO_BIN_EXE_loom"));
        command.args(["serve", &flows, "--data", &data, "--address", &address, "--grant", &grant, "--no-watch"]);
        command.args(["--components", &components]).env("NO_COLOR", "1").env_remove("LOOM_FAILPOINT");
        command.envs(failpoint.map(|place| ("LOOM_FAILPOINT", place)));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("loom starts");
        let log = child.stderr.take().expect("a pipe");
        let (told, ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut seen = String::new();
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                seen.push_str(&line);
                seen.push('\n');
                if line.contains("serving") {
                    told.send(Ok(())).ok();
                }
            }
            told.send(Err(seen)).ok();
        });
        let server = Server { child };
        match ready.recv_timeout(PATIENCE) {
            Ok(Ok(())) => Ok(server),
            Ok(Err(log)) => Err(log),
            Err(_) => panic!("the server is not ready in a minute"),
        }
    }

    pub fn start(&self) -> Server {
        self.try_start(None).unwrap_or_else(|log| panic!("the server does not start:\n{log}"))
    }

    /// Asks the server; nothing if it does not answer.
    pub fn ask(&self, method: &str, path: &str, more: &str, body: &Value) -> Option<(u16, Value)> {
        let body = body.to_string();
        let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let (host, length) = (self.address, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\n{more}content-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or(Value::Null)))
    }

    /// Begins a run of the flow; its id once that is acknowledged.
    pub fn begin(&self, id: &str) -> Option<String> {
        let body = json!({ "id": id, "url": self.outside.url });
        let (status, answer) = self.ask("POST", "/everything", &format!("idempotency-key: {id}\r\n"), &body)?;
        assert!(status == 202 || status == 503, "{status} {answer}");
        answer["run"].as_str().map(str::to_owned)
    }

    /// True once the signal is acknowledged.
    pub fn signal(&self, id: &str) -> bool {
        let answer = self.ask("POST", "/api/signals", "", &json!({ "name": "go", "key": id, "payload": null }));
        answer.is_some_and(|(status, _)| status == 200)
    }

    /// Says yes to every question there is.
    pub fn approve_all(&self) {
        let Some((200, open)) = self.ask("GET", "/api/approvals", "", &Value::Null) else { return };
        for question in open["questions"].as_array().into_iter().flatten() {
            let path = format!("/api/approvals/{}/{}", question["run"].as_str().unwrap_or_default(), question["step"]);
            let answered = self.ask("POST", &path, "", &json!({ "by": "ann", "verdict": "approved" }));
            // A second answer, of one whose acknowledgement was lost, finds the question closed or answered.
            assert!(answered.is_none_or(|(status, _)| [200, 404, 409, 503].contains(&status)));
        }
    }

    pub fn state(&self, run: &str) -> Option<Value> {
        self.ask("GET", &format!("/api/runs/{run}"), "", &Value::Null).map(|(_, view)| view)
    }

    /// Waits until every run there is has ended, and gives them all.
    pub fn until_all_ended(&self) -> Vec<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let listed = self.ask("GET", "/api/runs?limit=1000", "", &Value::Null);
            let runs = listed.map(|(_, list)| list["runs"].as_array().cloned().unwrap_or_default()).unwrap_or_default();
            let ended = |run: &Value| ["finished", "failed", "cancelled"].contains(&run["state"].as_str().unwrap_or_default());
            if !runs.is_empty() && runs.iter().all(ended) {
                return runs;
            }
            assert!(Instant::now() < end, "runs do not end: {:#?}", runs.iter().filter(|run| !ended(run)).collect::<Vec<_>>());
            self.approve_all();
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the dead server has on disk of calls: those that returned, and those that may have left.
    pub fn on_disk(&self) -> Disk {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let store = SqliteStore::open(self.data.join("loom.db")).await.expect("it can be opened");
            let mut disk = Disk::default();
            let filter = Filter { limit: 1_000, ..Filter::of(Project::local()) };
            for row in store.runs(&filter).await.expect("it can be read") {
                let entries = store.entries(&row.id, 0, 10_000).await.expect("it can be read");
                for entry in entries {
                    match entry {
                        Entry::Called { step, .. } => drop(disk.called.insert(format!("{}/{step}", row.id))),
                        Entry::Told(event) => match event.what {
                            Happened::Returned(step, _) | Happened::Threw(step, _) => {
                                disk.returned.insert(format!("{}/{step}", row.id));
                            }
                            _ => {}
                        },
                        Entry::Ended { .. } => {}
                    }
                }
            }
            disk
        })
    }
}

/// Calls by `run/step`.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub called: BTreeSet<String>,
    pub returned: BTreeSet<String>,
}
