//! What is written, and how often.

use crate::world::{World, chain, failed, finished, flow, input};
use loomwork_journal::{Entry, Filter, Project, State, Store};

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
