//! What an evaluation may cost: one count for time and for memory, the same in every back end.
//!
//! Whatever works in proportion to its operands, or makes a result that may be larger than they are, charges first
//! and works after. So nothing grows beyond what was paid for.

use crate::EvalError;

/// The largest text or byte string an expression can make, in bytes.
pub const MAX_TEXT: usize = 16 << 20;
/// The largest number of elements of a list or map an expression can make.
pub const MAX_ELEMENTS: usize = 1_000_000;
/// How deep lists and maps may nest before operations on the whole of them fail.
pub const MAX_DEPTH: usize = 300;

/// A budget that is used up.
#[derive(Clone, Debug)]
pub struct Meter {
    limit: u64,
    spent: u64,
}

impl Default for Meter {
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

impl Meter {
    /// The budget of one expression.
    pub const DEFAULT: u64 = 10_000_000;

    pub const fn new(limit: u64) -> Self {
        Self { limit, spent: 0 }
    }

    /// Takes `cost` from the budget; fails with `limit.cost` when it is used up.
    #[inline]
    pub fn charge(&mut self, cost: u64) -> Result<(), EvalError> {
        self.spent = self.spent.saturating_add(cost);
        if self.spent > self.limit { Err(Self::used_up()) } else { Ok(()) }
    }

    /// Charges for reading or making a text of so many bytes.
    pub fn text(&mut self, bytes: usize) -> Result<(), EvalError> {
        if bytes > MAX_TEXT {
            return Err(EvalError::new("limit.size", "a text of more than 16 MiB"));
        }
        self.charge(bytes as u64 / 16 + 1)
    }

    /// Charges for going over or making so many elements.
    pub fn elements(&mut self, count: usize) -> Result<(), EvalError> {
        if count > MAX_ELEMENTS {
            return Err(EvalError::new("limit.size", "more than a million elements"));
        }
        self.charge(count as u64)
    }

    /// What was charged so far.
    pub fn spent(&self) -> u64 {
        self.spent
    }

    fn used_up() -> EvalError {
        EvalError::new("limit.cost", "the expression did more work than its limit allows")
    }
}

/// Fails when a walk into lists and maps has gone too deep to go on safely.
pub(crate) fn check_depth(depth: usize) -> Result<(), EvalError> {
    if depth > MAX_DEPTH {
        return Err(EvalError::new("limit.depth", "lists and maps nest too deep"));
    }
    Ok(())
}
