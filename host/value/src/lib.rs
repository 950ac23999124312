//! Values of expressions, and everything that can be done with them: operators on values, and the library functions.
//!
//! One crate under both back ends: the evaluator calls it natively, and `flow-rt` carries it into every compiled flow.
//! Knows nothing of syntax, types, documents or JSON schemas. No clock, no randomness.

mod error;
mod value;

pub use error::EvalError;
pub use value::{Duration, Key, Map, Timestamp, Value};
