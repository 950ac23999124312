//! What a person sees: mistakes with the source they are in, errors with a hint, colour only on a terminal.

use crate::exit::Failure;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use loomwork_diagnostic::{Diagnostic, Severity, Span};
use std::io::{IsTerminal, Write};

/// Writes text to standard output; a closed pipe ends the output, not the program with a panic.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Like [`print()`], with a line's end.
pub fn line(text: &str) {
    print(&format!("{text}\n"));
}

/// A value as indented JSON.
pub fn json(value: &serde_json::Value) {
    line(&format!("{value:#}"));
}

/// JSON text that the host made, as a value for [`json`].
pub fn value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// `1 flow`, `3 flows`.
pub fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// An error that has no place in a source text.
pub fn error(message: &str, hint: Option<&str>) {
    let mut title = Group::with_title(Level::ERROR.primary_title(message));
    if let Some(hint) = hint {
        title = title.element(Level::HELP.message(hint));
    }
    eprintln!("{}", renderer().render(&[title]));
}

/// Mistakes in `source`, which is called `name`, on standard error.
pub fn diagnostics(name: &str, source: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        eprintln!("{}\n", render(name, source, diagnostic));
    }
}

/// Shows mistakes to whoever asks, a person or a program, and gives the way to end.
pub fn mistakes(as_json: bool, name: &str, source: &str, found: &[Diagnostic]) -> Failure {
    if as_json {
        json(&serde_json::json!({ "diagnostics": diagnostics_json(name, source, found) }));
    } else {
        diagnostics(name, source, found);
    }
    Failure::Mistakes
}

/// One mistake with its lines of source.
fn render(name: &str, source: &str, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let snippet = Snippet::source(source).path(name).annotation(AnnotationKind::Primary.span(clamp(diagnostic.span, source)));
    let mut group = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code).element(snippet);
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer().render(&[group]).to_string()
}

/// Spans come from our own readers; a renderer that panics on a bad one would hide the mistake it should show.
fn clamp(span: Span, source: &str) -> std::ops::Range<usize> {
    let start = source.floor_char_boundary((span.start as usize).min(source.len()));
    let end = source.ceil_char_boundary((span.end as usize).clamp(start, source.len()));
    start..end
}

fn renderer() -> Renderer {
    let plain = !std::io::stderr().is_terminal() || std::env::var_os("NO_COLOR").is_some();
    if plain { Renderer::plain() } else { Renderer::styled() }
}

/// Mistakes for programs: code, severity, message, hint, file, line and column (both from 1).
pub fn diagnostics_json(name: &str, source: &str, diagnostics: &[Diagnostic]) -> Vec<serde_json::Value> {
    let view = |diagnostic: &Diagnostic| {
        let (line, column) = position(source, diagnostic.span.start as usize);
        let mut value = serde_json::to_value(diagnostic).unwrap_or_default();
        value["file"] = name.into();
        value["line"] = line.into();
        value["column"] = column.into();
        value
    };
    diagnostics.iter().map(view).collect()
}

fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = &source[..source.floor_char_boundary(offset.min(source.len()))];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
