//! Parts of lists and lists of lists, whatever the elements are.

use crate::{Error, elements, few};
use serde_json::Value;

pub fn chunk(items: Vec<String>, size: u32) -> Result<Vec<Vec<String>>, Error> {
    if size == 0 {
        return Err(Error::Invalid("`size` is 0: a part has at least one element".into()));
    }
    Ok(items.chunks(size as usize).map(<[String]>::to_vec).collect())
}

pub fn flatten(items: &[String], depth: u32) -> Result<Vec<String>, Error> {
    let mut flat: Vec<Value> = items.iter().map(|item| elements::read(item)).collect();
    for _ in 0..depth {
        if !flat.iter().any(Value::is_array) {
            break;
        }
        flat = flat.into_iter().flat_map(opened).collect();
        few(flat.len())?;
    }
    Ok(flat.iter().map(Value::to_string).collect())
}

fn opened(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other => vec![other],
    }
}

pub fn zip(lists: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let length = lists.iter().map(Vec::len).min().unwrap_or(0);
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    (0..length).map(|_| lists.iter_mut().filter_map(Iterator::next).collect()).collect()
}

/// The part that a count names, and the rest.
pub fn part(mut items: Vec<String>, count: i32) -> (Vec<String>, Vec<String>) {
    let size = items.len().min(count.unsigned_abs() as usize);
    if count < 0 {
        let last = items.split_off(items.len() - size);
        return (last, items);
    }
    let rest = items.split_off(size);
    (items, rest)
}

pub fn range(start: i64, end: i64, step: i64) -> Result<Vec<i64>, Error> {
    if step == 0 {
        return Err(Error::Invalid("`step` is 0: the range would never end".into()));
    }
    let distance = (i128::from(end) - i128::from(start)) * i128::from(step.signum());
    let count = if distance <= 0 { 0 } else { (distance + i128::from(step).abs() - 1) / i128::from(step).abs() };
    few(usize::try_from(count).unwrap_or(usize::MAX))?;
    Ok((0..count).filter_map(|at| i64::try_from(i128::from(start) + at * i128::from(step)).ok()).collect())
}
