//! What one call may use, and the bookkeeping of its memory.

use std::time::Duration;
use wasmtime::{ResourceLimiter, Result};

/// Bounds of one call. Exceeding one is a fault: `limit.time`, `limit.memory`, `limit.output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall time of the whole call: waiting for an instance, the guest's own work and the host functions it calls.
    pub time: Duration,
    /// Bytes of linear memory, all of the call's memories together.
    pub memory: usize,
    /// Bytes of JSON that the call may answer with.
    pub output: usize,
    /// Elements of all tables together.
    pub table_elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(30), memory: 128 << 20, output: 16 << 20, table_elements: 200_000 }
    }
}

/// Counts what a store holds and says no above the limits.
#[derive(Debug)]
pub(crate) struct Limiter {
    memory: usize,
    memory_limit: usize,
    elements: usize,
    elements_limit: usize,
    /// True once memory was refused: what follows, usually an abort of the guest's allocator, is a `limit.memory`.
    pub refused: bool,
}

impl Limiter {
    pub fn new(limits: &Limits) -> Self {
        Self { memory: 0, memory_limit: limits.memory, elements: 0, elements_limit: limits.table_elements, refused: false }
    }

    /// Bytes of linear memory in use.
    pub fn memory(&self) -> usize {
        self.memory
    }

    /// Sets the bounds of the next call on an instance that is used again.
    pub fn renew(&mut self, limits: &Limits) {
        self.memory_limit = limits.memory;
        self.elements_limit = limits.table_elements;
        self.refused = false;
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        let wanted = self.memory.saturating_add(desired.saturating_sub(current));
        if wanted > self.memory_limit {
            self.refused = true;
            return Ok(false);
        }
        self.memory = wanted;
        Ok(true)
    }

    /// The memory's own maximum, or the pool's slot, was smaller than what the limits allow.
    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> Result<()> {
        self.refused = true;
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        let wanted = self.elements.saturating_add(desired.saturating_sub(current));
        if wanted > self.elements_limit {
            self.refused = true;
            return Ok(false);
        }
        self.elements = wanted;
        Ok(true)
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> Result<()> {
        self.refused = true;
        Ok(())
    }
}
