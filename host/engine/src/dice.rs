//! Randomness as guests see it: a pure function's follows from the call's seed, everyone else's comes from the operating system.
//!
//! An instance may be used again for another call, so each call says anew what its instance's dice throw.

use crate::call::Context;
use loomwork_catalog::Effect;
use rand_core::TryRng;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

/// Cloning shares it.
#[derive(Clone)]
pub(crate) struct Dice(Arc<Mutex<Source>>);

enum Source {
    System,
    /// SplitMix64: small, and the same on every machine.
    Seeded(u64),
}

impl Dice {
    /// `stream` tells apart several dice of one call.
    pub fn new(context: &Context, stream: u64) -> Self {
        Self(Arc::new(Mutex::new(Source::of(context, stream))))
    }

    /// From now on for another call.
    pub fn renew(&self, context: &Context, stream: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Source::of(context, stream);
    }
}

impl Source {
    fn of(context: &Context, stream: u64) -> Self {
        match context.effect {
            Some(Effect::Pure) => Self::Seeded(context.seed ^ stream),
            _ => Self::System,
        }
    }

    fn next(&mut self) -> u64 {
        let Self::Seeded(state) = self else { return rand::random() };
        let thrown = scatter(*state);
        *state = state.wrapping_add(STEP);
        thrown
    }
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// One step of SplitMix64: each number has one of its own, and those of neighbours have nothing to do with one another.
pub fn scatter(number: u64) -> u64 {
    let mut bits = number.wrapping_add(STEP);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl TryRng for Dice {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).next())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in out.chunks_mut(8) {
            let bits = source.next().to_le_bytes();
            chunk.copy_from_slice(&bits[..chunk.len()]);
        }
        Ok(())
    }
}
