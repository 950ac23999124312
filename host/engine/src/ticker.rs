//! The heartbeat of time limits: one thread per engine advances the epoch of its profiles while there are calls.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, Thread};
use std::time::Duration;
use wasmtime::EngineWeak;

/// How often guests look up from their work: to let others have the thread, and to see whether their time is over.
pub(crate) const TICK: Duration = Duration::from_millis(2);

/// After this many ticks without a call the thread sleeps until there is one.
const QUIET_TICKS: u32 = 250;

pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    handle: Thread,
}

#[derive(Default)]
struct Shared {
    engines: Mutex<Vec<EngineWeak>>,
    /// Calls begun so far; what the thread compares to know whether it is quiet.
    calls: AtomicU64,
    running: AtomicU64,
    asleep: AtomicBool,
    over: AtomicBool,
}

/// While one lives the epoch advances.
pub(crate) struct Beat<'a>(&'a Shared);

impl Ticker {
    pub fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = shared.clone();
        let thread = std::thread::Builder::new().name("loomwork-ticker".into()).spawn(move || theirs.run())?;
        let handle = thread.thread().clone();
        Ok(Self { shared, thread: Some(thread), handle })
    }

    pub fn add(&self, engine: EngineWeak) {
        if let Ok(mut engines) = self.shared.engines.lock() {
            engines.push(engine);
        }
    }

    /// Begins a call.
    pub fn beat(&self) -> Beat<'_> {
        self.shared.running.fetch_add(1, Ordering::SeqCst);
        self.shared.calls.fetch_add(1, Ordering::SeqCst);
        if self.shared.asleep.load(Ordering::SeqCst) {
            self.handle.unpark();
        }
        Beat(&self.shared)
    }
}

impl Drop for Beat<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.handle.unpark();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            // It only ever sleeps a tick at a time once it is woken.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn run(&self) {
        let (mut seen, mut quiet) = (0, 0);
        while !self.over.load(Ordering::SeqCst) {
            std::thread::sleep(TICK);
            self.advance();
            let calls = self.calls.load(Ordering::SeqCst);
            let idle = calls == seen && self.running.load(Ordering::SeqCst) == 0;
            quiet = if idle { quiet + 1 } else { 0 };
            seen = calls;
            if quiet >= QUIET_TICKS {
                self.sleep(calls);
                quiet = 0;
            }
        }
    }

    fn advance(&self) {
        if let Ok(mut engines) = self.engines.lock() {
            engines.retain(|engine| engine.upgrade().map(|engine| engine.increment_epoch()).is_some());
        }
    }

    /// Sleeps until a call begins. A call that began after `seen` was read is noticed here, one that begins later wakes us.
    fn sleep(&self, seen: u64) {
        self.asleep.store(true, Ordering::SeqCst);
        while self.calls.load(Ordering::SeqCst) == seen && !self.over.load(Ordering::SeqCst) {
            std::thread::park();
        }
        self.asleep.store(false, Ordering::SeqCst);
    }
}
