//! From a part of the document to its place in the text, so that every later stage can point at what was written.

use crate::located::{Located, Shape};
use crate::scan::escape;
use loomwork_diagnostic::Span;
use std::sync::Arc;

/// Where each value and each key of a document was written, by JSON pointer (`/nodes/3/with/url`).
///
/// The empty map, for a flow that was made in memory, answers with the empty span everywhere.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    text: Arc<str>,
    root: Located,
}

impl SourceMap {
    pub(crate) fn new(text: &str, root: Located) -> Self {
        Self { text: text.into(), root }
    }

    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of the value, if it was written.
    pub fn value(&self, pointer: &str) -> Option<Span> {
        let (found, rest) = self.walk(pointer);
        rest.is_empty().then_some(found.value.span)
    }

    /// The place of the name in front of the value, with its quotes. List elements have none.
    pub fn key(&self, pointer: &str) -> Option<Span> {
        let (found, rest) = self.walk(pointer);
        if rest.is_empty() { found.key } else { None }
    }

    /// The place of the value, or of the nearest part around it that was written.
    pub fn span(&self, pointer: &str) -> Span {
        self.walk(pointer).0.value.span
    }

    /// The place of the name, or of the value where there is none.
    pub fn name(&self, pointer: &str) -> Span {
        self.key(pointer).unwrap_or_else(|| self.span(pointer))
    }

    /// The place of a part of a text, given as byte offsets into the text as decoded: escapes are accounted for.
    pub fn inside(&self, pointer: &str, decoded: Span) -> Span {
        let (found, rest) = self.walk(pointer);
        match &found.value.value {
            Shape::String(text) if rest.is_empty() && self.is_written(found.value.span, text) => {
                self.undecode(found.value.span, decoded)
            }
            _ => found.value.span,
        }
    }

    /// True if the text stands there as a JSON string; what was made of a machine may stand for something else.
    fn is_written(&self, span: Span, text: &str) -> bool {
        let source = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let Some(mut source) = source.strip_prefix('"').and_then(|source| source.strip_suffix('"')) else { return false };
        for wanted in text.chars() {
            if source.is_empty() {
                return false;
            }
            let (letter, length) = letter_at(source);
            if letter != wanted {
                return false;
            }
            source = &source[length..];
        }
        source.is_empty()
    }

    fn undecode(&self, written: Span, decoded: Span) -> Span {
        let source = self.text.get(written.start as usize..written.end as usize).unwrap_or_default();
        let (mut at, mut offset) = (1, 0);
        let mut start = None;
        while at + 1 < source.len() {
            if start.is_none() && offset >= decoded.start {
                start = Some(at);
            }
            if offset >= decoded.end {
                break;
            }
            let (letter, length) = letter_at(&source[at..]);
            offset += letter.len_utf8() as u32;
            at += length;
        }
        Span::new(start.unwrap_or(at), at).shifted(written.start as usize)
    }

    /// Follows the pointer as far as it goes: what was found, and the part of the pointer that was not.
    fn walk<'p>(&self, pointer: &'p str) -> (Found<'_>, &'p str) {
        let mut found = Found { value: &self.root, key: None };
        let mut rest = pointer;
        while let Some(tail) = rest.strip_prefix('/') {
            let (step, after) = tail.split_at(tail.find('/').unwrap_or(tail.len()));
            match child(found.value, step) {
                Some(next) => found = next,
                None => return (found, rest),
            }
            rest = after;
        }
        (found, rest)
    }
}

struct Found<'a> {
    value: &'a Located,
    key: Option<Span>,
}

fn child<'a>(parent: &'a Located, step: &str) -> Option<Found<'a>> {
    match &parent.value {
        Shape::List(items) => items.get(step.parse::<usize>().ok()?).map(|value| Found { value, key: None }),
        Shape::Object(_) => {
            let name = if step.contains('~') { step.replace("~1", "/").replace("~0", "~") } else { step.to_owned() };
            parent.member(&name).map(|member| Found { value: &member.value, key: Some(member.key_span) })
        }
        _ => None,
    }
}

/// The character that begins the text of a JSON string, and how many bytes it is written in.
fn letter_at(source: &str) -> (char, usize) {
    let letter = source.chars().next().unwrap_or_default();
    match letter {
        '\\' => escape(source).unwrap_or((letter, 1)),
        _ => (letter, letter.len_utf8()),
    }
}

/// One step of a JSON pointer, with `/` and `~` escaped.
pub fn pointer_step(name: &str) -> String {
    if name.contains(['/', '~']) { name.replace('~', "~0").replace('/', "~1") } else { name.to_owned() }
}
