//! What is written, and how often.

use crate::world::{World, chain, failed, finished, flow, input};
use loomwork_journal::{Entry, Event, Filter, Happened, Project, State, Store};

#[tokio::test]
async fn a_run_that_only_reads_is_written_once() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("reads", &["ask", "ask", "ask"])).await.expect("it is deployed");
    let (run, reply) = runner.run("reads", input("a")).await;
    assert_eq!(finished(reply), r#""done""#);
    assert_eq!(world.store.commits(), 1);
    let run = runner.get(&run.expect("it has an id")).await.expect("it is kept");
    assert_eq!((run.row.state, run.row.next_seq), (State::Finished, 5), "start, three answers, end");
}

#[tokio::test]
async fn forty_writes_are_written_at_most_42_times() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("writes", &["note"; 40])).await.expect("it is deployed");
    assert_eq!(finished(runner.run("writes", input("a")).await.1), r#""done""#);
    assert_eq!(world.done().len(), 40);
    assert!(world.store.commits() <= 42, "{} commits", world.store.commits());
}

/// Does something for each word of the input.
fn each(id: &str, node: &str) -> String {
    let all = r#"{"id": "all", "use": "each", "with": {"items": "{{ input.split(' ') }}", "concurrency": 0, "result": 1}}"#;
    let answer = r#"{"id": "answer", "use": "return", "with": {"value": "done"}}"#;
    let node = format!(r#"{{"id": "node", "in": "all", {node}}}"#);
    flow(id, &format!("{all},{node},{answer}"), r#"{"from": "all", "to": "answer"}"#)
}

fn words(count: usize) -> loomwork_run::NewRun {
    input(vec!["a"; count].join(" ").as_str())
}

#[tokio::test]
async fn a_run_that_only_thinks_is_written_and_saved_now_and_then() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&each("thinks", r#""use": "w#draw", "with": {"text": "a"}"#)).await.expect("it is deployed");
    let (run, reply) = runner.run("thinks", words(600)).await;
    assert_eq!(finished(reply), r#""done""#);
    assert!((3..=6).contains(&world.store.commits()), "{} commits", world.store.commits());
    assert!(world.store.snapshots() >= 2);
    let replay = runner.replay(&run.expect("it has an id")).await.expect("it can be told again");
    assert_eq!(replay.difference, None);
}

#[tokio::test]
async fn more_calls_at_once_than_a_store_takes_in_one_write_are_kept() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&each("crowd", r#""use": "w#note", "with": {"text": "a"}"#)).await.expect("it is deployed");
    let (run, reply) = runner.run("crowd", words(10_001)).await;
    assert_eq!(finished(reply), r#""done""#);
    assert_eq!(world.done().len(), 10_001);
    let run = runner.get(&run.expect("it has an id")).await.expect("it is kept");
    assert_eq!(run.row.next_seq, 1 + 2 * 10_001 + 1, "start, each call and its answer, end");
}

#[tokio::test]
async fn more_flows_at_once_than_a_store_takes_in_one_write_are_started() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&flow("quiet", r#"{"id": "n", "use": "set"}"#, "")).await.expect("it is deployed");
    let starts = each("starts", r#""use": "call", "with": {"flow": "quiet", "mode": "start", "input": "a"}"#);
    runner.deploy(&starts).await.expect("it is deployed");
    assert_eq!(finished(runner.run("starts", words(10_001)).await.1), r#""done""#);
    let children = runner.store().counts(&Project::local(), Some("quiet")).await;
    assert_eq!(children.expect("they can be counted").values().sum::<u64>(), 10_001);
}

#[tokio::test]
async fn a_run_that_the_store_takes_no_more_of_ends_with_the_reason() {
    let world = World::new();
    let runner = world.start().await;
    let wait = r#"{"id": "n", "use": "w#note", "with": {"text": "a"}},
                  {"id": "hear", "use": "wait", "with": {"signal": {"name": "s", "key": "{{ input }}"}}}"#;
    runner.deploy(&flow("waits", wait, r#"{"from": "n", "to": "hear"}"#)).await.expect("it is deployed");
    let fails = r#""triggers": [{"id": "after", "kind": "flow", "flow": "waits"}],"#;
    let after = crate::world::flow_with("after", fails, r#"{"id": "n", "use": "w#note", "with": {"text": "after"}}"#, "");
    runner.deploy(&after.replace(r#""input": "string""#, r#""input": "json""#)).await.expect("it is deployed");
    let begun = runner.begin("waits", input(&"k".repeat(2_000))).await.expect("it begins");
    assert_eq!(failed(runner.reply(begun.run()).await), "store.too_large");
    world.until_done(2).await;
    assert_eq!(world.done(), ["note a", "note after"], "who waits for its end is started");
    let replay = runner.replay(begun.run()).await.expect("it can be told again");
    assert_eq!(replay.difference, None);
}

#[tokio::test]
async fn a_key_that_no_store_keeps_is_the_fault_of_whoever_gave_it() {
    let world = World::new();
    let runner = world.start().await;
    let one = r#""concurrency": {"key": "{{ input }}", "limit": 1},"#;
    let narrow = crate::world::flow_with("narrow", one, r#"{"id": "n", "use": "w#note", "with": {"text": "a"}}"#, "");
    runner.deploy(&narrow).await.expect("it is deployed");
    let calls = r#"{"id": "call", "use": "call", "with": {"flow": "narrow", "input": "{{ input }}"}}"#;
    runner.deploy(&flow("calls", calls, "")).await.expect("it is deployed");
    assert_eq!(failed(runner.run("calls", input("a\0b")).await.1), "run.bad_key");
    assert_eq!(failed(runner.run("calls", input(&"k".repeat(1_025))).await.1), "limit.key");
    finished(runner.run("calls", input(&"k".repeat(1_024))).await.1);
}

#[tokio::test]
async fn before_a_write_leaves_it_is_on_disk() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("hangs", &["ask", "hang"])).await.expect("it is deployed");
    let begun = runner.begin("hangs", input("a")).await.expect("it begins");
    world.until_done(2).await;
    let entries = world.store.entries(begun.run(), 0, 100).await.expect("they can be read");
    assert!(matches!(entries[..], [Entry::Told(_), Entry::Told(_), Entry::Called { step: 2, .. }]), "{entries:?}");
}

#[tokio::test]
async fn a_second_run_with_the_same_key_is_the_first() {
    let world = World::new();
    let runner = world.start().await;
    runner.deploy(&chain("once", &["note"])).await.expect("it is deployed");
    let keyed = || loomwork_run::NewRun { idempotency: Some("order 7".into()), ..input("a") };
    let (first, reply) = runner.run("once", keyed()).await;
    assert_eq!(finished(reply), r#""done""#);
    let (second, reply) = runner.run("once", keyed()).await;
    assert_eq!(finished(reply), r#""done""#);
    assert_eq!(first, second);
    assert_eq!(world.done(), ["note a-0"]);
}

#[tokio::test]
async fn a_failing_run_says_why_in_its_row() {
    let world = World::new();
    let runner = world.start().await;
    let fails = r#"{"id": "stop", "use": "fail", "with": {"code": "order.empty", "message": "no lines"}}"#;
    runner.deploy(&flow("fails", fails, "")).await.expect("it is deployed");
    assert_eq!(failed(runner.run("fails", input("a")).await.1), "order.empty");
    let rows = runner.store().runs(&Filter::of(Project::local())).await.expect("they can be listed");
    assert_eq!(rows[0].fault.as_deref(), Some("order.empty"));
}

#[tokio::test]
async fn randomness_is_each_steps_own_and_does_not_follow_from_the_runs_id() {
    let world = World::new();
    let runner = world.start().await;
    let draw = |id: &str| format!(r#"{{"id": "{id}", "use": "w#draw", "with": {{"text": "a"}}}}"#);
    let last = r#"{"id": "answer", "use": "return", "with": {"value": "{{ [nodes.one, nodes.two] }}"}}"#;
    let nodes = [draw("one"), draw("two"), last.to_owned()].join(",");
    let wires = r#"{"from": "one", "to": "two"}, {"from": "two", "to": "answer"}"#;
    runner.deploy(&flow("draws", &nodes, wires)).await.expect("it is deployed");
    let (first, reply) = runner.run("draws", input("a")).await;
    let mut drawn: Vec<String> = serde_json::from_str(&finished(reply)).expect("it is a list");
    let first = first.expect("it has an id");
    let again = runner
        .rerun(&first, loomwork_run::Again { from: Some(1), ..loomwork_run::Again::default() })
        .await
        .expect("it is repeated");
    for reply in [runner.run("draws", input("a")).await.1, runner.reply(&again).await] {
        drawn.extend(serde_json::from_str::<Vec<String>>(&finished(reply)).expect("it is a list"));
    }
    let different: std::collections::BTreeSet<&String> = drawn.iter().collect();
    assert_eq!(different.len(), 6, "{drawn:?}");
    let entries = runner.journal(&first).await.expect("it is kept");
    let Some(Entry::Told(Event { what: Happened::Start(start), .. })) = entries.first() else { panic!("{entries:?}") };
    let digest = <sha2::Sha256 as sha2::Digest>::digest(first.as_str());
    assert_ne!(start.seed.to_be_bytes(), digest[..8]);
}

#[tokio::test]
async fn a_version_is_new_only_if_it_differs() {
    let world = World::new();
    let runner = world.start().await;
    let (one, two) = (chain("f", &["ask"]), chain("f", &["ask", "ask"]));
    let mut versions = Vec::new();
    for document in [&one, &one, &two, &two, &one] {
        versions.push(runner.deploy(document).await.expect("it is deployed").1);
    }
    assert_eq!(versions, [1, 1, 2, 2, 3]);
    assert_eq!(runner.versions("f").await.expect("they are kept").len(), 3);
}

#[tokio::test]
async fn runs_of_one_key_go_one_after_another() {
    let world = World::new();
    let runner = world.start().await;
    let one = r#""concurrency": {"key": "{{ input }}", "limit": 1},"#;
    let node = r#"{"id": "hang", "use": "w#hang", "with": {"text": "{{ input }}"}}"#;
    runner.deploy(&crate::world::flow_with("narrow", one, node, "")).await.expect("it is deployed");
    let first = runner.begin("narrow", input("a")).await.expect("it begins");
    world.until_done(1).await;
    let second = runner.begin("narrow", input("a")).await.expect("it is queued");
    let again = runner.rerun(first.run(), loomwork_run::Again::default()).await.expect("it is queued");
    let other = runner.begin("narrow", input("b")).await.expect("it begins");
    world.until_done(2).await;
    let state = async |run| runner.get(run).await.expect("it is kept").row.state;
    assert_eq!([state(second.run()).await, state(&again).await], [State::Queued; 2]);
    runner.cancel(first.run()).await.expect("it is asked");
    world.until_done(3).await;
    assert_eq!(world.done(), ["hang a", "hang b", "hang a"]);
    assert_eq!([state(second.run()).await, state(&again).await], [State::Running, State::Queued]);
    assert_eq!(state(other.run()).await, State::Running);
}

#[tokio::test]
async fn all_attempts_of_a_call_have_one_key() {
    let world = World::new();
    let runner = world.start().await;
    let nodes = r#"{"id": "flaky", "use": "w#flaky", "with": {"text": "a"}, "retry": {"attempts": 5, "delay": "0ms"}}"#;
    runner.deploy(&flow("tries", nodes, "")).await.expect("it is deployed");
    let (run, reply) = runner.run("tries", input("a")).await;
    finished(reply);
    let key = format!("flaky {}/1", run.expect("it has an id"));
    assert_eq!(world.done(), [key.clone(), key.clone(), key]);
}

#[tokio::test]
async fn what_is_deployed_already_is_loaded_when_it_is_wanted() {
    let world = World::new();
    let document = chain("again", &["ask"]);
    let first = world.start().await;
    assert_eq!(first.is_deployed(&document), None);
    first.deploy(&document).await.expect("it is deployed");
    first.stop(std::time::Duration::ZERO).await;
    let second = world.start().await;
    assert_eq!(second.is_deployed(&document).as_deref(), Some("again"));
    assert_eq!(second.is_deployed(&chain("again", &["ask", "ask"])), None);
    assert_eq!(finished(second.run("again", input("a")).await.1), r#""done""#);
    second.undeploy("again").await.expect("it is there");
    assert_eq!(second.is_deployed(&document), None);
}
