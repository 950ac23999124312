//! Random flows on a random world: processes that die and freeze, clocks that are set, stores that are away, functions that take their
//! time, fail and hang. Everything follows from a seed, so that what goes wrong once goes wrong again.
//!
//! `LOOM_SEED=… cargo test -p loomwork-run --test sim one_seed -- --nocapture` tells one seed's story. `LOOM_SIMULATIONS` is how many
//! flows `random_flows_survive` runs.

mod actor;
mod bugs;
mod chance;
mod coverage;
mod generate;
mod judge;
mod outside;
mod post;
mod process;
mod simulation;
mod store;
mod world;

use bugs::Bug;
use coverage::Coverage;
use simulation::{Simulator, Verdict};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How many random flows CI runs.
const SIMULATIONS: u64 = 10_000;

#[test]
fn random_flows_survive() {
    let count = std::env::var("LOOM_SIMULATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(SIMULATIONS);
    let (next, coverage, failed) = (AtomicU64::new(0), Mutex::new(Coverage::default()), Mutex::new(Vec::new()));
    let began = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut simulator = Simulator::new(None);
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let tired = failed.lock().expect("nobody panics with it").len() >= 10;
                    if seed >= count || tired {
                        return;
                    }
                    let Verdict { wrong, seen, .. } = simulator.simulate(seed);
                    coverage.lock().expect("nobody panics with it").add(&seen);
                    if let Some(wrong) = wrong {
                        failed.lock().expect("nobody panics with it").push((seed, wrong));
                    }
                }
            });
        }
    });
    let coverage = coverage.into_inner().expect("nobody panicked with it");
    println!("{coverage}");
    println!("{count} random flows in {:.1?}", began.elapsed());
    let failed = failed.into_inner().expect("nobody panicked with it");
    assert!(failed.is_empty(), "{}", complaint(&failed));
    if count >= SIMULATIONS {
        assert_eq!(coverage.too_rare(), Vec::<&str>::new(), "what is hardly ever tried shows nothing");
    }
}

fn complaint(failed: &[(u64, String)]) -> String {
    let line = |(seed, wrong): &(u64, String)| {
        format!("seed {seed}: {wrong}\n  LOOM_SEED={seed} cargo test -p loomwork-run --test sim one_seed -- --nocapture\n")
    };
    failed.iter().map(line).collect()
}

/// The story of one seed: for whoever looks for a mistake.
#[test]
fn one_seed() {
    let seed = std::env::var("LOOM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let verdict = Simulator::new(None).telling().simulate(seed);
    for line in &verdict.story {
        println!("{line}");
    }
    assert_eq!(verdict.wrong, None, "seed {seed}");
}

#[test]
fn a_seed_tells_the_same_story_each_time() {
    let (mut one, mut other) = (Simulator::new(None).telling(), Simulator::new(None).telling());
    // The second simulator has another past: nothing of it may show.
    other.simulate(1_000_000);
    for seed in 2_000_000..2_000_040 {
        let (once, again) = (one.simulate(seed), other.simulate(seed));
        let differs = once.story.iter().zip(&again.story).position(|(a, b)| a != b);
        if let Some(at) = differs {
            panic!("seed {seed}, line {at}:\n  {}\n  {}", once.story[at], again.story[at]);
        }
        assert_eq!(once.story.len(), again.story.len(), "seed {seed}");
    }
}

#[test]
fn planted_bugs_are_found() {
    const PATIENCE: Duration = Duration::from_secs(120);
    std::thread::scope(|scope| {
        for bugs in Bug::ALL.chunks(Bug::ALL.len().div_ceil(2)) {
            scope.spawn(move || {
                for bug in bugs {
                    let mut simulator = Simulator::new(Some(*bug));
                    let began = Instant::now();
                    let found = (0..5_000)
                        .take_while(|_| began.elapsed() < PATIENCE)
                        .find_map(|seed| simulator.simulate(seed).wrong.map(|wrong| (seed, wrong)));
                    let (seed, wrong) = found.unwrap_or_else(|| panic!("{bug:?} is not noticed"));
                    println!("{bug:?}: after {} flows: {wrong}", seed + 1);
                }
            });
        }
    });
}
