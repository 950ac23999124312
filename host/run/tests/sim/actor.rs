//! Whoever uses the server: begins runs, sends signals, answers questions, cancels. Knows what was acknowledged, and tries again what was
//! not.

use crate::chance::{Dice, hash};
use crate::coverage::Sight;
use crate::generate::MAIN;
use crate::world::{BEGIN, Life, World};
use futures::FutureExt;
use loomwork_journal::{Filter, Project, RunId, RunRow, Store};
use loomwork_run::{Answered, NewRun, Runner};
use loomwork_types::Fault;
use std::sync::Arc;
use std::time::Duration;

/// All runs must have ended by then, whatever happened.
const AT_LAST_MS: u64 = 6 * 3_600_000;
/// From then on every step that waits for somebody is served.
const SERVED_FROM_MS: u64 = 60_000;

#[derive(Clone, Debug)]
enum Deed {
    /// Begins a run, with a key so that it can be tried again.
    Begin(u64),
    /// Begins a run and waits for its reply.
    Run,
    Signal {
        number: u64,
        key: Option<u64>,
        /// Only the first run that was begun.
        one: bool,
    },
    Cancel,
    Answer,
}

/// What is done, and when: milliseconds since the beginning.
fn plan(seed: u64) -> Vec<(u64, Deed)> {
    let mut dice = Dice::of(seed, &[hash("plan")]);
    let first = if dice.percent(30) { Deed::Run } else { Deed::Begin(0) };
    let mut deeds = vec![(0, first)];
    if dice.percent(25) {
        deeds.push((dice.below(3_000), Deed::Begin(1)));
    }
    for number in 0..dice.below(4) {
        let (key, one) = (dice.percent(50).then(|| dice.below(2)), dice.percent(40));
        deeds.push((dice.below(8_000), Deed::Signal { number, key, one }));
    }
    if dice.percent(15) {
        deeds.push((dice.below(6_000), Deed::Cancel));
    }
    for _ in 0..dice.below(3) {
        deeds.push((dice.below(10_000), Deed::Answer));
    }
    deeds.sort_by_key(|(at, _)| *at);
    deeds
}

/// Goes through the plan, and waits until every run has ended.
pub async fn act(world: &Arc<World>, runner: &Runner) {
    let plan = plan(world.seed);
    world.state().done.resize(plan.len(), false);
    for (index, (at, deed)) in plan.iter().enumerate() {
        let due = (BEGIN + at).saturating_sub(world.now());
        tokio::time::sleep(Duration::from_millis(due)).await;
        while !world.state().done[index] && !does(world, runner, index, deed).await {
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
    }
    while !all_ended(world) && world.state().wrong.is_none() {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if world.now() > BEGIN + SERVED_FROM_MS {
            serve(world, runner).await;
        }
        if world.now() > BEGIN + AT_LAST_MS {
            let left: Vec<String> = runs(world).iter().filter(|row| !row.state.ended()).map(described).collect();
            world.wrong(format!("never ends: {}", left.join(", ")));
        }
    }
}

fn described(row: &RunRow) -> String {
    format!("{} of {} ({}, of {:?}, due {:?})", row.id, row.flow, row.state.as_str(), row.owner, row.wake_at)
}

pub fn runs(world: &World) -> Vec<RunRow> {
    let filter = Filter { limit: loomwork_journal::limits::PAGE, ..Filter::of(Project::local()) };
    world.inner.runs(&filter).now_or_never().expect("memory never waits").unwrap_or_default()
}

fn all_ended(world: &World) -> bool {
    runs(world).iter().all(|row| row.state.ended()) && world.state().done.iter().all(|done| *done)
}

/// True if it is done, or cannot be.
async fn does(world: &Arc<World>, runner: &Runner, index: usize, deed: &Deed) -> bool {
    let done = match deed {
        Deed::Begin(number) => begin(world, runner, *number).await,
        Deed::Run => return run(world, runner, index),
        Deed::Signal { number, key, one } => signal(world, runner, *number, *key, *one).await,
        Deed::Cancel => cancel(world, runner).await,
        Deed::Answer => answer(world, runner).await,
    };
    if done {
        world.state().done[index] = true;
    }
    done
}

fn away(fault: &Fault) -> bool {
    matches!(&*fault.code, "store.unavailable" | "limit.busy")
}

async fn begin(world: &World, runner: &Runner, number: u64) -> bool {
    let new = NewRun { input: number.to_string(), idempotency: Some(format!("key {number}")), ..NewRun::default() };
    match runner.begin(MAIN, new).await {
        Ok(begun) => {
            world.tell(|| format!("begun {}", begun.run()));
            world.state().acknowledged.begun.push(begun.run().clone());
            true
        }
        Err(fault) if away(&fault) => false,
        Err(fault) => {
            world.wrong(format!("a run cannot begin: {fault}"));
            true
        }
    }
}

/// Does not wait: whoever asks is told as long as the process lives.
fn run(world: &Arc<World>, runner: &Runner, index: usize) -> bool {
    let (world, runner) = (world.clone(), runner.clone());
    tokio::spawn(async move {
        let (run, reply) = runner.run(MAIN, NewRun { input: "0".into(), ..NewRun::default() }).await;
        world.gate().await;
        if let Some(run) = run
            && !reply.as_ref().is_err_and(away)
        {
            world.saw(Sight::Replied);
            world.tell(|| format!("reply of {run}: {reply:?}"));
            world.state().acknowledged.replies.push((run, reply));
        }
        world.state().done[index] = true;
    });
    true
}

fn first(world: &World) -> Option<RunId> {
    runs(world).iter().filter(|row| row.flow == MAIN).min_by_key(|row| row.number).map(|row| row.id.clone())
}

async fn signal(world: &World, runner: &Runner, number: u64, key: Option<u64>, one: bool) -> bool {
    let (key, run) = (key.map(|key| key.to_string()), if one { first(world) } else { None });
    match send(world, runner, key.as_deref(), run, &number.to_string()).await {
        Ok(()) => true,
        Err(fault) => !away(&fault),
    }
}

/// Each attempt has a payload of its own: one of which nobody knows whether it arrived may well have.
async fn send(world: &World, runner: &Runner, key: Option<&str>, run: Option<RunId>, what: &str) -> Result<(), Fault> {
    let attempt = {
        let mut state = world.state();
        state.signals += 1;
        state.signals
    };
    let payload = format!("\"signal {what}, attempt {attempt}\"");
    let heard = runner.signal("go", key, run, &payload).await?;
    world.state().acknowledged.signals.push((payload, heard));
    Ok(())
}

async fn cancel(world: &World, runner: &Runner) -> bool {
    let Some(run) = first(world) else { return true };
    match runner.cancel(&run).await {
        Ok(()) => {
            let now = world.now();
            world.state().acknowledged.cancelled.push((run, now));
            true
        }
        Err(fault) => !away(&fault),
    }
}

async fn answer(world: &World, runner: &Runner) -> bool {
    let questions = match runner.questions().await {
        Ok(questions) => questions,
        Err(fault) => return !away(&fault),
    };
    let Some(question) = questions.first() else { return true };
    let approved = Dice::of(world.seed, &[hash("approves"), u64::from(question.step)]).percent(70);
    let said = Answered { who: "ann".into(), roles: Vec::new(), approved, note: None, form: None };
    match runner.answer(&question.run, question.step, said).await {
        Ok(_) => {
            world.saw(Sight::Answered);
            true
        }
        Err(fault) => !away(&fault),
    }
}

/// Gives every step that waits for somebody what it waits for.
async fn serve(world: &World, runner: &Runner) {
    if world.life() == Life::Late {
        return;
    }
    for row in runs(world).iter().filter(|row| !row.state.ended()) {
        let listening = world.inner.listening(&row.id).await.unwrap_or_default();
        for listening in listening {
            match listening.question {
                Some(_) => drop(answer(world, runner).await),
                None => drop(send(world, runner, Some(&listening.key), Some(row.id.clone()), "late").await),
            }
        }
    }
}
