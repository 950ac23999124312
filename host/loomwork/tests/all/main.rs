//! What embedders rely on: functions of their own, a clock of their own, runs that end when they are dropped, typed errors.

use loomwork::capabilities::Capabilities;
use loomwork::capabilities::log::{Context, Level, LogSink};
use loomwork::capabilities::secret::{MemorySecrets, Secret};
use loomwork::{Clock, DeployError, Field, Limits, Loomwork, NativePackage, RunOptions, Type};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const SLOW: &str = r#"{
    "loomwork": 1, "id": "slow", "packages": { "own": "acme:own@1" }, "output": "json",
    "nodes": [{ "id": "a", "use": "own#slow" }]
}"#;

/// A function that never answers, and tells when it was called and when it was dropped.
fn slow(called: Arc<AtomicBool>, dropped: Arc<AtomicBool>) -> NativePackage {
    struct Told(Arc<AtomicBool>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    NativePackage::new("acme:own@1.0.0").function("slow", vec![], Some(Type::Json), move |_, _| {
        let (called, told) = (called.clone(), Told(dropped.clone()));
        async move {
            called.store(true, Ordering::SeqCst);
            std::future::pending::<()>().await;
            drop(told);
            Ok("null".to_owned())
        }
    })
}

#[tokio::test]
async fn a_dropped_run_cancels_what_it_has_under_way() {
    let (called, dropped) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let loomwork = Loomwork::builder().native(slow(called.clone(), dropped.clone())).build().await.expect("built");
    let flow = loomwork.deploy(SLOW).await.expect("deployed");
    let run = flow.run("null", RunOptions::default());
    assert!(tokio::time::timeout(Duration::from_millis(200), run).await.is_err(), "it waits for ever");
    assert!(called.load(Ordering::SeqCst) && dropped.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_cancelled_run_ends_with_a_fault() {
    let flag = || Arc::new(AtomicBool::new(false));
    let loomwork = Loomwork::builder().native(slow(flag(), flag())).build().await.expect("built");
    let flow = loomwork.deploy(SLOW).await.expect("deployed");
    let options = RunOptions::default();
    let cancel = options.cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        cancel.cancel();
    });
    let outcome = flow.run("null", options).await;
    assert_eq!(outcome.result.expect_err("cancelled").code, "run.cancelled");
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_a_fault() {
    let flag = || Arc::new(AtomicBool::new(false));
    let limits = Limits { time: Duration::from_millis(50), ..Limits::default() };
    let loomwork = Loomwork::builder().native(slow(flag(), flag())).limits(limits).build().await.expect("built");
    let outcome = loomwork.deploy(SLOW).await.expect("deployed").run("null", RunOptions::default()).await;
    assert_eq!(outcome.result.expect_err("too long").code, "limit.time");
}

/// A clock on which a sleep is over at once, having moved the time.
struct Leaping(AtomicU64);

impl Clock for Leaping {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn sleep_until(&self, at_ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.fetch_max(at_ms, Ordering::SeqCst);
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn an_embedders_clock_is_the_runs_time() {
    let loomwork = Loomwork::builder().clock(Leaping(AtomicU64::new(1_000))).build().await.expect("built");
    let flow = loomwork.deploy(
        r#"{
            "loomwork": 1, "id": "wait", "output": "json",
            "nodes": [
                { "id": "pause", "use": "wait", "with": { "duration": "21d" } },
                { "id": "answer", "use": "return", "with": { "value": "{{ string(run.started_at) }}" } }
            ],
            "wires": [{ "from": "pause", "to": "answer" }]
        }"#,
    );
    let outcome = flow.await.expect("deployed").run("null", RunOptions::default()).await;
    assert_eq!(outcome.result.expect("three weeks in no time"), "\"1970-01-01T00:00:01Z\"");
}

#[tokio::test]
async fn mistakes_and_refusals_are_typed() {
    let own =
        NativePackage::new("acme:own@1.0.0")
            .function("id", vec![Field::new("x", Type::U8)], Some(Type::U8), |_, _| async { Ok("\"not a number\"".to_owned()) });
    let loomwork = Loomwork::builder().native(own).build().await.expect("built");
    let mistakes = loomwork.deploy("{").await.expect_err("not a document");
    assert!(matches!(mistakes, DeployError::Mistakes(all) if !all.is_empty()));
    let flow = r#"{ "loomwork": 1, "id": "x", "packages": { "own": "acme:own@1" }, "output": "json", "nodes": [{ "id": "a", "use": "own#id", "with": { "x": 7 } }] }"#;
    let outcome = loomwork.deploy(flow).await.expect("deployed").run("null", RunOptions::default()).await;
    assert!(outcome.result.expect_err("the closure answers with the wrong type").code.starts_with("component."), "a typed fault");
}

#[derive(Clone, Default)]
struct Kept(Arc<std::sync::Mutex<Vec<String>>>);

impl LogSink for Kept {
    fn line(&self, _: &Context, _: Level, message: &str, _: &str) {
        self.0.lock().expect("no panics").push(message.to_owned());
    }
}

#[tokio::test]
async fn what_a_call_writes_is_logged_without_secrets() {
    let kept = Kept::default();
    let secrets = MemorySecrets::default().with("key", Secret::new("hunter22").expect("long enough"));
    let capabilities = Capabilities::builder().log(kept.clone()).secrets(secrets).build();
    capabilities.secrets().matches("local", "key", "?").await.expect("there is one");
    let own = NativePackage::new("acme:own@1.0.0").function("slow", vec![], None, |_, context| async move {
        let log = context.log.clone().expect("calls have a log");
        log.line(&context, Level::Info, "the key is hunter22", "");
        Ok("null".to_owned())
    });
    let loomwork = Loomwork::builder().native(own).capabilities(capabilities).build().await.expect("built");
    let outcome = loomwork.deploy(SLOW).await.expect("deployed").run("null", RunOptions::default()).await;
    assert_eq!(outcome.result.as_deref(), Ok("null"));
    assert_eq!(*kept.0.lock().expect("no panics"), ["the key is [secret:key]"]);
}
