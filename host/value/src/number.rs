//! Numbers of different types beside each other: CEL compares them by value.

use crate::{Key, Value};
use std::cmp::Ordering;

/// 2^63 and 2^64: the first doubles that no longer fit.
pub(crate) const TWO_63: f64 = 9_223_372_036_854_775_808.0;
pub(crate) const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// The order of two numbers; `None` if one is not a number or is NaN. An integer beside a double is compared as a double.
pub(crate) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    use Value::{Int, Uint};
    match (a, b) {
        (Int(a), Int(b)) => Some(a.cmp(b)),
        (Uint(a), Uint(b)) => Some(a.cmp(b)),
        (Int(a), Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Uint(a), Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (a, b) => as_double(a)?.partial_cmp(&as_double(b)?),
    }
}

pub(crate) fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Uint(_) | Value::Double(_))
}

pub(crate) fn as_double(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::Uint(value) => Some(*value as f64),
        Value::Double(value) => Some(*value),
        _ => None,
    }
}

/// The integer key that a double stands for, if it is a whole number in range.
pub(crate) fn whole(double: f64) -> Option<Key> {
    if double.trunc() != double {
        return None;
    }
    if (-TWO_63..TWO_63).contains(&double) {
        return Some(Key::Int(double as i64));
    }
    (double > 0.0 && double < TWO_64).then_some(Key::Uint(double as u64))
}
