//! Regular expressions, in linear time and with bounds on their own size.

use crate::{Error, Found, MAX_PARTS, bounded, parts};
use regex_lite::{Captures, Regex, RegexBuilder};
use serde_json::{Map, Value};

const MAX_PATTERN: usize = 4096;
const MAX_PROGRAM: usize = 1 << 20;

pub fn compile(pattern: &str) -> Result<Regex, Error> {
    if pattern.len() > MAX_PATTERN {
        return Err(Error::BadPattern(format!("the pattern has {} bytes; at most {MAX_PATTERN} are allowed", pattern.len())));
    }
    let built = RegexBuilder::new(pattern).size_limit(MAX_PROGRAM).nest_limit(50).build();
    built.map_err(|error| Error::BadPattern(error.to_string()))
}

pub fn find_all(text: &str, pattern: &str, limit: usize) -> Result<Vec<Found>, Error> {
    let regex = compile(pattern)?;
    let limit = limit.min(MAX_PARTS);
    let mut places = Places { text, byte: 0, chars: 0 };
    Ok(regex.captures_iter(text).take(limit).map(|captures| found(&regex, &captures, &mut places)).collect())
}

fn found(regex: &Regex, captures: &Captures<'_>, places: &mut Places<'_>) -> Found {
    let whole = captures.get(0).expect("group 0 is the match itself");
    let named = regex.capture_names().flatten().map(|name| {
        let caught = captures.name(name).map_or(Value::Null, |group| Value::from(group.as_str()));
        (name.to_owned(), caught)
    });
    Found {
        text: whole.as_str().to_owned(),
        start: places.advance(whole.start()),
        end: places.advance(whole.end()),
        groups: captures.iter().skip(1).map(|group| group.map(|group| group.as_str().to_owned())).collect(),
        named: Value::Object(named.collect::<Map<_, _>>()).to_string(),
    }
}

/// Counts the characters before places that only go forward, each once.
struct Places<'a> {
    text: &'a str,
    byte: usize,
    chars: u32,
}

impl Places<'_> {
    fn advance(&mut self, byte: usize) -> u32 {
        self.chars += self.text[self.byte..byte].chars().count() as u32;
        self.byte = byte;
        self.chars
    }
}

pub fn replace(text: &str, pattern: &str, with: &str, limit: Option<u32>) -> Result<String, Error> {
    let regex = compile(pattern)?;
    let mut out = String::new();
    let mut last = 0;
    for captures in regex.captures_iter(text).take(limit.map_or(usize::MAX, |limit| limit as usize)) {
        let whole = captures.get(0).expect("group 0 is the match itself");
        out.push_str(&text[last..whole.start()]);
        captures.expand(with, &mut out);
        bounded(out.len())?;
        last = whole.end();
    }
    bounded(out.len().saturating_add(text.len() - last))?;
    out.push_str(&text[last..]);
    Ok(out)
}

pub fn split(text: &str, pattern: &str, limit: Option<u32>) -> Result<Vec<String>, Error> {
    let regex = compile(pattern)?;
    match limit {
        Some(limit) => parts::collect(regex.splitn(text, limit as usize)),
        None => parts::collect(regex.split(text)),
    }
}
