//! Rows as objects by column.

use crate::read::{self, Row};
use crate::{Error, Mistake, Options, Typing, Uneven, style};
use serde_json::{Map, Number, Value};

pub fn parse(text: &str, options: &Options) -> Result<Vec<String>, Error> {
    let (columns, rows) = table(text, options)?;
    let typing = options.typing.unwrap_or(Typing::Text);
    Ok(rows.into_iter().map(|row| record(&columns, row, typing).to_string()).collect())
}

pub fn columns(text: &str, options: &Options) -> Result<Vec<String>, Error> {
    Ok(table(text, options)?.0)
}

/// The columns' names and the rows, each with as many cells.
fn table(text: &str, options: &Options) -> Result<(Vec<String>, Vec<Row>), Error> {
    let mut rows = read::rows(text, &style::reading(options)?)?.into_iter();
    let columns = match &options.columns {
        Some(columns) => columns.clone(),
        None => rows.next().map(|row| row.cells).unwrap_or_default(),
    };
    let columns = distinct(columns);
    let rows: Vec<Row> = rows.collect();
    let rows = match options.uneven {
        Some(Uneven::Allow) => fitted(rows, columns.len()),
        _ => even(rows, Some(columns.len()))?,
    };
    Ok((columns, rows))
}

/// Names that are missing or were there before are numbered.
fn distinct(columns: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    let mut names = Vec::with_capacity(columns.len());
    for (at, column) in columns.into_iter().enumerate() {
        let base = if column.trim().is_empty() { format!("column_{}", at + 1) } else { column };
        let mut name = base.clone();
        let mut number = 2;
        while !seen.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

fn fitted(mut rows: Vec<Row>, width: usize) -> Vec<Row> {
    for row in &mut rows {
        row.cells.resize(width, String::new());
    }
    rows
}

/// Refuses rows that are not as wide as said, or as the first one.
pub fn even(rows: Vec<Row>, width: Option<usize>) -> Result<Vec<Row>, Error> {
    let width = width.or_else(|| rows.first().map(|row| row.cells.len())).unwrap_or(0);
    match rows.iter().find(|row| row.cells.len() != width) {
        None => Ok(rows),
        Some(row) => {
            let message = format!("line {}: the row has {} cells where there are {width} columns", row.line, row.cells.len());
            Err(Error::Uneven(Mistake { message, line: row.line }))
        }
    }
}

fn record(columns: &[String], row: Row, typing: Typing) -> Value {
    let cells = row.cells.into_iter().map(|cell| match typing {
        Typing::Text => Value::String(cell),
        Typing::Infer => infer(cell),
    });
    Value::Object(columns.iter().cloned().zip(cells).collect::<Map<_, _>>())
}

fn infer(cell: String) -> Value {
    match cell.trim() {
        "" => Value::Null,
        "true" | "TRUE" | "True" => Value::Bool(true),
        "false" | "FALSE" | "False" => Value::Bool(false),
        text => number(text).map_or(Value::String(cell), Value::Number),
    }
}

/// Numbers as JSON writes them: so `007`, `1_000` and `+1` are texts, as is what does not fit.
fn number(text: &str) -> Option<Number> {
    text.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| serde_json::from_str(text).ok()).flatten()
}
