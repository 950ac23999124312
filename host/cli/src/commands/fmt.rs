//! `loom fmt`: documents in their one canonical form.

use super::Shared;
use crate::args::Fmt;
use crate::exit::{Done, Failure};
use crate::{output, sources};
use loomwork_diagnostic::Diagnostic;

pub fn run(shared: &Shared, args: Fmt) -> Done {
    let mut changed = Vec::new();
    for path in sources::documents(&args.files)? {
        let text = sources::text(&path)?;
        let (flow, _, diagnostics) = loomwork_flow::parse(&text);
        let Some(flow) = flow.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)) else {
            return Err(output::mistakes(shared.json, &path.display().to_string(), &text, &diagnostics));
        };
        let printed = loomwork_flow::print(&flow);
        if printed == text {
            continue;
        }
        if !args.check {
            let unwritable = |error| Failure::Unavailable(format!("cannot write {}: {error}", path.display()));
            std::fs::write(&path, printed).map_err(unwritable)?;
        }
        changed.push(path.display().to_string());
    }
    if shared.json {
        output::json(&serde_json::json!({ "changed": changed }));
    } else {
        changed.iter().for_each(|path| output::line(path));
    }
    if !args.check || changed.is_empty() {
        return Ok(());
    }
    if !shared.json {
        eprintln!("{} not in canonical form; `loom fmt` mends that", output::count(changed.len(), "document"));
    }
    Err(Failure::Mistakes)
}
