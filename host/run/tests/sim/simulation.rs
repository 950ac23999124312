//! One seed: a random flow on a random world, from its first process to the judgement.

use crate::bugs::Bug;
use crate::chance::{Dice, hash};
use crate::coverage::{Seen, Sight};
use crate::generate::{self, Documents};
use crate::judge;
use crate::outside;
use crate::process::{Process, Stopped};
use crate::world::{BEGIN, Blow, Stage, Stroke, World};
use loomwork_run::{Deployment, Platform};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// One platform for many simulations: an engine and the flows that never change are made once.
pub struct Simulator {
    stage: Stage,
    platform: Platform,
    runtime: Runtime,
    bug: Option<Bug>,
    telling: bool,
    /// Keeps them compiled.
    _constant: Vec<Deployment>,
}

pub struct Verdict {
    pub wrong: Option<String>,
    pub seen: Seen,
    pub story: Vec<String>,
}

impl Simulator {
    pub fn new(bug: Option<Bug>) -> Self {
        let stage = Stage::default();
        let runtime = Builder::new_current_thread().enable_time().build().expect("it starts");
        let building = Platform::builder().native(outside::package(&stage)).clock(stage.clone()).chance(stage.clone());
        let platform = runtime.block_on(building.build()).expect("it is built");
        let deploy = |document: &String| runtime.block_on(platform.deploy(document)).expect("it is deployed");
        let constant = generate::constant().iter().map(deploy).collect();
        Self { stage, platform, runtime, bug, telling: false, _constant: constant }
    }

    /// With a story.
    pub fn telling(self) -> Self {
        Self { telling: true, ..self }
    }

    pub fn simulate(&mut self, seed: u64) -> Verdict {
        let (documents, deployment) = self.flow(seed);
        let mut dice = Dice::of(seed, &[hash("blows")]);
        let flaky = if dice.percent(20) { 4 } else { 0 };
        let world = Arc::new(World::new(seed, strokes(&mut dice), flaky, self.telling));
        world.tell(|| documents.main.clone());
        documents.kinds.iter().for_each(|kind| world.saw(*kind));
        self.stage.set(Some(world.clone()));
        self.runtime.block_on(publish(&world, &self.platform, &documents));
        self.live(&world, &mut dice);
        if world.state().wrong.is_none() {
            self.runtime.block_on(judge::judge(&world, &self.platform, &documents));
        }
        self.stage.set(None);
        drop(deployment);
        let story = world.story();
        let state = world.state();
        Verdict { wrong: state.wrong.clone(), seen: state.seen.clone(), story }
    }

    /// The first of the seed's documents that is right. Most are.
    fn flow(&self, seed: u64) -> (Documents, Deployment) {
        for attempt in 0.. {
            let documents = generate::documents(&mut Dice::of(seed, &[hash("flow"), attempt]));
            match self.runtime.block_on(self.platform.deploy(&documents.main)) {
                Ok(deployment) => return (documents, deployment),
                Err(error) if attempt > 50 => panic!("seed {seed} makes no flow: {:?}\n{}", error.into_fault(), documents.main),
                Err(_) => {}
            }
        }
        unreachable!("one of them is right")
    }

    /// Processes come and go until all is done.
    fn live(&self, world: &Arc<World>, dice: &mut Dice) {
        const FOR_EVER: Duration = Duration::from_secs(86_400);
        let mut process = self.start(world, BEGIN, true);
        loop {
            match process.go(FOR_EVER) {
                Stopped::Done => return,
                Stopped::Paused => return world.wrong("it stands still"),
                Stopped::Died => {
                    let now = shifted(world, dice, process.now());
                    drop(process);
                    process = self.start(world, now, true);
                }
                Stopped::Froze => match self.overtake(world, dice, process) {
                    Some(next) => process = next,
                    None => return,
                },
            }
        }
    }

    /// Another process takes over what the frozen one had; then that is let go on for a while. None if all is done.
    fn overtake(&self, world: &Arc<World>, dice: &mut Dice, mut frozen: Process) -> Option<Process> {
        let mut next = self.start(world, frozen.now() + 500, false);
        let stopped = next.go(Duration::from_millis(15_000 + dice.below(10_000)));
        if stopped == Stopped::Done {
            return None;
        }
        frozen.thaw(next.now());
        frozen.go(Duration::from_millis(dice.below(3_000)));
        drop(frozen);
        if stopped == Stopped::Paused {
            return Some(next);
        }
        let now = shifted(world, dice, next.now());
        drop(next);
        Some(self.start(world, now, true))
    }

    fn start(&self, world: &Arc<World>, now: u64, alone: bool) -> Process {
        Process::start(world, &self.platform, self.bug, now, alone)
    }
}

/// The clock may have been set meanwhile.
fn shifted(world: &World, dice: &mut Dice, now: u64) -> u64 {
    match dice.below(10) {
        0 => {
            world.saw(Sight::ClockBack);
            now - dice.below(5_000)
        }
        1..=3 => now + dice.below(60_000),
        _ => now + dice.below(1_000),
    }
}

/// Up to three blows, at commits that small flows have.
fn strokes(dice: &mut Dice) -> Vec<Stroke> {
    let count = dice.pick(&[0, 1, 1, 1, 2, 3]);
    let stroke = |dice: &mut Dice| Stroke {
        commit: 2 + dice.below(25),
        after: dice.percent(50),
        blow: if dice.percent(25) { Blow::Freezes } else { Blow::Dies },
    };
    (0..count).map(|_| stroke(dice)).collect()
}

/// Deploys the seed's flows, before anything goes wrong.
async fn publish(world: &Arc<World>, platform: &Platform, documents: &Documents) {
    judge::quietly(world, platform, async |runner| {
        for document in documents.all() {
            runner.deploy(&document).await.expect("it is deployed");
        }
    })
    .await;
}
