//! After the end: what the store holds must be explained by what happened outside, and the other way round.

use crate::actor::runs;
use crate::coverage::Sight;
use crate::generate::{Documents, MAIN};
use crate::post::{self, Posted};
use crate::world::{Effect, World};
use loomwork_engine::Happened;
use loomwork_journal::{End, Entry, RunId, RunRow, State};
use loomwork_run::{Asked, Past, Platform, Replay, Reply, Runner, RunnerSettings};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A run as the store and its journal tell it.
struct Told {
    row: RunRow,
    end: Option<End>,
    entries: Vec<Entry>,
    replay: Replay,
}

/// Looks at the world with a runner to which nothing happens.
pub async fn quietly(world: &Arc<World>, platform: &Platform, look: impl AsyncFnOnce(&Runner)) {
    let settings = RunnerSettings::default();
    let runner = Runner::start(platform.clone(), world.inner.clone(), settings).await.expect("memory is always there");
    look(&runner).await;
    runner.stop(std::time::Duration::ZERO).await;
}

pub async fn judge(world: &Arc<World>, platform: &Platform, documents: &Documents) {
    let mut told = BTreeMap::new();
    quietly(world, platform, async |runner| {
        for row in runs(world) {
            let run = row.id.clone();
            let end = runner.get(&run).await.expect("it is in the store").end;
            let (entries, replay) = (runner.journal(&run).await, runner.replay(&run).await);
            match (entries, replay) {
                (Ok(entries), Ok(replay)) => drop(told.insert(run, Told { row, end, entries, replay })),
                (_, replay) => world.wrong(format!("{run} cannot be told again: {replay:?}")),
            }
        }
    })
    .await;
    let effects = world.state().effects.clone();
    for run in told.values() {
        agrees(world, run);
        calls_are_explained(world, documents, run, &effects);
        others_are_started_once(world, documents, run, &told);
    }
    acknowledged_is_kept(world, &told);
    signals_are_heard(world, &told);
}

fn agrees(world: &World, run: &Told) {
    let id = &run.row.id;
    if let Some(difference) = &run.replay.difference {
        world.wrong(format!("{id} told again differs: {difference}"));
    }
    match &run.end {
        None => world.wrong(format!("{id} has no end")),
        Some(End::Failed(fault)) if fault.code.starts_with("run.") || fault.code.starts_with("store.") => {
            world.wrong(format!("{id} failed with {fault}"));
        }
        Some(end) => world.saw(match end {
            End::Finished(_) => Sight::Finished,
            End::Failed(_) => Sight::Failed,
            End::Cancelled(_) => Sight::Stopped,
        }),
    }
    for past in &run.replay.steps {
        if past.attempt > 1 {
            world.saw(Sight::Retried);
        }
        if past.cancelled {
            world.saw(Sight::GivenUp);
        }
    }
    if run.entries.iter().any(|entry| matches!(entry, Entry::Told(event) if matches!(event.what, Happened::Fired(_)))) {
        world.saw(Sight::TimerFired);
    }
}

/// What a call is said to have answered is what it did answer, and only what was lost was repeated.
fn calls_are_explained(world: &World, documents: &Documents, run: &Told, effects: &[Effect]) {
    let id = &run.row.id;
    let ours: Vec<&Effect> = effects.iter().filter(|effect| effect.run == *id).collect();
    for past in &run.replay.steps {
        let made: Vec<&&Effect> = ours.iter().filter(|effect| effect.step == past.step).collect();
        let Some(function) = documents.function(&run.row.flow, past.node) else { continue };
        // What only reads may have left before it was certain that it would be asked for.
        if made.iter().any(|effect| effect.function != function && matches!(effect.function, "write" | "once")) {
            world.wrong(format!("step {} of {id} is a call of {function}, and called something else", past.step));
        }
        same_key(world, run, past, &made);
        let Some(answer) = &past.answer else { continue };
        let code = answer.as_ref().err().map(|fault| &*fault.code);
        match code {
            Some("unknown-outcome") => {
                world.saw(Sight::Unknown);
                if function != "once" {
                    world.wrong(format!("step {} of {id} is {function}, and can be made again", past.step));
                }
            }
            Some("limit.time" | "limit.busy") => {}
            _ if made.iter().any(|effect| effect.answer.as_ref() == Some(answer)) => {}
            _ => world
                .wrong(format!("step {} of {id} has an answer that nobody gave: {answer:?}, asked {}", past.step, past.input)),
        }
    }
    for effect in &ours {
        // Calls that a late process makes of its own may be of steps that there never were.
        let known = run.replay.steps.iter().any(|past| past.step == effect.step);
        if !known && matches!(effect.function, "write" | "once") {
            world.wrong(format!("step {} of {id} was called, and its journal does not know it", effect.step));
        }
    }
}

/// All calls of a step carry the same key, but for what only reads and may have left before the step was certain.
fn same_key(world: &World, run: &Told, past: &Past, made: &[&&Effect]) {
    if made.windows(2).any(|pair| pair[0].function == pair[1].function && pair[0].key != pair[1].key) {
        world.wrong(format!("step {} of {} is called with different keys", past.step, run.row.id));
    }
}

/// Runs that a run starts: by its calls, by its events, by its end.
fn others_are_started_once(world: &World, documents: &Documents, run: &Told, told: &BTreeMap<RunId, Told>) {
    let id = &run.row.id;
    let children: Vec<&Told> =
        told.values().filter(|other| other.row.parent.as_ref().is_some_and(|parent| parent.run == *id)).collect();
    for child in &children {
        let parent = child.row.parent.as_ref().expect("it has one");
        let Some(past) = run.replay.steps.iter().find(|past| past.step == parent.step) else {
            world.wrong(format!("{} says that step {} of {id} has called it", child.row.id, parent.step));
            continue;
        };
        let later = child.entries.last().map_or(0, Entry::at) > past.ended_at.unwrap_or(0) + 2_000;
        let frozen = world.state().seen.contains(&Sight::Frozen);
        if parent.waits && past.cancelled && later && !child.row.cancel && !frozen {
            world.wrong(format!("{} goes on, although nobody waits for it any more", child.row.id));
        }
        if parent.waits && past.cancelled {
            world.saw(Sight::ChildGivenUp);
        }
        let end = child.end.as_ref().map(|end| end.told(parent.step));
        let answer = past.answer.clone().map(|answer| match answer {
            Ok(output) => Happened::Returned(parent.step, output),
            Err(fault) => Happened::Threw(parent.step, fault),
        });
        if parent.waits && answer.is_some() && answer != end {
            world.wrong(format!("{id} is told {answer:?} of its child, which ended with {end:?}"));
        }
        world.saw(if parent.waits { Sight::ChildWaited } else { Sight::ChildStarted });
    }
    for past in
        run.replay.steps.iter().filter(|past| past.asked == Asked::Call && documents.function(&run.row.flow, past.node).is_none())
    {
        let count =
            children.iter().filter(|child| child.row.parent.as_ref().is_some_and(|parent| parent.step == past.step)).count();
        if count != 1 && !past.cancelled {
            world.wrong(format!("step {} of {id} has started {count} runs", past.step));
        }
    }
    let keyed = |prefix: String| {
        told.values().filter(|other| other.row.idempotency.as_ref().is_some_and(|key| key.starts_with(&prefix))).count()
    };
    let heard = keyed(format!("event/heard/{id}/"));
    if heard != run.replay.emitted as usize {
        world.wrong(format!("{id} has published {} events, and they have started {heard} runs", run.replay.emitted));
    }
    if heard > 0 {
        world.saw(Sight::Heard);
    }
    let after = keyed(format!("end/after/{id}"));
    if after != usize::from(run.row.flow == MAIN) {
        world.wrong(format!("the end of {id} has started {after} runs"));
    }
}

fn acknowledged_is_kept(world: &World, told: &BTreeMap<RunId, Told>) {
    let state = world.state();
    let acknowledged = &state.acknowledged;
    let mut wrong = Vec::new();
    for run in &acknowledged.begun {
        if !told.contains_key(run) {
            wrong.push(format!("{run} was begun, and is not there"));
        }
    }
    for (run, reply) in &acknowledged.replies {
        let Some(run) = told.get(run) else {
            wrong.push(format!("{run} has replied, and is not there"));
            continue;
        };
        let kept = match (&run.end, reply) {
            (_, Ok(Reply::Answered(_))) => true,
            (Some(End::Finished(kept)), Ok(Reply::Finished(output))) => kept == output,
            (Some(End::Failed(kept) | End::Cancelled(kept)), Ok(Reply::Failed(fault)) | Err(fault)) => kept == fault,
            _ => false,
        };
        if !kept {
            wrong.push(format!("{} has replied {reply:?}, and ended with {:?}", run.row.id, run.end));
        }
    }
    for (run, at) in &acknowledged.cancelled {
        let Some(run) = told.get(run) else {
            wrong.push(format!("{run} was cancelled, and is not there"));
            continue;
        };
        let stopped = run.row.state == State::Cancelled
            || run.entries.iter().any(|entry| matches!(entry, Entry::Told(event) if event.what == Happened::Stop));
        let ended = run.entries.last().map_or(0, Entry::at);
        // What was about to be written when it was asked for is written all the same; by one that was frozen, much later.
        if !stopped && ended > at + 2_000 && !state.seen.contains(&Sight::Frozen) {
            wrong.push(format!("{} was cancelled at {at}, and ended by itself at {ended}", run.row.id));
        }
    }
    drop(state);
    wrong.into_iter().for_each(|wrong| world.wrong(wrong));
}

/// Each signal is heard once by each step that it was for, unless the run ended first; one that was for nobody is kept, for one.
fn signals_are_heard(world: &World, told: &BTreeMap<RunId, Told>) {
    let mut wrong = Vec::new();
    {
        let state = world.state();
        let post = &state.post;
        let frozen = state.seen.contains(&Sight::Frozen);
        wrong.extend(post.posted.iter().filter_map(|posted| unheard(posted, told.get(&posted.run)?, frozen)));
        wrong.extend(told.values().flat_map(|run| unsent(run, &post.posted)));
        for sent in &post.sent {
            let payload = &sent.signal.payload;
            let posted = post.posted.iter().filter(|posted| posted.payload == *payload).count();
            let right = if sent.heard == 0 { posted <= 1 } else { posted == sent.heard as usize };
            if !right {
                wrong.push(format!("{payload} was for {} steps, and went to {posted}", sent.heard));
            }
        }
        for (payload, heard) in &state.acknowledged.signals {
            if !post.sent.iter().any(|sent| sent.signal.payload == *payload && sent.heard == *heard) {
                wrong.push(format!("{payload} was said to be heard by {heard} steps, and was not"));
            }
        }
    }
    let kept: Vec<String> = {
        let state = world.state();
        state.post.kept().filter(|sent| sent.signal.run.is_none()).map(|sent| sent.signal.payload.clone()).collect()
    };
    let taken = post::take_kept(world);
    wrong.extend(kept.into_iter().filter(|payload| !taken.contains(payload)).map(|payload| format!("{payload} is not kept")));
    wrong.into_iter().for_each(|wrong| world.wrong(wrong));
}

fn heard(run: &Told) -> impl Iterator<Item = (u32, &str)> {
    run.entries.iter().filter_map(|entry| match entry {
        Entry::Told(event) => match &event.what {
            Happened::Heard(step, payload) if post::is_signal(payload) => Some((*step, payload.as_str())),
            _ => None,
        },
        _ => None,
    })
}

fn unheard(posted: &Posted, run: &Told, frozen: bool) -> Option<String> {
    let Posted { step, payload, at, .. } = posted;
    let times = heard(run).filter(|told| *told == (*step, payload.as_str())).count();
    let ended = run.entries.last().map_or(0, Entry::at);
    // What was about to be written when it came is written all the same; by one that was frozen, much later.
    let too_late = times == 0 && (ended <= at + 2_000 || frozen);
    let id = &run.row.id;
    (times != 1 && !too_late).then(|| format!("{payload} came for step {step} of {id} at {at}, which heard it {times} times"))
}

fn unsent(run: &Told, posted: &[Posted]) -> Vec<String> {
    let came = |(step, payload): &(u32, &str)| {
        posted.iter().any(|it| it.run == run.row.id && it.step == *step && it.payload == *payload)
    };
    let id = &run.row.id;
    heard(run)
        .filter(|told| !came(told))
        .map(|(step, payload)| format!("step {step} of {id} heard {payload}, which was not for it"))
        .collect()
}
