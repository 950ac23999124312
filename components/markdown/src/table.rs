//! Tables of records and rows.

use crate::{Align, Error, bounded};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const MAX_ROWS: usize = 10_000;

pub fn records(records: &[String], columns: Option<Vec<String>>, align: &[Align]) -> Result<String, Error> {
    few(records.len())?;
    let records: Vec<Map<String, Value>> =
        records.iter().enumerate().map(|(at, text)| record(at, text)).collect::<Result<_, _>>()?;
    let columns = columns.unwrap_or_else(|| occurring(&records));
    let align: Vec<Option<Align>> =
        columns.iter().enumerate().map(|(at, column)| align.get(at).copied().or_else(|| numeric(&records, column))).collect();
    let rows = records.iter().map(|record| columns.iter().map(|column| shown(record.get(column))).collect());
    let all: Vec<Vec<String>> = std::iter::once(columns.clone()).chain(rows).collect();
    write(&all, &align)
}

pub fn rows(rows: &[Vec<String>], align: &[Align]) -> Result<String, Error> {
    few(rows.len())?;
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let align: Vec<Option<Align>> = (0..width).map(|at| align.get(at).copied()).collect();
    write(rows, &align)
}

fn few(rows: usize) -> Result<(), Error> {
    if rows > MAX_ROWS {
        return Err(Error::TooLarge(format!("the table would have {rows} rows; at most {MAX_ROWS} are allowed")));
    }
    Ok(())
}

fn record(at: usize, text: &str) -> Result<Map<String, Value>, Error> {
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Error::NotARecord(format!("element {at} is not an object"))),
    }
}

fn occurring(records: &[Map<String, Value>]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    records.iter().flat_map(Map::keys).filter(|key| seen.insert(*key)).cloned().collect()
}

/// Columns of numbers alone are aligned right.
fn numeric(records: &[Map<String, Value>], column: &str) -> Option<Align> {
    let mut values = records.iter().filter_map(|record| record.get(column)).filter(|value| !value.is_null()).peekable();
    (values.peek().is_some() && values.all(Value::is_number)).then_some(Align::Right)
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// `align` has one entry per column.
fn write(rows: &[Vec<String>], align: &[Option<Align>]) -> Result<String, Error> {
    let Some((header, body)) = rows.split_first().filter(|_| !align.is_empty()) else {
        return Ok(String::new());
    };
    let mut out = line(header, align.len());
    let rules = align.iter().map(|align| match align {
        None => "---",
        Some(Align::Left) => ":---",
        Some(Align::Center) => ":---:",
        Some(Align::Right) => "---:",
    });
    out.push_str(&format!("| {} |\n", rules.collect::<Vec<_>>().join(" | ")));
    for row in body {
        out.push_str(&line(row, align.len()));
    }
    bounded(out)
}

fn line(cells: &[String], width: usize) -> String {
    let cells = (0..width).map(|at| cells.get(at).map(|cell| inside(cell)).unwrap_or_default());
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// A cell is one line, and a bar in it is no border.
fn inside(text: &str) -> String {
    let text = text.trim().replace('\\', "\\\\").replace('|', "\\|");
    text.split(['\n', '\r']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("<br>")
}
