//! What starts runs beside people: events, ends of other runs, failures, and the clock.

use crate::world::{World, chain, finished, flow_with, input};
use loomwork_journal::{Filter, Order, Project, Run, State};
use loomwork_run::{Again, Runner, RunnerSettings};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

/// A flow that calls `#note` with this text.
fn notes(id: &str, text: &str, more: &str) -> String {
    let note = format!(r#"{{"id": "n", "use": "w#note", "with": {{"text": "{text}"}}}}"#);
    flow_with(id, more, &note, "").replace(r#""input": "string""#, r#""input": "json""#)
}

async fn runs_of(runner: &Runner, flow: &str) -> Vec<Run> {
    let filter = Filter { flow: Some(flow.to_owned()), order: Order::OldestFirst, ..Filter::of(Project::local()) };
    let mut runs = Vec::new();
    for row in runner.list(&filter).await.expect("they can be listed") {
        runs.push(runner.get(&row.id).await.expect("it is kept"));
    }
    runs
}

/// Waits until the flow has so many runs, and all are at their end.
async fn until_ended(runner: &Runner, flow: &str, count: usize) -> Vec<Run> {
    for _ in 0..5_000 {
        let runs = runs_of(runner, flow).await;
        if runs.len() >= count && runs.iter().all(|run| run.end.is_some()) {
            return runs;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("the runs of {flow} do not end: {:?}", runs_of(runner, flow).await);
}

#[tokio::test]
async fn an_event_starts_flows_that_this_process_has_not_loaded() {
    let world = World::new();
    let first = world.start().await;
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "order.paid", "payload": {"order": "{{ input }}"}}}"#;
    first.deploy(&flow_with("pays", "", emits, "")).await.expect("it is deployed");
    let hears = r#""triggers": [{"id": "on", "kind": "event", "name": "order.paid"}],"#;
    first.deploy(&notes("hears", "paid {{ string(input.order) }}", hears)).await.expect("it is deployed");
    first.stop(Duration::from_secs(5)).await;
    let second = world.start().await;
    finished(second.run("pays", input("7")).await.1);
    let runs = until_ended(&second, "hears", 1).await;
    assert_eq!((runs.len(), runs[0].row.trigger.as_deref(), &*runs[0].input), (1, Some("on"), r#"{"order":"7"}"#));
    assert_eq!(world.done(), ["note paid 7"]);
}

#[tokio::test]
async fn an_event_that_does_not_fit_is_seen_as_a_failed_run() {
    let world = World::new();
    let runner = world.start().await;
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "e", "payload": {"order": "{{ input }}"}}}"#;
    runner.deploy(&flow_with("pays", "", emits, "")).await.expect("it is deployed");
    let hears = r#""triggers": [{"id": "on", "kind": "event", "name": "e"}],"#;
    runner.deploy(&flow_with("hears", hears, r#"{"id": "n", "use": "set"}"#, "")).await.expect("it is deployed");
    finished(runner.run("pays", input("7")).await.1);
    let runs = until_ended(&runner, "hears", 1).await;
    assert_eq!((runs[0].row.state, runs[0].row.fault.as_deref()), (State::Failed, Some("type.mismatch")));
    assert_eq!(runner.details(&runs[0].row.id).await.expect("it can be looked at").steps.len(), 0);
}

#[tokio::test]
async fn an_end_starts_who_waits_for_it() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("works", &["ask"])).await.expect("it is deployed");
    let after = r#""triggers": [{"id": "after", "kind": "flow", "flow": "works"}],"#;
    let text = "{{ string(input.state) }} {{ string(input.output) }} {{ string(input.input) }}";
    runner.deploy(&notes("follows", text, after)).await.expect("it is deployed");
    let (run, reply) = runner.run("works", input("a")).await;
    finished(reply);
    let runs = until_ended(&runner, "follows", 1).await;
    assert_eq!(world.done().last().map(String::as_str), Some("note finished done a"));
    assert!(runs[0].input.contains(run.expect("it has an id").as_str()));
    // Nothing has followed the follower, and nothing comes twice.
    assert_eq!(runs.len(), 1);
}

#[tokio::test]
async fn an_end_that_comes_before_the_beginning_is_heard_too() {
    let world = World::new();
    let runner = world.start().await;
    let one = r#""concurrency": {"limit": 1},"#;
    runner
        .deploy(&flow_with("works", one, r#"{"id": "hang", "use": "w#hang", "with": {"text": "a"}}"#, ""))
        .await
        .expect("it is deployed");
    let after = r#""triggers": [{"id": "after", "kind": "flow", "flow": "works"}],"#;
    runner.deploy(&notes("follows", "{{ string(input.state) }} {{ string(input.input) }}", after)).await.expect("it is deployed");
    let calls = r#"{"id": "call", "use": "call", "with": {"flow": "works", "input": "called"}}"#;
    runner.deploy(&flow_with("calls", "", calls, "")).await.expect("it is deployed");
    let first = runner.begin("works", input("first")).await.expect("it begins");
    world.until_done(1).await;
    let second = runner.begin("works", input("second")).await.expect("it waits");
    runner.cancel(second.run()).await.expect("it is asked");
    assert_eq!(until_ended(&runner, "follows", 1).await.len(), 1);
    let caller = runner.begin("calls", input("a")).await.expect("it begins");
    while runs_of(&runner, "works").await.len() < 3 {
        tokio::task::yield_now().await;
    }
    runner.cancel(caller.run()).await.expect("it is asked");
    assert_eq!(until_ended(&runner, "follows", 2).await.len(), 2);
    runner.cancel(first.run()).await.expect("it is asked");
    assert_eq!(until_ended(&runner, "follows", 3).await.len(), 3);
    assert_eq!(world.done(), ["hang a", "note cancelled second", "note cancelled called", "note cancelled first"]);
}

#[tokio::test]
async fn a_run_that_fails_at_birth_is_looked_after() {
    let world = World::new();
    let runner = world.start().await;
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "e", "payload": {"order": "{{ input }}"}}}"#;
    runner.deploy(&flow_with("pays", "", emits, "")).await.expect("it is deployed");
    let hears = r#""triggers": [{"id": "on", "kind": "event", "name": "e"}], "error_flow": "mends","#;
    runner.deploy(&flow_with("hears", hears, r#"{"id": "n", "use": "set"}"#, "")).await.expect("it is deployed");
    // Two that wait for each other, and fail as they begin.
    for (id, of) in [("one", "two"), ("two", "one"), ("three", "hears")] {
        let more = format!(
            r#""triggers": [{{"id": "t", "kind": "flow", "flow": "{of}"}}, {{"id": "h", "kind": "flow", "flow": "three"}}],"#
        );
        let text = flow_with(id, &more, r#"{"id": "n", "use": "set"}"#, "");
        runner
            .deploy(&text.replace(r#""input": "string""#, r#""input": "record { output: string }""#))
            .await
            .expect("it is deployed");
    }
    runner.deploy(&notes("mends", "{{ string(input.flow) }} {{ string(input.fault.code) }}", "")).await.expect("it is deployed");
    finished(runner.run("pays", input("7")).await.1);
    until_ended(&runner, "mends", 1).await;
    assert_eq!(world.done(), ["note hears type.mismatch"]);
    let three = until_ended(&runner, "three", 1).await;
    assert_eq!(three[0].row.fault.as_deref(), Some("type.mismatch"));
}

#[tokio::test]
async fn a_firing_whose_flow_cannot_be_loaded_is_a_failed_run() {
    let world = World::new();
    let first = world.start().await;
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "e", "payload": {"order": "{{ input }}"}}}"#;
    let pays = flow_with("pays", "", emits, "").replace(r#""packages": {"w": "test:world@0.1"},"#, "");
    first.deploy(&pays).await.expect("it is deployed");
    let hears = r#""triggers": [{"id": "on", "kind": "event", "name": "e"}],"#;
    first.deploy(&notes("hears", "{{ string(input.order) }}", hears)).await.expect("it is deployed");
    first.stop(Duration::from_secs(5)).await;
    let platform = loomwork_run::Platform::builder().clock(world.clock.clone()).build().await.expect("it is built");
    let poor = Runner::start(platform, world.store.clone(), RunnerSettings::default()).await.expect("it starts");
    finished(poor.run("pays", input("7")).await.1);
    let runs = until_ended(&poor, "hears", 1).await;
    assert_eq!((runs[0].row.state, &*runs[0].input), (State::Failed, r#"{"order":"7"}"#));
    poor.stop(Duration::from_secs(5)).await;
    let second = world.start().await;
    let again = second.rerun(&runs[0].row.id, Again::default()).await.expect("it can be repeated");
    finished(second.reply(&again).await);
    assert_eq!(world.done(), ["note 7"]);
}

#[tokio::test]
async fn a_failure_is_looked_after_once_and_not_for_ever() {
    let world = World::new();
    let runner = world.start().await;
    let fails = r#"{"id": "stop", "use": "fail", "with": {"code": "order.empty", "message": "no lines"}}"#;
    runner.deploy(&flow_with("fails", r#""error_flow": "mends","#, fails, "")).await.expect("it is deployed");
    let mends = r#"{"id": "n", "use": "w#note", "with": {"text": "{{ input.flow }} {{ input.fault.code }} {{ string(input.input) }}"}},
        {"id": "stop", "use": "fail", "with": {"code": "mend.failed", "message": "this too"}}"#;
    let mends = flow_with("mends", r#""error_flow": "mends","#, mends, r#"{"from": "n", "to": "stop"}"#);
    let typed = r#""input": "record { flow: string, fault: record { code: string }, input: json }""#;
    runner.deploy(&mends.replace(r#""input": "string""#, typed)).await.expect("it is deployed");
    let (_, reply) = runner.run("fails", input("a")).await;
    assert_eq!(crate::world::failed(reply), "order.empty");
    let runs = until_ended(&runner, "mends", 1).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!((runs.len(), runs_of(&runner, "mends").await.len()), (1, 1));
    assert_eq!(world.done(), ["note fails order.empty a"]);
}

#[tokio::test]
async fn the_clock_fires_each_time_once_whoever_looks() {
    let world = World::new();
    let first = world.start().await;
    let platform = first.platform().clone();
    let second = Runner::start(platform, world.store.clone(), RunnerSettings::default()).await.expect("it starts");
    let hourly = r#""triggers": [{"id": "hourly", "kind": "cron", "schedule": "0 * * * *"}],"#;
    first.deploy(&notes("ticks", "{{ string(input.scheduled_at) }}", hourly)).await.expect("it is deployed");
    for hours in 1..=3 {
        world.clock.forward(HOUR);
        until_ended(&first, "ticks", hours).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(runs_of(&first, "ticks").await.len(), 3);
    let told: Vec<String> = world.done();
    assert_eq!(told, ["note 2025-06-15T16:00:00Z", "note 2025-06-15T17:00:00Z", "note 2025-06-15T18:00:00Z"]);
    second.stop(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn times_that_passed_while_nobody_was_there_are_made_up_for_as_the_trigger_says() {
    let world = World::new();
    let first = world.start().await;
    for missed in ["skip", "once", "all"] {
        let hourly = format!(r#""triggers": [{{"id": "t", "kind": "cron", "schedule": "0 * * * *", "missed": "{missed}"}}],"#);
        first.deploy(&notes(missed, missed, &hourly)).await.expect("it is deployed");
    }
    first.stop(Duration::from_secs(5)).await;
    world.clock.forward(5 * HOUR + HOUR / 2);
    let second = world.start().await;
    until_ended(&second, "all", 5).await;
    until_ended(&second, "once", 1).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let counts =
        [runs_of(&second, "skip").await.len(), runs_of(&second, "once").await.len(), runs_of(&second, "all").await.len()];
    assert_eq!(counts, [0, 1, 5]);
}

#[tokio::test]
async fn a_paused_trigger_starts_nothing_also_after_a_restart() {
    let world = World::new();
    let first = world.start().await;
    let both =
        r#""triggers": [{"id": "t", "kind": "cron", "schedule": "0 * * * *"}, {"id": "on", "kind": "event", "name": "e"}],"#;
    first.deploy(&notes("f", "{{ string(input) }}", both)).await.expect("it is deployed");
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "e", "payload": "{{ input }}"}}"#;
    first.deploy(&flow_with("emits", "", emits, "")).await.expect("it is deployed");
    assert_eq!(first.pause("f", "x", true).await.expect_err("there is none").code, "trigger.not_found");
    assert_eq!(first.pause("x", "t", true).await.expect_err("there is none").code, "flow.not_found");
    for trigger in ["t", "on"] {
        let view = first.pause("f", trigger, true).await.expect("it can be");
        assert_eq!((view.paused, view.next), (true, None));
    }
    first.stop(Duration::from_secs(5)).await;
    let second = world.start().await;
    world.clock.forward(2 * HOUR);
    finished(second.run("emits", input("one")).await.1);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(runs_of(&second, "f").await.len(), 0);
    for trigger in ["t", "on"] {
        assert!(!second.pause("f", trigger, false).await.expect("it can go on").paused);
    }
    finished(second.run("emits", input("two")).await.1);
    until_ended(&second, "f", 1).await;
    world.clock.forward(HOUR);
    until_ended(&second, "f", 2).await;
    assert_eq!(world.done()[0], "note two");
    let next = second.triggers(Some("f")).expect("it is there")[0].next.expect("it fires again");
    assert_eq!(next % HOUR.as_millis() as u64, 0);
}

#[tokio::test]
async fn runs_that_are_not_kept_start_others_too() {
    let world = World::new();
    let runner = world.start().await;
    let emits = r#"{"id": "tell", "use": "emit", "with": {"event": "e", "payload": "{{ input }}"}},
        {"id": "stop", "use": "fail", "with": {"code": "no.luck", "message": "today"}}"#;
    let memory = r#""durability": "memory", "error_flow": "mends","#;
    runner.deploy(&flow_with("emits", memory, emits, r#"{"from": "tell", "to": "stop"}"#)).await.expect("it is deployed");
    let hears = r#""triggers": [{"id": "on", "kind": "event", "name": "e"}],"#;
    runner.deploy(&notes("hears", "{{ string(input) }}", hears)).await.expect("it is deployed");
    runner.deploy(&notes("mends", "{{ string(input.fault.code) }}", "")).await.expect("it is deployed");
    assert_eq!(crate::world::failed(runner.run("emits", input("one")).await.1), "no.luck");
    until_ended(&runner, "hears", 1).await;
    until_ended(&runner, "mends", 1).await;
    let mut done = world.done();
    done.sort();
    assert_eq!(done, ["note no.luck", "note one"]);
}
