//! Rows and records to text.

use crate::style::{self, Writing};
use crate::{Error, FormatOptions};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const MAX_BYTES: usize = 16 << 20;

pub fn rows(rows: &[Vec<String>], style: &Writing) -> Result<String, Error> {
    let mut out = String::new();
    rows.iter().try_for_each(|row| line(&mut out, row.iter().map(String::as_str), style))?;
    Ok(out)
}

pub fn records(records: &[String], options: &FormatOptions) -> Result<String, Error> {
    let style = style::writing(options)?;
    let records: Vec<Map<String, Value>> =
        records.iter().enumerate().map(|(at, text)| record(at, text)).collect::<Result<_, _>>()?;
    let columns = options.columns.clone().unwrap_or_else(|| occurring(&records));
    let mut out = String::new();
    if options.header.unwrap_or(true) && !columns.is_empty() {
        line(&mut out, columns.iter().map(String::as_str), &style)?;
    }
    for record in &records {
        let cells: Vec<String> = columns.iter().map(|column| cell(record.get(column))).collect();
        line(&mut out, cells.iter().map(String::as_str), &style)?;
    }
    Ok(out)
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

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>, style: &Writing) -> Result<(), Error> {
    let start = out.len();
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(style.delimiter);
        }
        write(out, cell, style);
    }
    if out.len() == start {
        // An empty line would be no row when it is read back.
        out.extend([style.quote, style.quote]);
    }
    out.push_str(style.line_end);
    if out.len() > MAX_BYTES {
        return Err(Error::TooLarge(format!("the text would have more than {MAX_BYTES} bytes")));
    }
    Ok(())
}

fn write(out: &mut String, cell: &str, style: &Writing) {
    let padded = cell.starts_with(char::is_whitespace) || cell.ends_with(char::is_whitespace);
    if !style.quote_all && !padded && !cell.contains([style.delimiter, style.quote, '\n', '\r']) {
        return out.push_str(cell);
    }
    let twice = format!("{0}{0}", style.quote);
    out.push(style.quote);
    out.push_str(&cell.replace(style.quote, &twice));
    out.push(style.quote);
}
