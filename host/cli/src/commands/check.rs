//! `loom check`: every mistake of every document, with its place in the source.

use super::Shared;
use crate::args::Check;
use crate::exit::{Done, Failure};
use crate::platform::catalog;
use crate::{output, sources};
use loomwork_diagnostic::Diagnostic;
use serde_json::json;

pub async fn run(shared: &Shared, args: Check) -> Done {
    let catalog = catalog(shared)?;
    let documents = sources::documents(&args.files)?;
    let mut all = Vec::new();
    let mut wrong = 0;
    for path in &documents {
        let (name, text) = (path.display().to_string(), sources::text(path)?);
        let (_, diagnostics) = loomwork_check::check_text(&text, &catalog);
        wrong += usize::from(diagnostics.iter().any(Diagnostic::is_error));
        if shared.json {
            all.extend(output::diagnostics_json(&name, &text, &diagnostics));
        } else {
            output::diagnostics(&name, &text, &diagnostics);
        }
    }
    if shared.json {
        output::json(&json!({ "documents": documents.len(), "wrong": wrong, "diagnostics": all }));
    } else if wrong == 0 {
        output::line(&format!("{} can work", output::count(documents.len(), "flow")));
    } else {
        eprintln!("{wrong} of {} cannot work", output::count(documents.len(), "flow"));
    }
    if wrong == 0 { Ok(()) } else { Err(Failure::Mistakes) }
}
