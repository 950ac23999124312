//! The checker from outside: documents in, diagnostics and plans out.

mod cases;
mod catalog;
mod codes;
mod facts;
mod hostile;
mod plans;
mod rename;

use loomwork_check::{CheckedFlow, check_text};
use loomwork_diagnostic::{Diagnostic, Severity};
use std::fmt::Write;

/// Checks a document with the packages of the tests.
fn check(text: &str) -> (Option<CheckedFlow>, Vec<Diagnostic>) {
    let (checked, diagnostics) = check_text(text, &catalog::catalog());
    (checked.map(|(_, checked)| checked), diagnostics)
}

/// Diagnostics as text: `line:col-line:col error code`, the source, the message, the hint.
fn shown(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut shown = String::new();
    for diagnostic in diagnostics {
        let (start, end) = (diagnostic.span.start as usize, diagnostic.span.end as usize);
        let kind = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let source = text[start..end].split_whitespace().collect::<Vec<_>>().join(" ");
        let source: String = if source.chars().count() > 60 { source.chars().take(59).chain(['…']).collect() } else { source };
        writeln!(shown, "{}-{} {kind} {}", place(text, start), place(text, end), diagnostic.code).unwrap();
        writeln!(shown, "  at {source}").unwrap();
        writeln!(shown, "  {}", diagnostic.message).unwrap();
        if let Some(hint) = &diagnostic.hint {
            writeln!(shown, "  hint: {hint}").unwrap();
        }
    }
    shown
}

/// Line and column, from 1, in characters.
fn place(text: &str, at: usize) -> String {
    let before = &text[..at];
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
    format!("{}:{column}", before.matches('\n').count() + 1)
}

/// How many cases each property is tried with.
fn cases() -> proptest::prelude::ProptestConfig {
    let cases = std::env::var("LOOMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(128);
    proptest::prelude::ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}
