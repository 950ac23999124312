//! Several servers on one Postgres, with and without NATS: processes are stopped, frozen and thawed, and what they share is restarted
//! under load.

use crate::loom::{Answer, Served, serve_with};
use crate::outside::Outside;
use loomwork_testbed::{NatsServer, PostgresServer};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Tells the outside of an order, twice; between, it waits for something slow.
const ORDER: &str = r#"{"loomwork": 1, "id": "order", "packages": {"http": "loom:http@0.1"},
    "input": "record { at: string, slow: string }", "output": "json",
    "triggers": [{"id": "now", "kind": "http", "method": "POST", "path": "/begin", "answer": "now"},
                 {"id": "web", "kind": "http", "method": "POST", "path": "/orders"}],
    "nodes": [{"id": "first", "use": "http#post-json", "with": {"url": "{{ input.at }}/first", "body": 1}},
              {"id": "slow", "use": "http#post-json", "with": {"url": "{{ input.at + input.slow }}", "body": 1}},
              {"id": "second", "use": "http#post-json", "with": {"url": "{{ input.at }}/second", "body": 1}},
              {"id": "answer", "use": "return", "with": {"value": "{{ nodes.second }}"}}],
    "wires": [{"from": "first", "to": "slow"}, {"from": "slow", "to": "second"}, {"from": "second", "to": "answer"}]}"#;

/// What all servers share.
struct Shared {
    folder: tempfile::TempDir,
    outside: Outside,
    postgres: PostgresServer,
    nats: Option<NatsServer>,
}

impl Shared {
    /// None if there is no Postgres here, or no NATS where it is wanted.
    fn new(nats: bool) -> Option<Self> {
        let postgres = PostgresServer::start_or_say_why()?;
        let nats = match nats {
            true => Some(NatsServer::start_or_say_why()?),
            false => None,
        };
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("flows")).expect("made");
        std::fs::write(folder.path().join("flows/order.flow.json"), ORDER).expect("written");
        Some(Self { folder, outside: Outside::new(), postgres, nats })
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a plain path").to_owned()
    }

    fn start(&self, role: &str) -> Served {
        let (data, database) = (self.path("data"), self.postgres.url());
        let grant = format!("http:{}", self.at());
        let mut more = vec!["--data", &data, "--database", &database, "--role", role, "--no-watch", "--grant", &grant];
        let nats = self.nats.as_ref().map(NatsServer::url);
        if let Some(nats) = &nats {
            more.extend(["--nats", nats]);
        }
        serve_with(Path::new(&self.path("flows")), &more)
    }

    fn at(&self) -> String {
        format!("http://{}", self.outside.address)
    }

    fn order(&self, slow: &str) -> String {
        json!({ "at": self.at(), "slow": slow }).to_string()
    }

    /// Begins a run and gives its id; none if the server could not promise it.
    fn begin(&self, server: &Served, slow: &str) -> Option<String> {
        let begun = server.post("/begin", &self.order(slow));
        match begun.status {
            202 => begun.json()["run"].as_str().map(str::to_owned),
            500.. => None,
            _ => panic!("{} {}", begun.status, begun.body),
        }
    }
}

fn view(server: &Served, run: &str) -> Value {
    server.get(&format!("/api/runs/{run}")).json()
}

/// Looks at a run until it is at its end.
fn until_ended(server: &Served, run: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(90);
    loop {
        let view = view(server, run);
        if ["finished", "failed", "cancelled"].iter().any(|state| view["state"] == *state) {
            return view;
        }
        assert!(Instant::now() < until, "{view:#}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(90);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn finished(answer: &Answer) {
    assert_eq!((answer.status, answer.body.trim()), (200, "true"));
}

#[test]
fn one_takes_requests_and_another_executes_them() {
    for nats in [false, true] {
        let Some(shared) = Shared::new(nats) else { return };
        let (api, worker) = (shared.start("api"), shared.start("worker"));
        finished(&api.post("/orders", &shared.order("/quick")));
        let started = Instant::now();
        for _ in 0..10 {
            finished(&api.post("/orders", &shared.order("/quick")));
        }
        // Nobody waited for the next look at the store.
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        assert_eq!((worker.get("/healthz").status, worker.post("/orders", "{}").status), (200, 404));
        drop(worker);
        let run = shared.begin(&api, "/quick").expect("it is kept without a worker");
        assert_eq!(view(&api, &run)["state"], "queued");
        let _worker = shared.start("worker");
        assert_eq!(until_ended(&api, &run)["state"], "finished");
        assert_eq!((shared.outside.done("/second"), shared.outside.asked("/second")), (12, 12));
    }
}

#[test]
fn what_happens_at_one_is_watched_at_another() {
    let Some(mut shared) = Shared::new(true) else { return };
    let (api, other, _worker) = (shared.start("api"), shared.start("api"), shared.start("worker"));
    let steps = ["first", "slow", "second"].map(|node| [format!("step_began {node}"), format!("step_ended {node}")]).concat();
    let whole = [&["begun".to_owned()], &steps[..], &["ended".to_owned()]].concat();
    let mut watch = api.watch(None);
    // Until the worker knows that somebody watches.
    std::thread::sleep(Duration::from_millis(500));
    finished(&other.post("/orders", &shared.order("/quick")));
    assert_eq!(watch.until_ended(), whole);
    let id = watch.id.clone();
    drop(watch);
    finished(&other.post("/orders", &shared.order("/quick")));
    let mut again = other.watch(Some(&id));
    assert_eq!(again.until_ended(), whole, "what came meanwhile, at another server");
    // A stream that was lost is another one.
    let id = again.id.clone();
    drop(again);
    let nats = shared.nats.as_mut().expect("it is there");
    nats.kill().expect("killed");
    nats.lose_data().expect("it has data");
    nats.resume().expect("it starts again");
    until("the server is connected again", || api.try_watch(None).is_some());
    assert_eq!(api.watch(Some(&id)).next().0, "lagged");
}

#[test]
fn servers_are_replaced_while_they_work() {
    let Some(shared) = Shared::new(true) else { return };
    let mut server = shared.start("all");
    let other = shared.start("all");
    let mut runs = Vec::new();
    for _ in 0..3 {
        runs.extend((0..10).map(|_| shared.begin(&server, "/slow").expect("it is kept")));
        let next = shared.start("all");
        std::mem::replace(&mut server, next).stop();
    }
    for run in &runs {
        let ended = until_ended(&other, run);
        assert_eq!(ended["state"], "finished", "{ended:#}");
    }
    let done = ["/first", "/slow", "/second"].map(|path| shared.outside.done(path));
    assert_eq!(done, [runs.len(); 3], "each is done for each run, with one key");
}

#[test]
fn a_worker_that_was_frozen_for_too_long_writes_nothing() {
    let Some(shared) = Shared::new(true) else { return };
    let api = shared.start("api");
    let frozen = shared.start("worker");
    let run = shared.begin(&api, "/slow").expect("it is kept");
    until("it has begun", || shared.outside.asked("/slow") == 1);
    frozen.signal("STOP");
    let _other = shared.start("worker");
    let ended = until_ended(&api, &run);
    assert_eq!(ended["state"], "finished", "{ended:#}");
    frozen.signal("CONT");
    // It learns that the slow call has been answered, and may not go on with that.
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!((shared.outside.asked("/second"), shared.outside.done("/slow")), (1, 1));
    assert_eq!(view(&api, &run)["updated"], ended["updated"]);
    // It is a worker like any other again.
    finished(&api.post("/orders", &shared.order("/quick")));
}

/// Begins runs from four threads while `disturb` does something, and expects all that was promised.
fn under_load(shared: &mut Shared, disturb: impl FnOnce(&mut Shared)) {
    let api = shared.start("api");
    let _workers = [shared.start("worker"), shared.start("worker")];
    finished(&api.post("/orders", &shared.order("/quick")));
    let (promised, order) = (Mutex::new(BTreeSet::new()), shared.order("/quick"));
    let over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(std::sync::atomic::Ordering::Relaxed) {
                    let begun = api.post("/begin", &order);
                    if begun.status == 202 {
                        let run = begun.json()["run"].as_str().expect("an id").to_owned();
                        promised.lock().expect("nobody panics with it").insert(run);
                    } else {
                        assert!(begun.status >= 500, "{} {}", begun.status, begun.body);
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
        }
        std::thread::sleep(Duration::from_secs(2));
        disturb(shared);
        std::thread::sleep(Duration::from_secs(3));
        over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let promised = promised.into_inner().expect("nobody panics with it");
    assert!(promised.len() > 50, "only {} runs", promised.len());
    for run in &promised {
        let ended = until_ended(&api, run);
        assert_eq!(ended["state"], "finished", "{ended:#}");
    }
    finished(&api.post("/orders", &shared.order("/quick")));
    let (first, second) = (shared.outside.done("/first"), shared.outside.done("/second"));
    assert!(second > promised.len() && first >= second, "{first} {second} {}", promised.len());
}

#[test]
fn postgres_is_restarted_under_load() {
    let Some(mut shared) = Shared::new(true) else { return };
    under_load(&mut shared, |shared| {
        for _ in 0..2 {
            shared.postgres.kill().expect("killed");
            std::thread::sleep(Duration::from_secs(1));
            shared.postgres.resume().expect("it starts again");
            std::thread::sleep(Duration::from_secs(2));
        }
    });
}

#[test]
fn nats_is_restarted_under_load() {
    let Some(mut shared) = Shared::new(true) else { return };
    under_load(&mut shared, |shared| {
        let nats = shared.nats.as_mut().expect("it is there");
        for lose in [false, true] {
            nats.kill().expect("killed");
            std::thread::sleep(Duration::from_secs(1));
            if lose {
                nats.lose_data().expect("it has data");
            }
            nats.resume().expect("it starts again");
            std::thread::sleep(Duration::from_secs(2));
        }
    });
}
