//! Workers on one store, of which one has other packages than the flows were deployed with.

use crate::world::{World, chain, failed, finished, input};
use loomwork_dispatch::Local;
use loomwork_journal::{RunId, State};
use loomwork_run::{Role, Runner, RunnerSettings};
use std::sync::Arc;
use std::time::Duration;

const RIGHT: &str = "0.1.0";
const OTHER: &str = "0.1.1";

/// How often the run was claimed, once nobody has it.
async fn until_left(runner: &Runner, run: &RunId) -> u64 {
    loop {
        let row = runner.get(run).await.expect("it is kept").row;
        if row.fence > 0 && row.owner.is_none() {
            assert_eq!(row.state, State::Waiting);
            return row.fence;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Lets time pass, and what is due happen.
async fn pass(world: &World, seconds: u64) {
    for _ in 0..seconds {
        world.clock.forward(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_run_is_left_to_workers_that_have_its_packages() {
    for dispatch in [None, Some(Arc::new(Local::new(Duration::from_secs(30))))] {
        let world = World::new();
        let settings = |role| {
            let dispatch = dispatch.clone().map(|local| local as Arc<dyn loomwork_dispatch::Dispatch>);
            RunnerSettings { role, dispatch, ..RunnerSettings::default() }
        };
        let api = world.start_with(RIGHT, settings(Role::Api)).await;
        api.deploy(&chain("f", &["note"])).await.expect("it is deployed");
        let other = world.start_with(OTHER, settings(Role::Worker)).await;
        let run = api.begin("f", input("a")).await.expect("it is kept").run().clone();
        // It may be offered more than once.
        until_left(&api, &run).await;
        pass(&world, 3).await;
        let claims = until_left(&api, &run).await;
        let commits = world.store.commits();
        pass(&world, 100).await;
        assert_eq!((until_left(&api, &run).await, world.store.commits()), (claims, commits), "it is not tried again");
        let right = world.start_with(RIGHT, settings(Role::Worker)).await;
        pass(&world, 6).await;
        assert_eq!(finished(api.reply(&run).await), r#""done""#);
        // What is known to be others' is not in the way of them.
        right.stop(Duration::from_secs(5)).await;
        let run = api.begin("f", input("b")).await.expect("it is kept").run().clone();
        pass(&world, 10).await;
        let _right = world.start_with(RIGHT, settings(Role::Worker)).await;
        pass(&world, 6).await;
        assert_eq!(finished(api.reply(&run).await), r#""done""#);
        assert_eq!(world.done(), ["note a-0", "note b-0"]);
        other.stop(Duration::from_secs(5)).await;
    }
}

#[tokio::test]
async fn a_run_that_nobody_can_run_can_be_stopped() {
    let world = World::new();
    let settings = |role| RunnerSettings { role, ..RunnerSettings::default() };
    let api = world.start_with(RIGHT, settings(Role::Api)).await;
    api.deploy(&chain("f", &["note"])).await.expect("it is deployed");
    let _other = world.start_with(OTHER, settings(Role::Worker)).await;
    let run = api.begin("f", input("a")).await.expect("it is kept").run().clone();
    until_left(&api, &run).await;
    api.cancel(&run).await.expect("it is asked");
    pass(&world, 50).await;
    assert_eq!(api.get(&run).await.expect("it is kept").row.state, State::Waiting, "others have a minute to come");
    pass(&world, 20).await;
    assert_eq!(failed(api.reply(&run).await), "flow.changed");
}

#[tokio::test]
async fn where_there_are_no_others_the_run_ends() {
    let world = World::new();
    let api = world.start_with(RIGHT, RunnerSettings { role: Role::Api, ..RunnerSettings::default() }).await;
    api.deploy(&chain("f", &["note"])).await.expect("it is deployed");
    let run = api.begin("f", input("a")).await.expect("it is kept").run().clone();
    api.stop(Duration::from_secs(5)).await;
    let alone = world.start_with(OTHER, RunnerSettings { alone: true, ..RunnerSettings::default() }).await;
    assert_eq!(failed(alone.reply(&run).await), "flow.changed");
}
