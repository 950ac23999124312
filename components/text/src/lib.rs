//! The text node: the functions of `loom:text/text`, each in the module of its subject.

mod case;
mod clean;
mod parts;
mod pattern;
mod search;
mod template;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:text/node", generate_all });

use exports::loom::text::text::{Comparison, Cut, Error, Found, Guest, Measures, Side, Style};

/// The largest text that a function makes.
const MAX_BYTES: usize = 16 << 20;
/// The most parts that a text is cut into.
const MAX_PARTS: usize = 100_000;

struct Node;
export!(Node);

impl Guest for Node {
    fn split(text: String, separator: String, limit: Option<u32>) -> Result<Vec<String>, Error> {
        parts::split(&text, &separator, limit)
    }
    fn lines(text: String) -> Result<Vec<String>, Error> {
        parts::collect(text.lines())
    }
    fn join(parts: Vec<String>, separator: String) -> Result<String, Error> {
        parts::join(&parts, &separator)
    }
    fn replace(text: String, find: String, with: String, limit: Option<u32>) -> Result<String, Error> {
        parts::replace(&text, &find, &with, limit)
    }
    fn trim(text: String, side: Option<Side>, characters: Option<String>) -> String {
        clean::trim(&text, side.unwrap_or(Side::Both), characters.as_deref()).to_owned()
    }
    fn pad(text: String, width: u32, side: Option<Side>, fill: Option<String>) -> Result<String, Error> {
        clean::pad(&text, width as usize, side.unwrap_or(Side::End), fill.as_deref().unwrap_or(" "))
    }
    fn repeat(text: String, times: u32) -> Result<String, Error> {
        bounded(text.len().saturating_mul(times as usize))?;
        Ok(text.repeat(times as usize))
    }
    fn template(template: String, values: String) -> Result<String, Error> {
        template::fill(&template, &values)
    }
    fn slug(text: String) -> String {
        case::slug(&text)
    }
    fn plain(text: String) -> String {
        case::plain(&text)
    }
    fn upper(text: String) -> String {
        text.to_uppercase()
    }
    fn lower(text: String) -> String {
        text.to_lowercase()
    }
    fn title(text: String) -> String {
        case::title(&text)
    }
    fn recase(text: String, style: Style) -> String {
        case::recase(&text, style)
    }
    fn truncate(text: String, length: u32, ending: Option<String>, cut: Option<Cut>) -> String {
        clean::truncate(&text, length as usize, ending.as_deref().unwrap_or("…"), cut.unwrap_or(Cut::Character))
    }
    fn reverse(text: String) -> String {
        clean::reverse(&text)
    }
    fn contains(text: String, part: String, comparison: Option<Comparison>) -> bool {
        search::compared(&text, &part, comparison, |text, part| text.contains(part))
    }
    fn starts_with(text: String, part: String, comparison: Option<Comparison>) -> bool {
        search::compared(&text, &part, comparison, |text, part| text.starts_with(part))
    }
    fn ends_with(text: String, part: String, comparison: Option<Comparison>) -> bool {
        search::compared(&text, &part, comparison, |text, part| text.ends_with(part))
    }
    fn count(text: String, part: String) -> u32 {
        search::count(&text, &part)
    }
    fn between(text: String, start: String, end: String) -> Option<String> {
        search::between(&text, &start, &end)
    }
    fn measure(text: String) -> Measures {
        search::measure(&text)
    }
    fn matches(text: String, pattern: String) -> Result<bool, Error> {
        Ok(pattern::compile(&pattern)?.is_match(&text))
    }
    fn find(text: String, pattern: String) -> Result<Option<Found>, Error> {
        Ok(pattern::find_all(&text, &pattern, 1)?.pop())
    }
    fn find_all(text: String, pattern: String, limit: Option<u32>) -> Result<Vec<Found>, Error> {
        pattern::find_all(&text, &pattern, limit.unwrap_or(10_000) as usize)
    }
    fn replace_pattern(text: String, pattern: String, with: String, limit: Option<u32>) -> Result<String, Error> {
        pattern::replace(&text, &pattern, &with, limit)
    }
    fn split_pattern(text: String, pattern: String, limit: Option<u32>) -> Result<Vec<String>, Error> {
        pattern::split(&text, &pattern, limit)
    }
}

/// Refuses a result of so many bytes if that is too many.
fn bounded(bytes: usize) -> Result<(), Error> {
    if bytes > MAX_BYTES {
        return Err(Error::TooLarge(format!("the result would have {bytes} bytes; at most {MAX_BYTES} are allowed")));
    }
    Ok(())
}
