//! Looking for plain text, and counting.

use crate::{Comparison, Measures};
use unicode_segmentation::UnicodeSegmentation;

/// Applies a test to text and part as they are, or both in small letters.
pub fn compared(text: &str, part: &str, comparison: Option<Comparison>, test: fn(&str, &str) -> bool) -> bool {
    match comparison.unwrap_or(Comparison::Exact) {
        Comparison::Exact => test(text, part),
        Comparison::IgnoreCase => test(&text.to_lowercase(), &part.to_lowercase()),
    }
}

pub fn count(text: &str, part: &str) -> u32 {
    if part.is_empty() { 0 } else { text.matches(part).count() as u32 }
}

pub fn between(text: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = text.split_once(start)?;
    let inside = if end.is_empty() { rest } else { rest.split_once(end)?.0 };
    Some(inside.to_owned())
}

pub fn measure(text: &str) -> Measures {
    Measures {
        characters: text.graphemes(true).count() as u32,
        words: text.unicode_words().count() as u32,
        lines: text.lines().count() as u32,
        bytes: text.len() as u32,
    }
}
