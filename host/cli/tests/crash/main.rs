//! What survives when a server is killed: at every write of a flow that has each kind of step, and at random, three hundred times. What
//! the world outside was asked to do is compared with what the dead server had on disk.
//!
//! The server is a separate process of the optimised program, built with the feature `failpoints`.

mod effects;
mod faults;
mod flows;
mod server;

use serde_json::{Value, json};
use server::{Disk, World};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Drives one run to its end, starting the server again when it dies; gives whether it died.
fn drive(world: &World, failpoint: &str) -> bool {
    // The place may come before the server serves.
    let (mut server, mut died) = match world.try_start(Some(failpoint)) {
        Ok(server) => (server, false),
        Err(_) => (world.start(), true),
    };
    let (mut run, mut signalled) = (None, false);
    let end = Instant::now() + Duration::from_secs(60);
    let mut crash = None;
    while run.as_ref().and_then(|run: &String| world.state(run)).is_none_or(|view| view["state"] != "finished") {
        if server.is_dead() && !died {
            died = true;
            let disk = world.on_disk();
            crash = Some((disk, world.outside.by_key()));
            server = world.start();
        }
        run = run.or_else(|| world.begin("a"));
        signalled = signalled || world.signal("a");
        world.approve_all();
        assert!(Instant::now() < end, "{failpoint}: {:?}", run.and_then(|run| world.state(&run)));
        std::thread::sleep(Duration::from_millis(5));
    }
    let run = run.expect("it has ended");
    let runs = world.until_all_ended();
    if let Some((disk, before)) = &crash {
        assert_nothing_is_repeated(failpoint, disk, before, &world.outside.by_key());
    }
    assert_eq!(flows_of(&runs), json!({ "child": 3, "everything": 1 }), "{failpoint}: each flow is started once");
    assert_whole(world, failpoint, "a", &world.state(&run).expect("it is there"));
    died
}

/// What had returned is never called again, and what is called again may have left before the crash without an answer.
fn assert_nothing_is_repeated(place: &str, disk: &Disk, before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>) {
    for key in &disk.returned {
        assert_eq!(before.get(key), after.get(key), "{place}: {key} had returned and was called again");
    }
    for (key, count) in after.iter().filter(|(_, count)| **count > 1) {
        let may = disk.called.contains(key) && !disk.returned.contains(key);
        assert!(may && *count == 2, "{place}: {key} was called {count} times");
    }
}

fn flows_of(runs: &[Value]) -> Value {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    runs.iter().for_each(|run| *counts.entry(run["flow"].as_str().unwrap_or_default()).or_default() += 1);
    json!(counts)
}

/// A run that has ended has done all it was to do; what is done once at most, at most once.
fn assert_whole(world: &World, place: &str, id: &str, view: &Value) {
    assert_eq!((&view["state"], &view["output"]["id"]), (&json!("finished"), &json!(id)), "{place}: {view:#}");
    let effects = world.outside.effects();
    let count = |begin: &str| {
        effects.iter().filter(|it| it.path.starts_with(begin) && it.path[begin.len()..].split('/').next() == Some(id)).count()
    };
    for begin in flows::WRITES {
        let least = match begin {
            "/flaky/" => 2,
            "/item/" => 3,
            "/paid/" => usize::from(view["output"]["unsure"] == json!(false)),
            _ => 1,
        };
        assert!(count(begin) >= least, "{place}: {begin}{id} was done {} times", count(begin));
    }
    assert!(count("/paid/") <= 1, "{place}: what is done once was done {} times", count("/paid/"));
}

#[test]
fn at_every_write() {
    let mut places = 0;
    for number in 1.. {
        assert!(number < 200, "the flow never ends");
        let mut died = false;
        for side in ["before", "after"] {
            let failpoint = format!("{side}:{number}");
            died |= drive(&World::new(), &failpoint);
            places += 1;
        }
        if !died {
            break;
        }
    }
    println!("killed at {} places", places - 2);
    assert!(places > 40, "only {places} places: has the flow lost its steps?");
}

#[test]
fn three_hundred_times_at_random() {
    let kills = 300;
    let seed = std::env::var("LOOM_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64)
    });
    println!("LOOM_SEED={seed}");
    let mut random = seed | 1;
    let mut next = move |below: u64| {
        // xorshift: enough to choose moments.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let world = World::new();
    let mut users = Users::default();
    for _ in 0..kills {
        let server = world.start();
        let until = Instant::now() + Duration::from_millis(20 + next(180));
        while Instant::now() < until {
            users.turn(&world);
        }
        // What is written while the server dies is on disk or not; looked at when it is dead.
        drop(server);
        let (disk, before) = (world.on_disk(), world.outside.by_key());
        users.crashed(&disk, before);
    }
    let server = world.start();
    users.finish(&world);
    drop(server);
    println!("{} runs, {} calls, {} of them repeated", users.runs.len(), users.calls(&world), users.repeated(&world));
}

/// People who use the server, whatever becomes of it.
#[derive(Default)]
struct Users {
    /// By the key it was begun with: the run, once acknowledged, and whether its signal was.
    runs: BTreeMap<String, (String, bool)>,
    begun: usize,
    /// At each crash: what had returned by then, and how often that had been asked for.
    returned: BTreeMap<String, usize>,
    /// What had left without an answer, at any crash.
    open: BTreeMap<String, usize>,
}

impl Users {
    fn turn(&mut self, world: &World) {
        let key = format!("r{}", self.begun);
        if let Some(run) = world.begin(&key) {
            self.begun += 1;
            self.runs.insert(key, (run, false));
        }
        for (key, (_, signalled)) in self.runs.iter_mut().filter(|(_, (_, signalled))| !signalled).take(3) {
            *signalled = world.signal(key);
        }
        world.approve_all();
        std::thread::sleep(Duration::from_millis(2));
    }

    fn crashed(&mut self, disk: &Disk, before: BTreeMap<String, usize>) {
        for key in &disk.returned {
            let count = before.get(key).copied().unwrap_or(0);
            let known = *self.returned.entry(key.clone()).or_insert(count);
            assert_eq!(known, count, "{key} had returned and was called again");
        }
        for key in disk.called.difference(&disk.returned) {
            *self.open.entry(key.clone()).or_default() += 1;
        }
    }

    fn finish(&mut self, world: &World) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.runs.values().any(|(_, signalled)| !signalled) {
            assert!(Instant::now() < end, "signals are not taken");
            for (key, (_, signalled)) in self.runs.iter_mut().filter(|(_, (_, signalled))| !signalled) {
                *signalled = world.signal(key);
            }
        }
        world.until_all_ended();
        for (key, (run, _)) in &self.runs {
            let view = world.state(run).expect("what was acknowledged is there");
            assert_whole(world, "at random", key, &view);
        }
        let after = world.outside.by_key();
        for (key, count) in &self.returned {
            assert_eq!(after.get(key).copied().unwrap_or(0), *count, "{key} had returned and was called again");
        }
        for (key, count) in after.iter().filter(|(_, count)| **count > 1) {
            let open = self.open.get(key).copied().unwrap_or(0);
            assert!(*count <= 1 + open, "{key} was called {count} times, and {open} crashes explain that");
        }
    }

    fn calls(&self, world: &World) -> usize {
        world.outside.effects().len()
    }

    fn repeated(&self, world: &World) -> usize {
        world.outside.by_key().values().filter(|count| **count > 1).count()
    }
}
