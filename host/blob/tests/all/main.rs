//! What this crate promises.

mod blobs;
mod spill;
mod sweep;
mod turn;

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later").as_millis() as u64
}

pub const HOUR: u64 = 60 * 60 * 1_000;
