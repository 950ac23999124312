//! The ends and the length of a text, in characters as a reader sees them.

use crate::{Cut, Error, Side, bounded};
use unicode_segmentation::UnicodeSegmentation;

pub fn trim<'a>(text: &'a str, side: Side, characters: Option<&str>) -> &'a str {
    let unwanted = |c: char| characters.map_or(c.is_whitespace(), |characters| characters.contains(c));
    match side {
        Side::Both => text.trim_matches(unwanted),
        Side::Start => text.trim_start_matches(unwanted),
        Side::End => text.trim_end_matches(unwanted),
    }
}

pub fn pad(text: &str, width: usize, side: Side, fill: &str) -> Result<String, Error> {
    if fill.is_empty() {
        return Err(Error::Invalid("`fill` is empty: there is nothing to fill with".into()));
    }
    let missing = width.saturating_sub(text.graphemes(true).count());
    bounded(missing.saturating_mul(fill.len()).saturating_add(text.len()))?;
    let before = match side {
        Side::Start => missing,
        Side::Both => missing / 2,
        Side::End => 0,
    };
    let filling = |count| fill.graphemes(true).cycle().take(count);
    Ok(filling(before).chain([text]).chain(filling(missing - before)).collect())
}

pub fn truncate(text: &str, length: usize, ending: &str, cut: Cut) -> String {
    let Some((over, _)) = text.grapheme_indices(true).nth(length) else {
        return text.to_owned();
    };
    let room = length.saturating_sub(ending.graphemes(true).count());
    let end = text.grapheme_indices(true).nth(room).map_or(over, |(at, _)| at);
    let kept = match cut {
        Cut::Character => &text[..end],
        Cut::Word => &text[..word_end(text, end)],
    };
    let ending = ending.graphemes(true).take(length);
    [kept.trim_end()].into_iter().chain(ending).collect()
}

/// The last end of a word at or before `end`, or `end` itself if the first word is longer.
fn word_end(text: &str, end: usize) -> usize {
    if text[end..].starts_with(char::is_whitespace) {
        return end;
    }
    text[..end].rfind(char::is_whitespace).filter(|&at| !text[..at].trim().is_empty()).unwrap_or(end)
}

pub fn reverse(text: &str) -> String {
    text.graphemes(true).rev().collect()
}
