//! What a table looks like as text.

use crate::{Error, FormatOptions, Options};

pub struct Reading {
    pub delimiter: char,
    pub quote: Option<char>,
    pub comment: Option<String>,
    pub trim: bool,
}

pub struct Writing {
    pub delimiter: char,
    pub quote: char,
    pub quote_all: bool,
    pub line_end: &'static str,
}

pub fn reading(options: &Options) -> Result<Reading, Error> {
    let quote = match options.quote.as_deref() {
        Some("") => None,
        quote => Some(mark("quote", quote, '"')?),
    };
    let delimiter = mark("delimiter", options.delimiter.as_deref(), ',')?;
    different(delimiter, quote)?;
    let comment = options.comment.clone().filter(|comment| !comment.is_empty());
    Ok(Reading { delimiter, quote, comment, trim: options.trim.unwrap_or(false) })
}

pub fn writing(options: &FormatOptions) -> Result<Writing, Error> {
    let delimiter = mark("delimiter", options.delimiter.as_deref(), ',')?;
    let quote = mark("quote", options.quote.as_deref(), '"')?;
    different(delimiter, Some(quote))?;
    let line_end = if options.crlf == Some(true) { "\r\n" } else { "\n" };
    Ok(Writing { delimiter, quote, quote_all: options.quote_all.unwrap_or(false), line_end })
}

/// One character that is no line break.
fn mark(name: &str, text: Option<&str>, default: char) -> Result<char, Error> {
    let text = match text {
        None => return Ok(default),
        Some("tab" | "\\t") => "\t",
        Some(text) => text,
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(mark), None) if mark != '\n' && mark != '\r' => Ok(mark),
        _ => Err(Error::BadOption(format!("`{name}` has to be one character, no line break"))),
    }
}

fn different(delimiter: char, quote: Option<char>) -> Result<(), Error> {
    if quote == Some(delimiter) {
        return Err(Error::BadOption("`delimiter` and `quote` are the same".into()));
    }
    Ok(())
}
