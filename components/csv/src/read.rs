//! Text to rows of cells, as RFC 4180 has it, with any line breaks. Unlike lenient readers it says where a quote goes wrong.

use crate::style::Reading;
use crate::{Error, Mistake};

const MAX_CELLS: usize = 2_000_000;

pub struct Row {
    /// Where it begins, counted from 1.
    pub line: u32,
    pub cells: Vec<String>,
}

/// All rows; lines that are empty or comments are left out.
pub fn rows(text: &str, style: &Reading) -> Result<Vec<Row>, Error> {
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, style };
    let mut rows = Vec::new();
    let mut cells = 0;
    while !reader.rest.is_empty() {
        if reader.skip_line() {
            continue;
        }
        let row = reader.row()?;
        cells += row.cells.len();
        if cells > MAX_CELLS {
            return Err(Error::TooLarge(format!("the table has more than {MAX_CELLS} cells")));
        }
        rows.push(row);
    }
    Ok(rows)
}

struct Reader<'t> {
    rest: &'t str,
    line: u32,
    style: &'t Reading,
}

impl Reader<'_> {
    /// Goes past a line that holds no row.
    fn skip_line(&mut self) -> bool {
        let comment = self.style.comment.as_deref().is_some_and(|comment| self.rest.starts_with(comment));
        if comment {
            self.rest = self.rest.find(['\n', '\r']).map_or("", |end| &self.rest[end..]);
        }
        self.line_break() || comment
    }

    fn line_break(&mut self) -> bool {
        let after = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix(['\n', '\r']));
        let Some(after) = after else { return false };
        self.rest = after;
        self.line += 1;
        true
    }

    fn row(&mut self) -> Result<Row, Error> {
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            if let Some(after) = self.rest.strip_prefix(self.style.delimiter) {
                self.rest = after;
            } else {
                self.line_break();
                return Ok(Row { line, cells });
            }
        }
    }

    fn cell(&mut self) -> Result<String, Error> {
        let start = if self.style.trim { self.rest.trim_start_matches([' ', '\t']) } else { self.rest };
        if let Some(inside) = self.style.quote.and_then(|quote| start.strip_prefix(quote)) {
            self.rest = inside;
            return self.quoted();
        }
        let end = self.rest.find([self.style.delimiter, '\n', '\r']).unwrap_or(self.rest.len());
        let cell = &self.rest[..end];
        self.rest = &self.rest[end..];
        Ok(if self.style.trim { cell.trim() } else { cell }.to_owned())
    }

    /// Reads up to the closing quote; two quotes are one.
    fn quoted(&mut self) -> Result<String, Error> {
        let opened = self.line;
        let quote = self.style.quote.expect("a quoted cell begins with a quote");
        let mut cell = String::new();
        loop {
            let Some((part, after)) = self.rest.split_once(quote) else {
                return Err(mistake(opened, "the quote that opens a cell here is never closed"));
            };
            self.line += breaks(part);
            cell.push_str(part);
            self.rest = after;
            match after.strip_prefix(quote) {
                Some(after) => self.rest = after,
                None => break,
            }
            cell.push(quote);
        }
        if self.style.trim {
            self.rest = self.rest.trim_start_matches([' ', '\t']);
        }
        let ends = self.rest.is_empty() || self.rest.starts_with([self.style.delimiter, '\n', '\r']);
        if ends {
            Ok(cell)
        } else {
            Err(mistake(self.line, "something follows the closing quote of a cell; double a quote that belongs to it"))
        }
    }
}

fn breaks(text: &str) -> u32 {
    let lone = |(at, byte): (usize, u8)| byte == b'\n' || byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
    text.bytes().enumerate().filter(|&entry| lone(entry)).count() as u32
}

fn mistake(line: u32, message: &str) -> Error {
    Error::Malformed(Mistake { line, message: format!("line {line}: {message}") })
}
