//! Those who watch are told what happens, in order, and whether they missed something; no run waits for them.

use crate::world::{World, chain, finished, flow, input};
use loomwork_dispatch::{Dispatch, Local};
use loomwork_run::{Mark, Role, Runner, RunnerSettings, Watch, Watched};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

async fn next(watch: &mut Watch) -> (Mark, Watched) {
    timeout(Duration::from_secs(30), watch.next()).await.expect("something happens").expect("the process goes on")
}

/// What happened until a run ended, without what differs from run to run.
async fn until_ended(watch: &mut Watch) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let (_, Watched::Event(body)) = next(watch).await else { panic!("nothing is missed") };
        let mut event: Value = serde_json::from_slice(&body).expect("it is JSON");
        let object = event.as_object_mut().expect("it is an object");
        for own in ["run", "at", "took_us"] {
            object.remove(own);
        }
        let ended = event["what"] == "ended";
        all.push(event);
        if ended {
            return all;
        }
    }
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["what"].as_str().expect("it is said")).collect()
}

#[tokio::test]
async fn what_happens_in_a_run_is_told_in_order() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("f", &["note", "ask"])).await.expect("it is deployed");
    let mut watch = runner.watch(None, None).await.expect("it is watched");
    finished(runner.run("f", input("a")).await.1);
    let events = until_ended(&mut watch).await;
    let step = |what: &str, step: u32, node: &str, more: Value| {
        let mut event = json!({ "flow": "f", "what": what, "step": step, "node": node, "attempt": 1 });
        event.as_object_mut().expect("it is an object").extend(more.as_object().cloned().unwrap_or_default());
        event
    };
    let returned = || json!({ "state": "returned" });
    assert_eq!(
        events,
        [
            json!({ "flow": "f", "what": "begun" }),
            step("step_began", 1, "n0", json!({})),
            step("step_ended", 1, "n0", returned()),
            step("step_began", 2, "n1", json!({})),
            step("step_ended", 2, "n1", returned()),
            json!({ "flow": "f", "what": "ended", "state": "finished" }),
        ]
    );
}

#[tokio::test]
async fn waiting_failing_and_breaking_off_are_told_and_only_of_the_run_that_is_watched() {
    let world = World::new();
    let runner = world.start().await;
    let waits = r#"{"id": "wait", "use": "wait", "with": {"signal": {"name": "go"}}},
        {"id": "hang", "use": "w#hang", "with": {"text": "{{ input }}"}, "timeout": "5s"}"#;
    runner.deploy(&flow("waits", waits, r#"{"from": "wait", "to": "hang"}"#)).await.expect("it is deployed");
    runner.deploy(&chain("other", &["ask"])).await.expect("it is deployed");
    let short = chain("short", &["ask"]).replacen('{', r#"{"durability": "memory","#, 1);
    runner.deploy(&short).await.expect("it is deployed");
    let run = runner.begin("waits", input("a")).await.expect("it begins").run().clone();
    let mut watch = runner.watch(Some(&run), None).await.expect("it is watched");
    finished(runner.run("other", input("b")).await.1);
    while runner.signal("go", None, Some(run.clone()), "1").await != Ok(1) {
        tokio::task::yield_now().await;
    }
    world.until_done(2).await;
    world.clock.forward(Duration::from_secs(5));
    let events = until_ended(&mut watch).await;
    let rest: Vec<_> = names(&events).into_iter().filter(|name| *name != "waiting" && *name != "begun").collect();
    assert_eq!(rest, ["step_began", "step_ended", "ended"]);
    let [.., broken_off, ended] = &events[..] else { panic!("{events:?}") };
    assert_eq!((&broken_off["state"], &broken_off["node"]), (&json!("cancelled"), &json!("hang")));
    assert_eq!((&ended["state"], &ended["fault"]), (&json!("failed"), &json!("limit.time")));
    let mut watch = runner.watch(None, None).await.expect("it is watched");
    finished(runner.run("short", input("c")).await.1);
    assert_eq!(names(&until_ended(&mut watch).await), ["begun", "step_began", "step_ended", "ended"]);
}

#[tokio::test]
async fn whoever_comes_back_soon_has_missed_nothing() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("f", &["ask"])).await.expect("it is deployed");
    let mut watch = runner.watch(None, None).await.expect("it is watched");
    finished(runner.run("f", input("a")).await.1);
    let (mark, _) = next(&mut watch).await;
    until_ended(&mut watch).await;
    drop(watch);
    finished(runner.run("f", input("b")).await.1);
    let text = mark.to_string();
    let mut again = runner.watch(None, Some(text.parse().expect("it is a mark"))).await.expect("it is watched");
    assert_eq!(names(&until_ended(&mut again).await), ["step_began", "step_ended", "ended"]);
    assert_eq!(names(&until_ended(&mut again).await), ["begun", "step_began", "step_ended", "ended"]);
    // Later, or at another process that tells of its own runs alone, nobody can know.
    let other = world.start().await;
    world.clock.forward(Duration::from_secs(60));
    for (runner, mark) in [(&runner, mark), (&other, again.mark().clone()), (&runner, Mark::unknown())] {
        let mut late = runner.watch(None, Some(mark)).await.expect("it is watched");
        assert_eq!(next(&mut late).await.1, Watched::Lagged);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_one_is_told_and_keeps_nobody_waiting() {
    let world = World::new();
    let runner = world.start().await;
    let many = r#"{"id": "many", "use": "each", "with": {"items": "{{ lists.range(9000) }}", "result": "{{ null }}"}},
        {"id": "one", "in": "many", "use": "w#ask", "with": {"text": "x"}}"#;
    runner.deploy(&flow("many", many, "")).await.expect("it is deployed");
    let mut slow = runner.watch(None, None).await.expect("it is watched");
    finished(runner.run("many", input("a")).await.1);
    let mut lagged = false;
    while !lagged {
        lagged = next(&mut slow).await.1 == Watched::Lagged;
    }
    // It goes on with what follows.
    runner.deploy(&chain("f", &["ask"])).await.expect("it is deployed");
    finished(runner.run("f", input("b")).await.1);
    loop {
        match next(&mut slow).await.1 {
            Watched::Event(body) if String::from_utf8_lossy(&body).contains(r#""flow":"f""#) => break,
            _ => {}
        }
    }
}

async fn process(world: &World, carrier: &Local, role: Role) -> Runner {
    let dispatch: Option<Arc<dyn Dispatch>> = Some(Arc::new(carrier.clone()));
    world.start_with("0.1.0", RunnerSettings { role, dispatch, ..RunnerSettings::default() }).await
}

#[tokio::test]
async fn who_watches_at_one_process_sees_what_another_does() {
    let world = World::new();
    let carrier = Local::new(Duration::from_secs(30));
    let api = process(&world, &carrier, Role::Api).await;
    let worker = process(&world, &carrier, Role::Worker).await;
    api.deploy(&chain("f", &["note"])).await.expect("it is deployed");
    let mut watch = api.watch(None, None).await.expect("it is watched");
    tokio::time::sleep(Duration::from_millis(50)).await;
    finished(api.run("f", input("a")).await.1);
    let events = until_ended(&mut watch).await;
    assert_eq!(names(&events), ["begun", "step_began", "step_ended", "ended"]);
    // At its end a process lets those who watch go.
    api.stop(Duration::from_secs(5)).await;
    while let Some((_, watched)) = timeout(Duration::from_secs(5), watch.next()).await.expect("it ends") {
        assert!(matches!(watched, Watched::Event(_)));
    }
    worker.stop(Duration::from_secs(5)).await;
}
