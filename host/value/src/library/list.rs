//! Lists.

use super::mismatch;
use crate::meter::check_depth;
use crate::ops::{self, Result};
use crate::{EvalError, Meter, Value, number};
use std::cmp::Ordering;
use std::result::Result as Either;

/// `list.slice(from, to)`
pub(super) fn slice(meter: &mut Meter, args: &[Value]) -> Result {
    let [Value::List(list), Value::Int(from), Value::Int(to)] = args else { return Err(mismatch("slice", args)) };
    let found = usize::try_from(*from).ok().zip(usize::try_from(*to).ok()).and_then(|(from, to)| list.get(from..to));
    let found = found
        .ok_or_else(|| EvalError::new("expr.index", format!("slice({from}, {to}) of a list with {} elements", list.len())))?;
    meter.elements(found.len())?;
    Ok(Value::List(found.into()))
}

/// `list.flatten()` takes lists in the list apart, `list.flatten(depth)` so many levels of them.
pub(super) fn flatten(meter: &mut Meter, args: &[Value]) -> Result {
    let (list, depth) = match args {
        [Value::List(list)] => (list, 1),
        [Value::List(list), Value::Int(depth)] => (list, *depth),
        _ => return Err(mismatch("flatten", args)),
    };
    let depth = u32::try_from(depth.min(i64::from(u32::MAX))).map_err(|_| EvalError::argument("flatten to a negative depth"))?;
    let mut out = Vec::new();
    flatten_into(meter, list, depth, 0, &mut out)?;
    Ok(Value::from(out))
}

/// `list.sort()`: numbers, texts, bytes, booleans, instants or durations.
pub(super) fn sort(meter: &mut Meter, args: &[Value]) -> Result {
    let Value::List(list) = &args[0] else { return Err(mismatch("sort", args)) };
    sorted(meter, list, list)
}

/// What `sortBy` becomes: the first list in the order of the second.
pub(super) fn sort_by_keys(meter: &mut Meter, args: &[Value]) -> Result {
    match args {
        [Value::List(list), Value::List(keys)] if list.len() == keys.len() => sorted(meter, list, keys),
        _ => Err(mismatch("sortBy", args)),
    }
}

/// `list.distinct()`: the first of equal elements stays.
pub(super) fn distinct(meter: &mut Meter, args: &[Value]) -> Result {
    let Value::List(list) = &args[0] else { return Err(mismatch("distinct", args)) };
    let mut kept: Vec<Value> = Vec::new();
    for element in list.iter() {
        meter.charge(1)?;
        if !has(meter, &kept, element)? {
            kept.push(element.clone());
        }
    }
    Ok(Value::from(kept))
}

/// `lists.range(n)`: the ints from 0 up to, not with, `n`.
pub(super) fn range(meter: &mut Meter, args: &[Value]) -> Result {
    let Value::Int(count) = &args[0] else { return Err(mismatch("lists.range", args)) };
    let count = (*count).max(0);
    meter.elements(usize::try_from(count).unwrap_or(usize::MAX))?;
    Ok(Value::List((0..count).map(Value::Int).collect()))
}

/// `list.first()`, an optional.
pub(super) fn first(_: &mut Meter, args: &[Value]) -> Result {
    let Value::List(list) = &args[0] else { return Err(mismatch("first", args)) };
    Ok(list.first().map_or_else(Value::none, |value| Value::some(value.clone())))
}

/// `list.last()`, an optional.
pub(super) fn last(_: &mut Meter, args: &[Value]) -> Result {
    let Value::List(list) = &args[0] else { return Err(mismatch("last", args)) };
    Ok(list.last().map_or_else(Value::none, |value| Value::some(value.clone())))
}

fn flatten_into(meter: &mut Meter, list: &[Value], levels: u32, depth: usize, out: &mut Vec<Value>) -> Either<(), EvalError> {
    check_depth(depth)?;
    for element in list {
        meter.charge(1)?;
        match element {
            Value::List(inner) if levels > 0 => flatten_into(meter, inner, levels - 1, depth + 1, out)?,
            other => out.push(other.clone()),
        }
        if out.len() > crate::MAX_ELEMENTS {
            meter.elements(out.len())?;
        }
    }
    Ok(())
}

fn has(meter: &mut Meter, list: &[Value], wanted: &Value) -> Either<bool, EvalError> {
    for element in list {
        meter.charge(1)?;
        if ops::equal(meter, element, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn sorted(meter: &mut Meter, list: &[Value], keys: &[Value]) -> Result {
    let alike = |a: &Value, b: &Value| a.type_name() == b.type_name() || number::is_number(a) && number::is_number(b);
    if let Some(odd) = keys.iter().find(|key| !alike(key, &keys[0])) {
        return Err(EvalError::no_overload("sort", &[&keys[0], odd]));
    }
    if let [single] = keys {
        ops::sort_order(meter, single, single)?;
    }
    let order = merge_sort(meter, keys)?;
    Ok(Value::List(order.into_iter().map(|index| list[index as usize].clone()).collect()))
}

/// The positions of the keys in ascending order, equals in their old order. Written out, because the standard
/// library's sort does not promise the same number of comparisons everywhere, and each one is charged.
fn merge_sort(meter: &mut Meter, keys: &[Value]) -> Either<Vec<u32>, EvalError> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    let mut width = 1;
    while width < order.len() {
        let mut merged = Vec::with_capacity(order.len());
        for run in order.chunks(width * 2) {
            let (left, right) = run.split_at(width.min(run.len()));
            merge(meter, keys, [left, right], &mut merged)?;
        }
        order = merged;
        width *= 2;
    }
    meter.elements(order.len())?;
    Ok(order)
}

fn merge(meter: &mut Meter, keys: &[Value], [mut left, mut right]: [&[u32]; 2], out: &mut Vec<u32>) -> Either<(), EvalError> {
    while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
        meter.charge(1)?;
        if ops::sort_order(meter, &keys[*a as usize], &keys[*b as usize])? == Ordering::Greater {
            out.push(*b);
            right = right_rest;
        } else {
            out.push(*a);
            left = left_rest;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
    Ok(())
}
