//! Measures of groups: sums, means, extremes.

use crate::{Error, Measure, Operation, elements, order};
use loomwork_path::Path;
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, BTreeSet};

const MAX_COLUMNS: usize = 100;

pub fn aggregate(items: &[String], by: &[String], measures: &[Measure]) -> Result<Vec<String>, Error> {
    if by.len() + measures.len() > MAX_COLUMNS {
        return Err(Error::Invalid(format!(
            "the result would have {} fields; at most {MAX_COLUMNS} are allowed",
            by.len() + measures.len()
        )));
    }
    let keys = by.iter().map(|path| elements::path(path)).collect::<Result<Vec<_>, _>>()?;
    let columns = measures.iter().map(|measure| elements::path(&measure.path)).collect::<Result<Vec<_>, _>>()?;
    let values: Vec<Value> = items.iter().map(|item| elements::read(item)).collect();
    let mut rows = Vec::new();
    for group in groups(&values, &keys) {
        let mut row = Map::new();
        for (name, path) in by.iter().zip(&keys) {
            row.insert(name.clone(), group.first().map_or(Value::Null, |value| elements::at(value, path).clone()));
        }
        for (measure, path) in measures.iter().zip(&columns) {
            row.insert(measure.name.clone(), apply(measure, path, &group)?);
        }
        rows.push(Value::Object(row).to_string());
    }
    Ok(rows)
}

/// In order of first occurrence; without keys all values are one group, even if there are none.
fn groups<'v>(values: &'v [Value], keys: &[Path]) -> Vec<Vec<&'v Value>> {
    if keys.is_empty() {
        return vec![values.iter().collect()];
    }
    let mut places = BTreeMap::new();
    let mut groups: Vec<Vec<&Value>> = Vec::new();
    for value in values {
        let identity: Vec<String> = keys.iter().map(|path| elements::identity(elements::at(value, path))).collect();
        let at = *places.entry(identity).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push(value);
    }
    groups
}

fn apply(measure: &Measure, path: &Path, group: &[&Value]) -> Result<Value, Error> {
    let all = group.iter().map(|value| elements::at(value, path));
    let mut present = all.clone().filter(|value| !value.is_null());
    Ok(match measure.operation {
        Operation::Count => Value::from(present.count()),
        Operation::CountDistinct => Value::from(present.map(elements::identity).collect::<BTreeSet<_>>().len()),
        Operation::Sum => total(present, &measure.path)?,
        Operation::Mean => mean(present, &measure.path)?,
        Operation::Min => present.min_by(|first, second| order::compare(first, second)).cloned().unwrap_or_default(),
        Operation::Max => present.max_by(|first, second| order::compare(first, second)).cloned().unwrap_or_default(),
        Operation::First => present.next().cloned().unwrap_or_default(),
        Operation::Last => present.next_back().cloned().unwrap_or_default(),
        Operation::Collect => Value::Array(all.cloned().collect()),
    })
}

pub fn sum(items: &[String], path: &str) -> Result<f64, Error> {
    let parsed = elements::path(path)?;
    let values: Vec<Value> = items.iter().map(|item| elements::read(item)).collect();
    let present = values.iter().map(|value| elements::at(value, &parsed)).filter(|value| !value.is_null());
    Ok(total(present, path)?.as_f64().unwrap_or_default())
}

/// A whole number as long as all values are and it fits.
fn total<'v>(values: impl Iterator<Item = &'v Value> + Clone, path: &str) -> Result<Value, Error> {
    let whole = values.clone().try_fold(0_i64, |sum, value| sum.checked_add(value.as_i64()?));
    match whole {
        Some(sum) => Ok(Value::from(sum)),
        None => finite(precise(values, path)?.0, path),
    }
}

fn mean<'v>(values: impl Iterator<Item = &'v Value>, path: &str) -> Result<Value, Error> {
    match precise(values, path)? {
        (_, 0) => Ok(Value::Null),
        (sum, count) => finite(sum / count as f64, path),
    }
}

fn finite(number: f64, path: &str) -> Result<Value, Error> {
    Number::from_f64(number)
        .map(Value::Number)
        .ok_or_else(|| Error::TooLarge(format!("the sum of `{path}` is no longer a finite number")))
}

/// Neumaier's sum: what rounding loses is kept aside. And how many there are.
fn precise<'v>(values: impl Iterator<Item = &'v Value>, path: &str) -> Result<(f64, usize), Error> {
    let (mut sum, mut lost, mut count) = (0.0_f64, 0.0_f64, 0);
    for value in values {
        let number = value.as_f64().ok_or_else(|| not_a_number(value, path))?;
        let next = sum + number;
        lost += if sum.abs() >= number.abs() { (sum - next) + number } else { (number - next) + sum };
        sum = next;
        count += 1;
    }
    Ok((if lost.is_finite() { sum + lost } else { sum }, count))
}

fn not_a_number(value: &Value, path: &str) -> Error {
    let shown: String = value.to_string().chars().take(40).collect();
    let place = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
    Error::WrongKind(format!("{shown}{place} is not a number"))
}
