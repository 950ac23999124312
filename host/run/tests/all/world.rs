//! A world for runs: functions that count what they do, a store that counts what is written, a clock that is set by hand, and
//! processes that can be killed.

use async_trait::async_trait;
use loomwork_catalog::{Effect, Function};
use loomwork_engine::NativePackage;
use loomwork_journal::*;
use loomwork_run::{Clock, Platform, Reply, Runner, RunnerSettings};
use loomwork_types::{Fault, Field, Type};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

/// What outlives every process: the database, the outside, the time.
#[derive(Clone)]
pub struct World {
    pub store: Arc<Counting>,
    pub outside: Arc<Outside>,
    pub clock: Hands,
}

/// What functions did, in order.
#[derive(Default)]
pub struct Outside {
    pub done: Mutex<Vec<String>>,
    pub changed: Notify,
}

impl World {
    pub fn new() -> Self {
        let store = Arc::new(Counting { inner: MemoryStore::new(), commits: AtomicU64::new(0), snapshots: AtomicU64::new(0) });
        Self { store, outside: Arc::default(), clock: Hands::at(1_750_000_000_000) }
    }

    pub fn done(&self) -> Vec<String> {
        self.outside.done.lock().expect("nobody panics with it").clone()
    }

    /// Waits until functions have done at least so much.
    pub async fn until_done(&self, count: usize) {
        loop {
            let changed = self.outside.changed.notified();
            if self.done().len() >= count {
                return;
            }
            changed.await;
        }
    }

    /// A server process on this world.
    pub async fn start(&self) -> Runner {
        self.start_as(RunnerSettings { alone: true, ..RunnerSettings::default() }).await
    }

    pub async fn start_as(&self, settings: RunnerSettings) -> Runner {
        self.start_with("0.1.0", settings).await
    }

    /// One that has this version of the world's package.
    pub async fn start_with(&self, version: &str, settings: RunnerSettings) -> Runner {
        let package = self.package(&format!("test:world@{version}"));
        let platform = Platform::builder().native(package).clock(self.clock.clone()).build().await.expect("it is built");
        Runner::start(platform, self.store.clone(), settings).await.expect("it starts")
    }

    /// `#hush` has a parameter that is marked secret, and says it all.
    /// `#draw` is pure and says what its randomness follows from.
    /// `#note` writes, `#ask` reads, `#pay` writes once, `#hang` writes and never answers, `#hang-once` once; `#flaky` writes and
    /// fails twice.
    fn package(&self, id: &str) -> NativePackage {
        let does = |name: &'static str, effect, once, answers: bool| {
            let outside = self.outside.clone();
            let body = move |input: String, context: Arc<loomwork_engine::Context>| {
                let outside = outside.clone();
                async move {
                    let value: serde_json::Value = serde_json::from_str(&input).expect("the host gives JSON");
                    let text = value["text"].as_str().unwrap_or_default().to_owned();
                    let key = context.idempotency_key.clone().unwrap_or_default();
                    outside.done.lock().expect("nobody panics with it").push(format!("{name} {text}"));
                    outside.changed.notify_waiters();
                    assert!(!key.is_empty());
                    if !answers {
                        std::future::pending::<()>().await;
                    }
                    Ok::<_, Fault>(serde_json::to_string(&text).expect("it is text"))
                }
            };
            (function(name, effect, once), body)
        };
        let all = [
            does("note", Effect::Write, false, true),
            does("ask", Effect::Read, false, true),
            does("pay", Effect::Write, true, true),
            does("hang", Effect::Write, false, false),
            does("hang-once", Effect::Write, true, false),
        ];
        let outside = self.outside.clone();
        let flaky = move |_: String, context: Arc<loomwork_engine::Context>| {
            let mut done = outside.done.lock().expect("nobody panics with it");
            done.push(format!("flaky {}", context.idempotency_key.clone().unwrap_or_default()));
            let answer = if done.len() < 3 { Err(Fault::new("not.yet", "try again")) } else { Ok(r#""done""#.to_owned()) };
            std::future::ready(answer)
        };
        let package = all.into_iter().fold(NativePackage::new(id), |package, (function, body)| package.with(function, body));
        let mut hush = function("hush", Effect::Read, false);
        hush.fields = vec![loomwork_catalog::FieldHint { param: "text".into(), secret: true, ..Default::default() }];
        let said = |input: String, _: Arc<loomwork_engine::Context>| std::future::ready(Ok(format!("{:?}", input)));
        let draw = |_: String, context: Arc<loomwork_engine::Context>| std::future::ready(Ok(format!("\"{}\"", context.seed)));
        package
            .with(function("flaky", Effect::Write, false), flaky)
            .with(function("draw", Effect::Pure, false), draw)
            .with(hush, said)
    }
}

fn function(name: &str, effect: Effect, once: bool) -> Function {
    Function {
        interface: None,
        name: name.into(),
        path: format!("#{name}").into(),
        params: vec![Field::new("text", Type::String)],
        output: Some(Type::String),
        error: Some(Type::Json),
        fallible: true,
        effect,
        once,
        title: name.into(),
        summary: "".into(),
        icon: None,
        category: "".into(),
        docs: "".into(),
        fields: Vec::new(),
        examples: Vec::new(),
    }
}

/// A flow that calls the world's functions one after another, each with its number, and returns `"done"`.
pub fn chain(id: &str, functions: &[&str]) -> String {
    let nodes = functions.iter().enumerate().map(|(index, function)| {
        format!(r#"{{"id": "n{index}", "use": "w#{function}", "with": {{"text": "{{{{ input }}}}-{index}"}}}}"#)
    });
    let last = r#"{"id": "answer", "use": "return", "with": {"value": "done"}}"#.to_owned();
    let nodes: Vec<String> = nodes.chain([last]).collect();
    let names: Vec<String> = (0..functions.len()).map(|index| format!("n{index}")).chain(["answer".to_owned()]).collect();
    let wires: Vec<String> = names.windows(2).map(|pair| format!(r#"{{"from": "{}", "to": "{}"}}"#, pair[0], pair[1])).collect();
    flow(id, &nodes.join(","), &wires.join(","))
}

pub fn flow(id: &str, nodes: &str, wires: &str) -> String {
    flow_with(id, "", nodes, wires)
}

pub fn flow_with(id: &str, more: &str, nodes: &str, wires: &str) -> String {
    format!(
        r#"{{"loomwork": 1, "id": "{id}", "packages": {{"w": "test:world@0.1"}}, "input": "string", "output": "json", {more}
            "nodes": [{nodes}], "wires": [{wires}]}}"#
    )
}

pub fn input(text: &str) -> loomwork_run::NewRun {
    loomwork_run::NewRun { input: serde_json::to_string(text).expect("it is text"), ..Default::default() }
}

pub fn finished(reply: Result<Reply, Fault>) -> String {
    match reply {
        Ok(Reply::Finished(output)) => output,
        other => panic!("expected an output, not {other:?}"),
    }
}

pub fn failed(reply: Result<Reply, Fault>) -> String {
    match reply {
        Ok(Reply::Failed(fault)) | Err(fault) => fault.code.to_string(),
        other => panic!("expected a fault, not {other:?}"),
    }
}

/// A clock that goes only when it is told.
#[derive(Clone)]
pub struct Hands {
    now: Arc<AtomicU64>,
    moved: Arc<Notify>,
}

impl Hands {
    fn at(now: u64) -> Self {
        Self { now: Arc::new(AtomicU64::new(now)), moved: Arc::default() }
    }

    pub fn forward(&self, by: Duration) {
        self.now.fetch_add(by.as_millis() as u64, Ordering::SeqCst);
        self.moved.notify_waiters();
    }
}

impl Clock for Hands {
    fn now_ms(&self) -> u64 {
        self.now.load(Ordering::SeqCst)
    }

    fn sleep_until(&self, at_ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let hands = self.clone();
        Box::pin(async move {
            loop {
                let moved = hands.moved.notified();
                if hands.now_ms() >= at_ms {
                    return;
                }
                moved.await;
            }
        })
    }
}

/// Counts commits that write runs.
pub struct Counting {
    inner: MemoryStore,
    commits: AtomicU64,
    snapshots: AtomicU64,
}

impl Counting {
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    pub fn snapshots(&self) -> u64 {
        self.snapshots.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Over for Counting {
    fn below(&self) -> &dyn Store {
        &self.inner
    }

    async fn commit_over(&self, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
        if batch.writes.iter().any(|write| matches!(write, Write::Create(_) | Write::Append(_))) {
            self.commits.fetch_add(1, Ordering::SeqCst);
        }
        let saves = |write: &&Write| match write {
            Write::Create(create) => create.begin.as_ref().is_some_and(|(_, progress)| progress.snapshot.is_some()),
            Write::Append(append) => append.progress.snapshot.is_some(),
            _ => false,
        };
        self.snapshots.fetch_add(batch.writes.iter().filter(saves).count() as u64, Ordering::SeqCst);
        self.inner.commit(batch).await
    }
}
