//! One server process: a runtime of its own with a clock that stands still while there is something to do, and a runner on it.

use crate::actor;
use crate::bugs::Bug;
use crate::store::Watched;
use crate::world::{Life, World};
use loomwork_run::{Platform, Runner, RunnerSettings};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

pub struct Process {
    /// What its clock shows where it stopped last.
    now: u64,
    number: usize,
    world: Arc<World>,
    /// What it is about, as long as it lives.
    work: Option<Pin<Box<dyn Future<Output = ()>>>>,
    runtime: Runtime,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Stopped {
    /// All that was to be done is done.
    Done,
    Died,
    Froze,
    /// Its time is over; it could go on.
    Paused,
}

impl Process {
    pub fn start(world: &Arc<World>, platform: &Platform, bug: Option<Bug>, now: u64, alone: bool) -> Self {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("it starts");
        let number = world.born();
        let (acting, platform) = (world.clone(), platform.clone());
        let work = async move {
            let settings = RunnerSettings { alone, ..RunnerSettings::default() };
            let runner = loop {
                let store = Arc::new(Watched { world: acting.clone(), bug });
                match Runner::start(platform.clone(), store, settings.clone()).await {
                    Ok(runner) => break runner,
                    Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
                }
            };
            actor::act(&acting, &runner).await;
        };
        Self { now, number, world: world.clone(), work: Some(Box::pin(work)), runtime }
    }

    /// Runs until it is struck, all is done, or this much time is over.
    pub fn go(&mut self, at_most: Duration) -> Stopped {
        let Self { now, number, world, work, runtime } = self;
        let work = work.as_mut().expect("it lives");
        runtime.block_on(async {
            world.switch(*number, *now, Instant::now());
            let stopped = tokio::select! {
                biased;
                () = world.struck.notified() => match world.life() {
                    Life::Frozen => Stopped::Froze,
                    _ => Stopped::Died,
                },
                () = work => Stopped::Done,
                () = tokio::time::sleep(at_most) => Stopped::Paused,
            };
            *now = world.now();
            world.rest(*now);
            stopped
        })
    }

    pub fn now(&self) -> u64 {
        self.now
    }

    /// It is let go on, later, and does not know what happened meanwhile.
    pub fn thaw(&mut self, now: u64) {
        let Self { now: then, number, world, runtime, .. } = self;
        let gone = Duration::from_millis(now.saturating_sub(*then));
        runtime.block_on(async {
            world.switch(*number, *then, Instant::now());
            world.set_life(*number, Life::Late);
            tokio::time::advance(gone).await;
            world.rest(now);
        });
        *then = now;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.world.set_life(self.number, Life::Dead);
        let _inside = self.runtime.enter();
        self.work = None;
    }
}
