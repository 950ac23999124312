//! What outlives every process of a simulation: the store, the outside, the clock on the wall, and what was acknowledged.

use crate::chance::{Dice, hash};
use crate::coverage::{Seen, Sight};
use crate::post::Post;
use loomwork_journal::{MemoryStore, RunId};
use loomwork_run::{Chance, Clock, Reply};
use loomwork_types::Fault;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// When the first process starts, in milliseconds since 1970.
pub const BEGIN: u64 = 1_750_000_000_000;

/// What ends a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// Killed: nothing of it is left.
    Dies,
    /// Stopped, taken for lost, and let go on later.
    Freezes,
}

/// Strikes at one of the store's commits.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    pub commit: u64,
    /// Before the commit reaches the store, or after, and before its answer comes back.
    pub after: bool,
    pub blow: Blow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Alive,
    Frozen,
    /// It was frozen, others have taken its runs, and it knows nothing of it.
    Late,
    Dead,
}

/// One call that reached the outside.
#[derive(Clone, Debug)]
pub struct Effect {
    pub function: &'static str,
    pub run: RunId,
    pub step: u32,
    pub key: String,
    pub process: usize,
    /// None while it is under way, or if it was broken off.
    pub answer: Option<Result<String, Fault>>,
}

/// What somebody outside was told has happened.
#[derive(Debug, Default)]
pub struct Acknowledged {
    pub begun: Vec<RunId>,
    pub replies: Vec<(RunId, Result<Reply, Fault>)>,
    /// With the time.
    pub cancelled: Vec<(RunId, u64)>,
    /// Payloads, and how many steps were said to have heard them.
    pub signals: Vec<(String, u32)>,
}

/// The process that is running now: there is never more than one at a time.
#[derive(Debug)]
struct Current {
    process: usize,
    /// What the wall's clock shows at `origin`.
    base: u64,
    origin: Option<Instant>,
}

pub struct World {
    pub seed: u64,
    pub inner: Arc<MemoryStore>,
    /// Percent of store operations that fail.
    pub flaky: u64,
    pub strokes: Vec<Stroke>,
    pub struck: Notify,
    pub thawed: Notify,
    state: Mutex<State>,
}

pub struct State {
    current: Current,
    lives: Vec<Life>,
    dice: Dice,
    pub commits: u64,
    pub reads: u64,
    pub effects: Vec<Effect>,
    pub acknowledged: Acknowledged,
    /// The actor's plan: which of its deeds are done.
    pub done: Vec<bool>,
    pub wrong: Option<String>,
    pub seen: Seen,
    story: Vec<String>,
    telling: bool,
    pub post: Post,
    /// Signals that were tried to be sent.
    pub signals: u64,
    /// Calls of a step so far.
    pub calls: BTreeMap<(RunId, u32), u64>,
}

impl World {
    pub fn new(seed: u64, strokes: Vec<Stroke>, flaky: u64, telling: bool) -> Self {
        let state = State {
            current: Current { process: 0, base: BEGIN, origin: None },
            lives: vec![Life::Alive],
            dice: Dice::of(seed, &[hash("world")]),
            commits: 0,
            reads: 0,
            effects: Vec::new(),
            acknowledged: Acknowledged::default(),
            done: Vec::new(),
            wrong: None,
            seen: Seen::default(),
            story: Vec::new(),
            telling,
            post: Post::default(),
            signals: 0,
            calls: BTreeMap::new(),
        };
        let inner = Arc::new(MemoryStore::new());
        Self { seed, inner, flaky, strokes, struck: Notify::new(), thawed: Notify::new(), state: Mutex::new(state) }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Notes that something is not as it must be; the first counts.
    pub fn wrong(&self, what: impl Into<String>) {
        let what = what.into();
        self.tell(|| format!("WRONG: {what}"));
        self.state().wrong.get_or_insert(what);
    }

    pub fn tell(&self, line: impl FnOnce() -> String) {
        if self.state().telling {
            let (line, now) = (line(), self.now());
            let mut state = self.state();
            let process = state.current.process;
            state.story.push(format!("{:>9} p{process} {line}", now - BEGIN.min(now)));
        }
    }

    pub fn story(&self) -> Vec<String> {
        std::mem::take(&mut self.state().story)
    }

    pub fn saw(&self, sight: Sight) {
        self.state().seen.insert(sight);
    }

    /// From now on this process is the one that is running, and the wall's clock shows this.
    pub fn switch(&self, process: usize, now: u64, origin: Instant) {
        self.state().current = Current { process, base: now, origin: Some(origin) };
    }

    /// Nothing runs, and the wall's clock shows this.
    pub fn rest(&self, now: u64) {
        let mut state = self.state();
        (state.current.base, state.current.origin) = (now, None);
    }

    pub fn now(&self) -> u64 {
        let state = self.state();
        match state.current.origin {
            Some(origin) => state.current.base + Instant::now().duration_since(origin).as_millis() as u64,
            None => state.current.base,
        }
    }

    pub fn process(&self) -> usize {
        self.state().current.process
    }

    /// A new process; gives its number.
    pub fn born(&self) -> usize {
        let mut state = self.state();
        state.lives.push(Life::Alive);
        state.lives.len() - 1
    }

    pub fn life(&self) -> Life {
        let state = self.state();
        state.lives[state.current.process]
    }

    pub fn set_life(&self, process: usize, life: Life) {
        self.state().lives[process] = life;
        if life == Life::Late {
            self.thawed.notify_waiters();
        }
    }

    /// Strikes the process that is running. Nothing of it reaches the world any more until it is thawed.
    pub fn strike(&self, blow: Blow) {
        self.tell(|| format!("{blow:?}"));
        let process = self.process();
        self.set_life(process, if blow == Blow::Dies { Life::Dead } else { Life::Frozen });
        self.struck.notify_one();
    }

    /// Lets those through who are alive.
    pub async fn gate(&self) {
        loop {
            let thawed = self.thawed.notified();
            match self.life() {
                Life::Alive | Life::Late => return,
                Life::Frozen => thawed.await,
                Life::Dead => std::future::pending().await,
            }
        }
    }
}

/// Where the platform, which lasts for all simulations of a thread, finds the world of the one that is running.
#[derive(Clone, Default)]
pub struct Stage {
    world: Arc<Mutex<Option<Arc<World>>>>,
}

impl Stage {
    pub fn set(&self, world: Option<Arc<World>>) {
        *self.world.lock().expect("nobody panics with it") = world;
    }

    pub fn world(&self) -> Arc<World> {
        self.world.lock().expect("nobody panics with it").clone().expect("a simulation is running")
    }
}

impl Clock for Stage {
    fn now_ms(&self) -> u64 {
        let world = self.world.lock().expect("nobody panics with it").clone();
        world.map_or(BEGIN, |world| world.now())
    }

    fn sleep_until(&self, at_ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(at_ms.saturating_sub(self.now_ms()))))
    }
}

impl Chance for Stage {
    fn next(&self) -> u128 {
        let world = self.world();
        let mut state = world.state();
        u128::from(state.dice.next()) << 64 | u128::from(state.dice.next())
    }
}
