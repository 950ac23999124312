//! Runs the built `loom`, and talks to the servers it starts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout")
}

fn command(args: &[&str]) -> Command {
    let components = root().join("dist/components");
    assert!(components.is_dir(), "there are no components: run `cargo xtask components` first");
    let mut command = Command::new(env!("CARGO_BIN_EXE_loom"));
    command.current_dir(root()).env("LOOM_COMPONENTS", components).env("NO_COLOR", "1").args(args);
    command
}

/// What a command printed and how it ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code().expect("no signal ended it"), out: text(output.stdout), err: text(output.stderr) }
    }
}

pub fn loom(args: &[&str]) -> Ran {
    command(args).output().expect("loom starts").into()
}

/// The same with something on standard input.
pub fn loom_with_input(args: &[&str], input: &str) -> Ran {
    let mut child =
        command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("loom starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).ok();
    child.wait_with_output().expect("loom ends").into()
}

/// Runs it, expects it to work, and reads its output as JSON.
pub fn json(args: &[&str]) -> serde_json::Value {
    let ran = loom(args);
    assert_eq!(ran.code, 0, "{args:?}\n{}\n{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).expect("JSON")
}

/// A `loom serve` that ends with the test.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Serves a folder on a free port, granted its own address and the stores of the examples.
pub fn serve(folder: &Path) -> Served {
    serve_with(folder, &[])
}

/// The same with more arguments.
pub fn serve_with(folder: &Path, more: &[&str]) -> Served {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let (folder, at) = (folder.to_str().expect("a plain path"), address.to_string());
    let http = format!("http:http://{address}");
    let mut command = command(&["serve", folder, "--address", &at, "--grant", &http, "--grant", "kv:jobs", "--grant", "log"]);
    command.args(more);
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("loom starts");
    let log = child.stderr.take().expect("a pipe");
    // The log is read to its end, or the server would stop at a full pipe.
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
    match ready.recv_timeout(Duration::from_secs(300)) {
        Ok(Ok(())) => Served { child, address },
        Ok(Err(log)) => panic!("the server ended:\n{log}"),
        Err(_) => panic!("the server was not ready in five minutes"),
    }
}

/// What a server answered.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

/// A stream of events that a server sends.
pub struct Stream {
    lines: std::io::Lines<BufReader<TcpStream>>,
    /// Of the last event.
    pub id: String,
}

impl Stream {
    /// The next event: its name, empty for the plain ones, and its data.
    pub fn next(&mut self) -> (String, serde_json::Value) {
        let (mut name, mut data) = (String::new(), None);
        loop {
            let line = self.lines.next().expect("it goes on").expect("an event in time");
            match line.split_once(": ") {
                Some(("id", id)) => self.id = id.to_owned(),
                Some(("event", event)) => name = event.to_owned(),
                Some(("data", json)) => data = Some(serde_json::from_str(json).expect("JSON")),
                _ if line.is_empty() => match data.take() {
                    Some(data) => return (name, data),
                    None => name.clear(),
                },
                _ => {}
            }
        }
    }

    /// What happened until a run ended: names, and nodes of steps.
    pub fn until_ended(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let (name, event) = self.next();
            assert_eq!(name, "", "nothing is missed");
            let what = event["what"].as_str().expect("it is said");
            all.push(event["node"].as_str().map_or(what.to_owned(), |node| format!("{what} {node}")));
            if what == "ended" {
                return all;
            }
        }
    }
}

impl Served {
    /// Watches what happens in runs, from now on or behind an event.
    pub fn watch(&self, last: Option<&str>) -> Stream {
        self.try_watch(last).expect("it can be watched")
    }

    /// None if the server cannot tell it just now.
    pub fn try_watch(&self, last: Option<&str>) -> Option<Stream> {
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        // The older protocol's answers are not cut into pieces.
        let text = format!("GET /api/runs/events HTTP/1.0\r\nhost: {}\r\n{last}\r\n", self.address);
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        stream.write_all(text.as_bytes()).expect("it is sent");
        let mut lines = BufReader::new(stream).lines();
        let status = lines.next().expect("an answer").expect("an answer in time");
        if !status.contains(" 200 ") {
            return None;
        }
        while !lines.next().expect("a head").expect("a head in time").is_empty() {}
        let mut id = String::new();
        while id.is_empty() {
            let line = lines.next().expect("a place").expect("a place in time");
            id = line.strip_prefix("id: ").unwrap_or_default().to_owned();
        }
        Some(Stream { lines, id })
    }

    /// Sends a signal by its name: `STOP`, `CONT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.expect("there is `kill`").success(), "the server is gone");
    }

    /// Stops it as a service manager does, and waits until it is gone.
    pub fn stop(mut self) {
        self.signal("TERM");
        let end = self.child.wait().expect("it ends");
        assert!(end.success(), "{end}");
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, body)
    }

    pub fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send_as(method, path, "accept: */*", body)
    }

    /// With one header, `name: value`.
    pub fn send_as(&self, method: &str, path: &str, header: &str, body: &str) -> Answer {
        let (host, length) = (self.address, body.len());
        let text = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{header}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a timeout");
        stream.write_all(text.as_bytes()).ok();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer in time");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("not HTTP: {answer}"));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Asks until the answer is as wanted, for ten seconds.
    pub fn wait_for(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(Instant::now() < until, "still {} {}", answer.status, answer.body);
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}
