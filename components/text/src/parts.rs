//! Cutting text at plain separators, and putting it together again.

use crate::{Error, MAX_PARTS, bounded};
use unicode_segmentation::UnicodeSegmentation;

pub fn split(text: &str, separator: &str, limit: Option<u32>) -> Result<Vec<String>, Error> {
    let limit = limit.map_or(usize::MAX, |limit| limit as usize);
    match (limit, separator) {
        (0, _) => Ok(Vec::new()),
        (_, "") => characters(text, limit),
        _ => collect(text.splitn(limit, separator)),
    }
}

fn characters(text: &str, limit: usize) -> Result<Vec<String>, Error> {
    let mut rest = text;
    let mut parts = Vec::new();
    while let Some(next) = rest.graphemes(true).next() {
        let part = if parts.len() + 1 == limit { rest } else { next };
        parts.push(part);
        rest = &rest[part.len()..];
        if parts.len() > MAX_PARTS {
            break;
        }
    }
    collect(parts)
}

/// Owns the parts, unless there are too many.
pub fn collect<'a>(parts: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, Error> {
    let parts: Vec<String> = parts.into_iter().take(MAX_PARTS + 1).map(str::to_owned).collect();
    if parts.len() > MAX_PARTS {
        return Err(Error::TooLarge(format!("the text has more than {MAX_PARTS} parts; set `limit`, or cut it in two steps")));
    }
    Ok(parts)
}

pub fn join(parts: &[String], separator: &str) -> Result<String, Error> {
    let separators = separator.len().saturating_mul(parts.len().saturating_sub(1));
    bounded(parts.iter().fold(separators, |sum, part| sum.saturating_add(part.len())))?;
    Ok(parts.join(separator))
}

pub fn replace(text: &str, find: &str, with: &str, limit: Option<u32>) -> Result<String, Error> {
    if find.is_empty() {
        return Err(Error::Invalid("`find` is empty: there is nothing to look for".into()));
    }
    let limit = limit.map_or(usize::MAX, |limit| limit as usize);
    let times = text.matches(find).take(limit).count();
    let kept = text.len() - times * find.len();
    bounded(with.len().saturating_mul(times).saturating_add(kept))?;
    Ok(text.replacen(find, with, limit))
}
