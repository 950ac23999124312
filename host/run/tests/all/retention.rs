//! What is deleted of ended runs, and what is not.

use crate::world::{World, chain, finished, input};
use loomwork_journal::{Filter, Project, State};
use loomwork_run::{Retention, Runner, RunnerSettings};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

async fn start(world: &World, retention: Retention) -> Runner {
    let first = world.start().await;
    let platform = first.platform().clone();
    first.stop(Duration::from_secs(5)).await;
    let settings = RunnerSettings { alone: true, retention: Some(retention), ..RunnerSettings::default() };
    Runner::start(platform, world.store.clone(), settings).await.expect("it starts")
}

async fn until_left(runner: &Runner, count: usize) -> Vec<State> {
    for _ in 0..5_000 {
        let rows = runner.list(&Filter::of(Project::local())).await.expect("they can be listed");
        if rows.len() == count {
            return rows.iter().map(|row| row.state).collect();
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("there are still {:?}", runner.list(&Filter::of(Project::local())).await.expect("they can be listed"));
}

#[tokio::test]
async fn old_runs_are_deleted_and_those_that_go_on_are_not() {
    let world = World::new();
    let runner = start(&world, Retention { age: Some(30 * DAY), count: None }).await;
    runner.deploy(&chain("ends", &["ask"])).await.expect("it is deployed");
    runner.deploy(&chain("hangs", &["hang"])).await.expect("it is deployed");
    finished(runner.run("ends", input("a")).await.1);
    runner.begin("hangs", input("b")).await.expect("it begins");
    world.until_done(2).await;
    world.clock.forward(29 * DAY);
    finished(runner.run("ends", input("c")).await.1);
    until_left(&runner, 3).await;
    world.clock.forward(2 * DAY);
    let mut left = until_left(&runner, 2).await;
    left.sort();
    assert_eq!(left, [State::Running, State::Finished]);
}

#[tokio::test]
async fn only_so_many_ended_runs_are_kept() {
    let world = World::new();
    let runner = start(&world, Retention { age: None, count: Some(3) }).await;
    runner.deploy(&chain("ends", &["ask"])).await.expect("it is deployed");
    for number in 0..10 {
        finished(runner.run("ends", input(&number.to_string())).await.1);
    }
    world.clock.forward(DAY);
    until_left(&runner, 3).await;
}
