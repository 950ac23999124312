//! `math.*`

use super::mismatch;
use crate::number::{as_double, compare};
use crate::ops::Result;
use crate::{EvalError, Meter, Value};
use Value::{Bool, Double, Int, Uint};
use std::cmp::Ordering;

/// The greatest of the arguments, or of the elements of one list; the first of equals.
pub(super) fn greatest(meter: &mut Meter, args: &[Value]) -> Result {
    extreme(meter, "math.greatest", args, Ordering::Greater)
}

pub(super) fn least(meter: &mut Meter, args: &[Value]) -> Result {
    extreme(meter, "math.least", args, Ordering::Less)
}

pub(super) fn abs(_: &mut Meter, args: &[Value]) -> Result {
    match &args[0] {
        Int(int) => int.checked_abs().map(Int).ok_or_else(|| EvalError::overflow("int")),
        Uint(uint) => Ok(Uint(*uint)),
        Double(double) => Ok(Double(double.abs())),
        _ => Err(mismatch("math.abs", args)),
    }
}

pub(super) fn sign(_: &mut Meter, args: &[Value]) -> Result {
    match &args[0] {
        Int(int) => Ok(Int(int.signum())),
        Uint(uint) => Ok(Uint((*uint).min(1))),
        Double(double) if *double == 0.0 || double.is_nan() => Ok(Double(*double)),
        Double(double) => Ok(Double(double.signum())),
        _ => Err(mismatch("math.sign", args)),
    }
}

pub(super) fn ceil(_: &mut Meter, args: &[Value]) -> Result {
    on_double("math.ceil", args, |double| Double(double.ceil()))
}

pub(super) fn floor(_: &mut Meter, args: &[Value]) -> Result {
    on_double("math.floor", args, |double| Double(double.floor()))
}

/// Halves go away from zero.
pub(super) fn round(_: &mut Meter, args: &[Value]) -> Result {
    on_double("math.round", args, |double| Double(double.round()))
}

pub(super) fn trunc(_: &mut Meter, args: &[Value]) -> Result {
    on_double("math.trunc", args, |double| Double(double.trunc()))
}

pub(super) fn sqrt(_: &mut Meter, args: &[Value]) -> Result {
    let double = as_double(&args[0]).ok_or_else(|| mismatch("math.sqrt", args))?;
    Ok(Double(double.sqrt()))
}

pub(super) fn is_nan(_: &mut Meter, args: &[Value]) -> Result {
    on_double("math.isNaN", args, |double| Bool(double.is_nan()))
}

pub(super) fn is_inf(_: &mut Meter, args: &[Value]) -> Result {
    on_double("math.isInf", args, |double| Bool(double.is_infinite()))
}

pub(super) fn is_finite(_: &mut Meter, args: &[Value]) -> Result {
    on_double("math.isFinite", args, |double| Bool(double.is_finite()))
}

pub(super) fn bit_and(_: &mut Meter, args: &[Value]) -> Result {
    bits("math.bitAnd", args, |a, b| a & b)
}

pub(super) fn bit_or(_: &mut Meter, args: &[Value]) -> Result {
    bits("math.bitOr", args, |a, b| a | b)
}

pub(super) fn bit_xor(_: &mut Meter, args: &[Value]) -> Result {
    bits("math.bitXor", args, |a, b| a ^ b)
}

pub(super) fn bit_not(_: &mut Meter, args: &[Value]) -> Result {
    match &args[0] {
        Int(int) => Ok(Int(!int)),
        Uint(uint) => Ok(Uint(!uint)),
        _ => Err(mismatch("math.bitNot", args)),
    }
}

pub(super) fn bit_shift_left(_: &mut Meter, args: &[Value]) -> Result {
    shift("math.bitShiftLeft", args, u64::checked_shl)
}

/// Zeros come in from the left, for negative ints too.
pub(super) fn bit_shift_right(_: &mut Meter, args: &[Value]) -> Result {
    shift("math.bitShiftRight", args, u64::checked_shr)
}

fn extreme(meter: &mut Meter, name: &str, args: &[Value], wanted: Ordering) -> Result {
    let numbers = match args {
        [Value::List(list)] => &list[..],
        numbers => numbers,
    };
    meter.elements(numbers.len())?;
    let (mut best, rest) = numbers.split_first().ok_or_else(|| EvalError::argument(format!("{name} of nothing")))?;
    as_double(best).ok_or_else(|| mismatch(name, args))?;
    for number in rest {
        as_double(number).ok_or_else(|| mismatch(name, args))?;
        if compare(number, best) == Some(wanted) {
            best = number;
        }
    }
    Ok(best.clone())
}

fn on_double(name: &str, args: &[Value], apply: fn(f64) -> Value) -> Result {
    match &args[0] {
        Double(double) => Ok(apply(*double)),
        _ => Err(mismatch(name, args)),
    }
}

fn bits(name: &str, args: &[Value], apply: fn(u64, u64) -> u64) -> Result {
    match args {
        [Int(a), Int(b)] => Ok(Int(apply(*a as u64, *b as u64) as i64)),
        [Uint(a), Uint(b)] => Ok(Uint(apply(*a, *b))),
        _ => Err(mismatch(name, args)),
    }
}

fn shift(name: &str, args: &[Value], apply: fn(u64, u32) -> Option<u64>) -> Result {
    let [number, Int(by)] = args else { return Err(mismatch(name, args)) };
    let by = u64::try_from(*by).map_err(|_| EvalError::argument("a shift by a negative number"))?;
    let by = by.min(64) as u32;
    match number {
        Int(int) => Ok(Int(apply(*int as u64, by).unwrap_or(0) as i64)),
        Uint(uint) => Ok(Uint(apply(*uint, by).unwrap_or(0))),
        _ => Err(mismatch(name, args)),
    }
}
