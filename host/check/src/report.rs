//! Where the rules put what they find, each at its place in the document's text.

use loomwork_diagnostic::{Diagnostic, Span, nearest};
use loomwork_flow::SourceMap;
use std::cell::Cell;

/// How many diagnostics one document gets, and how many of them a suggestion: comparing words takes time.
const MAX_FOUND: usize = 500;
const MAX_SUGGESTIONS: u32 = 50;

pub(crate) struct Report<'a> {
    map: &'a SourceMap,
    found: Vec<Diagnostic>,
    suggestions: Cell<u32>,
}

impl<'a> Report<'a> {
    pub fn new(map: &'a SourceMap) -> Self {
        Self { map, found: Vec::new(), suggestions: Cell::new(0) }
    }

    /// An error at the value that the pointer names.
    pub fn error(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        self.push(Diagnostic::error(code, self.map.span(pointer), message));
    }

    /// The same, with what to do about it.
    pub fn error_hint(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, hint: impl Into<Option<String>>) {
        self.push(Diagnostic { hint: hint.into(), ..Diagnostic::error(code, self.map.span(pointer), message) });
    }

    /// An error at the name of a member.
    pub fn error_name(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, hint: impl Into<Option<String>>) {
        self.push(Diagnostic { hint: hint.into(), ..Diagnostic::error(code, self.map.name(pointer), message) });
    }

    pub fn warning(&mut self, code: &'static str, pointer: &str, message: impl Into<String>, hint: &str) {
        self.push(Diagnostic::warning(code, self.map.span(pointer), message).hint(hint));
    }

    /// Diagnostics of a text inside the document, moved to where that text stands. `from` is where it begins in the string.
    pub fn inner(&mut self, pointer: &str, from: usize, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            let span = self.inside(pointer, diagnostic.span.shifted(from));
            self.push(Diagnostic { span, ..diagnostic });
        }
    }

    /// The place of a part of a string in the document.
    pub fn inside(&self, pointer: &str, decoded: Span) -> Span {
        self.map.inside(pointer, decoded)
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MAX_FOUND {
            self.found.push(diagnostic);
        }
    }

    /// `Did you mean …?`, if a word is near.
    pub fn did_you_mean<'w>(&self, word: &str, candidates: impl IntoIterator<Item = &'w str>) -> Option<String> {
        let made = self.suggestions.replace(self.suggestions.get() + 1);
        let near = if made < MAX_SUGGESTIONS { nearest(word, candidates) } else { None };
        near.map(|near| format!("Did you mean `{near}`?"))
    }

    /// Whether nothing more is taken.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MAX_FOUND
    }

    pub fn has_errors(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// Everything found, in the order of the text; what was found twice is told once.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|diagnostic| diagnostic.span);
        self.found.dedup();
        self.found
    }
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A name for a message, cut if it is very long.
pub(crate) fn brief(name: &str) -> String {
    const LONGEST: usize = 60;
    match name.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}
