//! Where ids and seeds come from. An embedder may bring a source of their own: a test's, which is the same each time.

/// A source of randomness. What it gives must not repeat within a store: ids of runs and names of workers are made of it.
pub trait Chance: Send + Sync + 'static {
    fn next(&self) -> u128;
}

/// The thread's own generator, seeded by the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn next(&self) -> u128 {
        rand::random()
    }
}
