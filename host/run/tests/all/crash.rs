//! A process dies; the next one goes on.

use crate::world::{World, chain, failed, finished, flow, input};
use loomwork_journal::RunId;
use loomwork_run::Runner;
use std::time::Duration;
use tokio::runtime::Runtime;

/// A process of its own: killed without a word when it is dropped.
struct Process {
    runtime: Option<Runtime>,
    runner: Runner,
}

impl Process {
    fn start(world: &World) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("it starts");
        let runner = runtime.block_on(world.start());
        Self { runtime: Some(runtime), runner }
    }

    fn block_on<R>(&self, work: impl Future<Output = R>) -> R {
        self.runtime
            .as_ref()
            .expect("it lives")
            .block_on(async { tokio::time::timeout(Duration::from_secs(60), work).await.expect("it ends in a minute") })
    }

    fn deploy(&self, document: &str) {
        self.block_on(self.runner.deploy(document)).expect("it is deployed");
    }

    fn begin(&self, flow: &str) -> RunId {
        self.block_on(self.runner.begin(flow, input("a"))).expect("it begins").run().clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // What is dead writes no more: a task that went on would take runs that the next process looks for.
        self.runtime.take().expect("it is dropped once").shutdown_timeout(Duration::from_secs(10));
    }
}

#[test]
fn what_had_returned_is_not_called_again() {
    let world = World::new();
    let first = Process::start(&world);
    first.deploy(&chain("f", &["note", "note", "hang"]));
    let run = first.begin("f");
    first.block_on(world.until_done(3));
    drop(first);
    let second = Process::start(&world);
    second.block_on(world.until_done(4));
    assert_eq!(world.done(), ["note a-0", "note a-1", "hang a-2", "hang a-2"], "only what hung is repeated");
    second.block_on(second.runner.cancel(&run)).expect("it is cancelled");
    assert_eq!(failed(second.block_on(second.runner.reply(&run))), "run.cancelled");
}

#[test]
fn a_call_that_is_made_once_is_not_repeated() {
    let world = World::new();
    let first = Process::start(&world);
    first.deploy(&chain("f", &["note", "hang-once"]));
    let run = first.begin("f");
    first.block_on(world.until_done(2));
    drop(first);
    let second = Process::start(&world);
    assert_eq!(failed(second.block_on(second.runner.reply(&run))), "unknown-outcome");
    assert_eq!(world.done(), ["note a-0", "hang-once a-1"]);
}

#[test]
fn a_call_that_is_made_once_is_not_tried_again_when_nobody_knows_what_became_of_it() {
    let world = World::new();
    let first = Process::start(&world);
    let retry = r#""retry": {"attempts": 3, "delay": "0ms", "when": "{{ attempt < 3 // thrice\n }}"}"#;
    let lost = format!(r#"{{"id": "lost", "use": "w#hang-once", "with": {{"text": "lost"}}, {retry}}}"#);
    let late = format!(r#"{{"id": "late", "use": "w#hang-once", "with": {{"text": "late"}}, "timeout": "1s", {retry}}}"#);
    first.deploy(&flow("lost", &lost, ""));
    first.deploy(&flow("late", &late, ""));
    let late = first.begin("late");
    first.block_on(world.until_done(1));
    world.clock.forward(Duration::from_secs(2));
    assert_eq!(failed(first.block_on(first.runner.reply(&late))), "limit.time");
    let lost = first.begin("lost");
    first.block_on(world.until_done(2));
    drop(first);
    let second = Process::start(&world);
    assert_eq!(failed(second.block_on(second.runner.reply(&lost))), "unknown-outcome");
    assert_eq!(world.done(), ["hang-once late", "hang-once lost"]);
}

#[test]
fn a_run_waits_for_weeks_across_restarts() {
    let world = World::new();
    let nodes = r#"{"id": "before", "use": "w#note", "with": {"text": "before"}},
                   {"id": "weeks", "use": "wait", "with": {"duration": "21d"}},
                   {"id": "after", "use": "w#note", "with": {"text": "after"}}"#;
    let wires = r#"{"from": "before", "to": "weeks"}, {"from": "weeks", "to": "after"}"#;
    let run = {
        let process = Process::start(&world);
        process.deploy(&flow("patient", nodes, wires));
        let run = process.begin("patient");
        process.block_on(world.until_done(1));
        run
    };
    for _ in 0..3 {
        drop(Process::start(&world));
        world.clock.forward(Duration::from_secs(6 * 86_400));
    }
    let process = Process::start(&world);
    world.clock.forward(Duration::from_secs(4 * 86_400));
    assert_eq!(finished(process.block_on(process.runner.reply(&run))), "null");
    assert_eq!(world.done(), ["note before", "note after"]);
}

#[test]
fn a_catch_that_was_under_way_goes_on() {
    let world = World::new();
    let nodes = r#"{"id": "guard", "use": "try", "with": {"result": "fine", "catch_result": "{{ nodes.mend }}"}},
                   {"id": "bad", "use": "fail", "in": "guard", "with": {"code": "a.b", "message": "no"}},
                   {"id": "mend", "use": "w#note", "in": "guard.catch", "with": {"text": "mend"}},
                   {"id": "stay", "use": "w#hang", "in": "guard.finally", "with": {"text": "stay"}}"#;
    let first = Process::start(&world);
    first.deploy(&flow("guarded", nodes, ""));
    let run = first.begin("guarded");
    first.block_on(world.until_done(2));
    drop(first);
    let second = Process::start(&world);
    second.block_on(world.until_done(3));
    assert_eq!(world.done(), ["note mend", "hang stay", "hang stay"]);
    drop(second);
    drop(run);
}
