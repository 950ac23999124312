//! What people do to runs after the fact.

use crate::world::{World, chain, failed, finished, flow, input};
use loomwork_journal::{Filter, Project, RunId};
use loomwork_run::{Again, Answered, Asked, Role, Runner, RunnerSettings};

#[tokio::test]
async fn every_failed_run_is_repeated_once_whatever_stands_against_others() {
    let world = World::new();
    let runner = world.start().await;
    let fails = r#"{"id": "stop", "use": "fail", "with": {"code": "a.b", "message": "no"}}"#;
    for id in ["gone", "fails"] {
        runner.deploy(&flow(id, fails, "")).await.expect("it is deployed");
        assert_eq!(failed(runner.run(id, input("a")).await.1), "a.b");
    }
    let gone = runner.list(&Filter { flow: Some("gone".into()), ..Filter::of(Project::local()) }).await.expect("it is listed");
    runner.undeploy("gone").await.expect("it is there");
    runner.deploy(&chain("fails", &["note"])).await.expect("it is deployed");
    let filter = || Filter::of(Project::local());
    let retried = runner.retry_failed(filter(), None).await.expect("they can be listed");
    let refused: Vec<(&RunId, &str)> = retried.refused.iter().map(|(run, fault)| (run, &*fault.code)).collect();
    assert_eq!(refused, [(&gone[0].id, "flow.not_found")]);
    assert_eq!(retried.runs.len(), 1);
    assert_eq!(finished(runner.reply(&retried.runs[0]).await), r#""done""#);
    assert!(runner.retry_failed(filter(), None).await.expect("they can be listed").runs.is_empty());
    assert_eq!(world.done(), ["note a-0"]);
}

/// Waits for a signal, then notes something.
fn waits(text: &str, signal: &str) -> String {
    let wait = format!(r#"{{"id": "go", "use": "wait", "with": {{"signal": {{"name": "{signal}"}}}}}}"#);
    let note = format!(r#"{{"id": "note", "use": "w#note", "with": {{"text": "{text}"}}}}"#);
    flow("waits", &format!("{wait},{note}"), r#"{"from": "go", "to": "note"}"#)
}

#[tokio::test]
async fn a_run_counts_as_active_while_it_is_under_way_here() {
    let world = World::new();
    let first = world.start().await;
    first.deploy(&waits("a", "go")).await.expect("it is deployed");
    let run = first.begin("waits", input("a")).await.expect("it begins").run().clone();
    first.stop(std::time::Duration::from_secs(5)).await;
    let second = world.start().await;
    second.signal("go", None, Some(run.clone()), "1").await.expect("it is sent");
    finished(second.reply(&run).await);
    second.stop(std::time::Duration::from_secs(5)).await;
    for runner in [first, second] {
        runner.measure().await;
        let text = runner.platform().telemetry().metrics().render();
        assert!(text.contains("loom_runs_active 0"), "{text}");
        assert!(text.contains(r#"loom_queue_depth{queue="runs"} 0"#), "{text}");
        assert!(!text.contains("loom_pool_instances_limit 0"), "{text}");
    }
}

#[tokio::test]
async fn what_a_marked_parameter_was_given_is_shown_nowhere() {
    let world = World::new();
    let runner = world.start().await;
    let hush = r#"{"id": "n", "use": "w#hush", "with": {"text": "{{ input }}"}}, {"id": "answer", "use": "return", "with": {"value": "{{ nodes.n }}"}}"#;
    runner.deploy(&flow("kept", hush, r#"{"from": "n", "to": "answer"}"#)).await.expect("it is deployed");
    let (run, reply) = runner.run("kept", input("hunter22")).await;
    assert!(finished(reply).contains("hunter22"), "the flow itself has it");
    let run = run.expect("it has an id");
    let details = runner.details(&run).await.expect("it is kept");
    assert_eq!(details.steps[0].input, r#"{"text":"[secret]"}"#);
    assert_eq!((details.redact)(&details.run.input), r#""[secret:n.text]""#);
    let redact = runner.redact_run(&run).await.expect("it is kept");
    let journal = loomwork_run::journal_text(&runner.journal(&run).await.expect("it is kept"));
    assert!(journal.contains("hunter22") && !redact(&journal).contains("hunter22"));
    let options = loomwork_run::RunOptions { trace: true, ..Default::default() };
    let outcome = runner.flow("kept").await.expect("it is deployed").deployment.run(r#""hunter22""#, options).await;
    assert!(!format!("{:?}", outcome.steps).contains("hunter22") && outcome.steps.len() == 1, "{:?}", outcome.steps);
}

#[tokio::test]
async fn what_a_run_waits_for_and_what_came_is_seen() {
    let world = World::new();
    let runner = world.start().await;
    let ask = r#"{"id": "ask", "use": "wait", "with": {"approval": {"title": "Pay?", "approvers": ["ann"]}}}"#;
    let nodes =
        format!(r#"{{"id": "go", "use": "wait", "with": {{"signal": {{"name": "go", "key": "{{{{ input }}}}"}}}}}}, {ask}"#);
    runner.deploy(&flow("asks", &nodes, r#"{"from": "go", "to": "ask"}"#)).await.expect("it is deployed");
    let run = runner.begin("asks", input("a")).await.expect("it begins").run().clone();
    let steps = async || runner.details(&run).await.expect("it is kept").steps;
    while steps().await.is_empty() {
        tokio::task::yield_now().await;
    }
    let waits = steps().await;
    assert_eq!((waits.len(), waits[0].asked, &*waits[0].input), (1, Asked::Signal, r#"{"signal":"go","key":"a"}"#));
    assert_eq!(waits[0].answer, None);
    world.clock.forward(std::time::Duration::from_secs(60));
    runner.signal("go", None, Some(run.clone()), "7").await.expect("it is sent");
    while steps().await.len() < 2 {
        tokio::task::yield_now().await;
    }
    let asked = steps().await.pop().expect("it asks");
    assert!(asked.asked == Asked::Decision && asked.input.contains("Pay?"), "{asked:?}");
    let yes = Answered { who: "ann".into(), roles: Vec::new(), approved: true, note: None, form: None };
    assert_eq!(runner.answer(&run, asked.step, yes).await, Ok(true));
    finished(runner.reply(&run).await);
    let ended = steps().await;
    assert_eq!((ended[0].answer.clone(), ended[0].ended_at), (Some(Ok("7".to_owned())), Some(ended[0].asked_at + 60_000)));
    let decided = ended[1].answer.clone().expect("it is answered").expect("it is a decision");
    assert!(decided.contains(r#""who":"ann""#), "{decided}");
    // Each has been counted, and would be a span.
    let numbers = runner.platform().telemetry().metrics().render();
    assert!(numbers.contains(r#"loom_steps_total{function="wait",outcome="ok"} 2"#), "{numbers}");
    // A run can be repeated from where it waited.
    let again = runner.rerun(&run, Again { from: Some(ended[0].step), ..Again::default() }).await.expect("it is repeated");
    while runner.signal("go", None, Some(again.clone()), "8").await != Ok(1) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_call_of_a_flow_is_counted_like_others() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("inner", &["ask"])).await.expect("it is deployed");
    let call = r#"{"id": "call", "use": "call", "with": {"flow": "inner", "input": "b"}}"#;
    runner.deploy(&flow("outer", call, "")).await.expect("it is deployed");
    finished(runner.run("outer", input("a")).await.1);
    let numbers = runner.platform().telemetry().metrics().render();
    assert!(numbers.contains(r#"loom_steps_total{function="call",outcome="ok"} 1"#), "{numbers}");
}

/// Moves the run as soon as nobody has it.
async fn migrate(runner: &Runner, run: &RunId, version: u64) -> Result<(), loomwork_types::Fault> {
    loop {
        match runner.migrate(run, version).await {
            Err(fault) if fault.code == "run.not_waiting" => tokio::task::yield_now().await,
            done => return done,
        }
    }
}

#[tokio::test]
async fn a_server_that_executes_nothing_moves_runs_too() {
    let world = World::new();
    let worker = world.start().await;
    let api = world.start_as(RunnerSettings { role: Role::Api, ..RunnerSettings::default() }).await;
    worker.deploy(&waits("old", "go")).await.expect("it is deployed");
    let run = worker.begin("waits", input("a")).await.expect("it begins").run().clone();
    worker.deploy(&waits("new", "go")).await.expect("it is deployed");
    worker.deploy(&waits("other", "elsewhere")).await.expect("it is deployed");
    assert_eq!(migrate(&api, &run, 3).await.expect_err("it waits for something else").code, "flow.changed");
    migrate(&api, &run, 2).await.expect("it waits for the same");
    assert_eq!(api.get(&run).await.expect("it is kept").row.pin.version, 2);
    while worker.signal("go", None, Some(run.clone()), "1").await != Ok(1) {
        tokio::task::yield_now().await;
    }
    finished(worker.reply(&run).await);
    assert_eq!(world.done(), ["note new"]);
}
