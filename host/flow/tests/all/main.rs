//! The flow document from outside: text in, flow, diagnostics and text out.

mod any;
mod bounds;
mod edit;
mod machines;
mod migrate;
mod print;
mod read;
mod schema;

use loomwork_diagnostic::Diagnostic;
use std::fmt::Write;

/// How many cases each property is tried with.
fn cases() -> proptest::prelude::ProptestConfig {
    let cases = std::env::var("LOOMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    proptest::prelude::ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

/// Diagnostics as text: `code at "the source"`, the message, the hint.
fn shown(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut shown = String::new();
    for diagnostic in diagnostics {
        let source = &text[diagnostic.span.start as usize..diagnostic.span.end as usize];
        let source: String = source.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect();
        writeln!(shown, "{} at `{source}`: {}", diagnostic.code, diagnostic.message).unwrap();
        if let Some(hint) = &diagnostic.hint {
            writeln!(shown, "  {hint}").unwrap();
        }
    }
    shown
}
