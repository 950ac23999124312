//! What every store must pass: cases that say in plain words what happens, and random batches that must have the same outcome as
//! in memory. For tests of stores only.

mod cases;
mod compare;
mod make;
mod random;

pub use cases::CASES;
pub use random::{Coverage, differential};

use crate::Store;
use std::future::Future;
use std::pin::Pin;

/// One case, on a store that nobody has used. It panics where the store is wrong.
pub type Case = for<'s> fn(&'s dyn Store) -> Pin<Box<dyn Future<Output = ()> + Send + 's>>;
