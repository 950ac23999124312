//! The operators of expressions, on values. Each dispatches on what its operands are, and charges the meter where its work grows with them.
//!
//! Scalars are free: a back end that computes them unboxed charges the same.

mod access;
mod arithmetic;
mod convert;
mod relation;
mod template;
mod weigh;

pub use access::{entries, has, index, keys, opt_index, opt_select, range, select, size, value_of_optional};
pub use arithmetic::{add, divide, modulo, multiply, negate, not, subtract};
pub use convert::{to_bool, to_bytes, to_double, to_duration, to_int, to_string, to_timestamp, to_uint, type_of};
pub(crate) use relation::sort_order;
pub use relation::{contains, equal, greater, greater_or_equal, less, less_or_equal, not_equal};
pub use template::{Arithmetic, adapt, display, double_from};
pub use weigh::{MAX_WEIGHT, weigh};

use crate::{EvalError, Value};

/// What an operation gives.
pub type Result = std::result::Result<Value, EvalError>;
