//! The outside: functions that take their time, fail, hang, and are counted. What one does follows from seed, run, step and how often it
//! was called before.

use crate::chance::{Dice, hash};
use crate::coverage::Sight;
use crate::world::{Effect, Life, Stage, World};
use futures::FutureExt;
use loomwork_catalog::{Effect as Kind, Function};
use loomwork_engine::{Context, Happened, NativePackage};
use loomwork_journal::{Entry, RunId, Store};
use loomwork_types::{Fault, Field, Type};
use std::sync::Arc;
use std::time::Duration;

pub const FUNCTIONS: [(&str, Kind, bool); 4] =
    [("pure", Kind::Pure, false), ("read", Kind::Read, false), ("write", Kind::Write, false), ("once", Kind::Write, true)];

pub fn package(stage: &Stage) -> NativePackage {
    FUNCTIONS.into_iter().fold(NativePackage::new("test:world@0.1.0"), |package, (name, kind, once)| {
        let stage = stage.clone();
        package.with(function(name, kind, once), move |_input, context| called(stage.world(), name, context))
    })
}

fn function(name: &'static str, effect: Kind, once: bool) -> Function {
    Function {
        interface: None,
        name: name.into(),
        path: format!("#{name}").into(),
        params: vec![Field::new("of", Type::Json)],
        output: Some(Type::Json),
        error: Some(Type::Json),
        fallible: true,
        effect,
        once,
        title: name.into(),
        summary: "".into(),
        icon: None,
        category: "".into(),
        docs: "".into(),
        fields: Vec::new(),
        examples: Vec::new(),
    }
}

async fn called(world: Arc<World>, function: &'static str, context: Arc<Context>) -> Result<String, Fault> {
    world.gate().await;
    let run: RunId = context.run.parse().expect("it is a run's id");
    let step = context.step;
    let before = arrive(&world, function, &run, &context);
    let mut dice = Dice::of(world.seed, &[hash(run.as_str()), u64::from(step), before]);
    let number = world.state().effects.len() - 1;
    tokio::time::sleep(Duration::from_millis(dice.pick(&[0, 0, 1, 5, 40, 300, 2_000]))).await;
    let answer = match dice.below(100) {
        0..=72 => Ok(format!(r#"{{"n":{}}}"#, dice.below(1_000))),
        73..=92 => Err(Fault::new(dice.pick(&["test.a", "test.b"]), "as it happens")),
        _ => std::future::pending().await,
    };
    world.gate().await;
    world.state().effects[number].answer = Some(answer.clone());
    answer
}

/// Notes the call, and looks at whether it may be made. Gives how often this step was called before.
fn arrive(world: &World, function: &'static str, run: &RunId, context: &Context) -> u64 {
    let (step, key) = (context.step, context.idempotency_key.as_deref().unwrap_or_default().to_owned());
    let process = world.process();
    world.tell(|| format!("  call {function} {run}/{step} {key}"));
    if function == "once" {
        tried_again_rightly(world, run, step, &key);
    }
    let effect = Effect { function, run: run.clone(), step, key, process, answer: None };
    let earlier: Vec<Effect> = {
        let mut state = world.state();
        let earlier = state
            .effects
            .iter()
            .filter(|other| other.run == *run && other.step == step && other.function == function)
            .cloned()
            .collect();
        state.effects.push(effect);
        earlier
    };
    if !earlier.is_empty() {
        world.saw(Sight::Repeated);
    }
    // A late process cannot know better. What it does once must be once all the same.
    let late = world.life() == Life::Late;
    if function == "once" && !earlier.is_empty() {
        world.wrong(format!("step {step} of {run} is called twice, although it is to be called once"));
    }
    if !late && earlier.iter().any(|other| other.process == process) {
        world.wrong(format!("step {step} of {run} is called twice by one process"));
    }
    if !late {
        leaves_rightly(world, function, run, step);
    }
    let mut state = world.state();
    let count = state.calls.entry((run.clone(), step)).or_insert(0);
    *count += 1;
    *count - 1
}

/// A call that is to be made once is tried again only if what became of each attempt before is known.
fn tried_again_rightly(world: &World, run: &RunId, step: u32, key: &str) {
    let entries = world.inner.entries(run, 0, 100_000).now_or_never().expect("memory never waits").unwrap_or_default();
    let failed = |step: u32| {
        entries.iter().any(|entry| match entry {
            Entry::Told(event) => {
                matches!(&event.what, Happened::Threw(of, fault) if *of == step && fault.code.starts_with("test."))
            }
            _ => false,
        })
    };
    let before: Vec<u32> = {
        let state = world.state();
        let same = state.effects.iter().filter(|other| other.run == *run && other.key == key && other.step != step);
        same.map(|other| other.step).collect()
    };
    for earlier in before.into_iter().filter(|earlier| !failed(*earlier)) {
        world
            .wrong(format!("step {step} of {run} tries again what step {earlier} may have done, although it is to be done once"));
    }
}

/// A write call is on disk before it leaves, and what has an answer on disk is not called.
fn leaves_rightly(world: &World, function: &str, run: &RunId, step: u32) {
    let entries = world.inner.entries(run, 0, 100_000).now_or_never().expect("memory never waits").unwrap_or_default();
    let answered = entries.iter().any(|entry| match entry {
        Entry::Told(event) => matches!(&event.what, Happened::Returned(of, _) | Happened::Threw(of, _) if *of == step),
        _ => false,
    });
    if answered {
        world.wrong(format!("step {step} of {run} is called, although its answer is written"));
    }
    let called = entries.iter().any(|entry| matches!(entry, Entry::Called { step: of, .. } if *of == step));
    if !called && matches!(function, "write" | "once") {
        world.wrong(format!("step {step} of {run} leaves before that is written"));
    }
}
