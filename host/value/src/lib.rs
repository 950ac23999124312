//! Values of expressions, and everything that can be done with them: operators on values, and the library functions.
//!
//! One crate under both back ends: the evaluator calls it natively, and `flow-rt` carries it into every compiled flow.
//! Knows nothing of syntax, types, documents or JSON schemas. No clock, no randomness.

pub mod binary;
mod error;
pub mod json;
pub mod library;
mod map;
mod meter;
mod number;
pub mod ops;
pub mod order;
pub mod tagged;
pub mod text;
pub mod time;
mod value;
mod zone;

pub use error::EvalError;
pub use map::{Key, Map};
pub use meter::{MAX_DEPTH, MAX_ELEMENTS, MAX_TEXT, Meter};
pub use value::{Duration, TYPE_NAMES, Timestamp, Value};
