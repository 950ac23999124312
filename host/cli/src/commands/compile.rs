//! `loom compile`: a flow as a portable component.

use super::Shared;
use super::run::show_deploy_error;
use crate::args::Compile;
use crate::exit::{Done, Failure};
use crate::platform::catalog;
use crate::{output, sources};
use loomwork_run::Pins;
use serde_json::json;
use std::path::PathBuf;

pub async fn run(shared: &Shared, args: Compile) -> Done {
    let text = sources::text(&args.file)?;
    let name = args.file.display().to_string();
    let catalog = catalog(shared)?;
    let built = loomwork_run::build(&text, &catalog, Pins::Ignored)
        .map_err(|error| show_deploy_error(&name, &text, &error, shared.json))?;
    let target = args.output.unwrap_or_else(|| beside(&args.file));
    let unwritable = |error| Failure::Unavailable(format!("cannot write {}: {error}", target.display()));
    std::fs::write(&target, &built.artifact.bytes).map_err(unwritable)?;
    let size = built.artifact.bytes.len();
    if shared.json {
        let warnings = output::diagnostics_json(&name, &text, &built.warnings);
        let shown =
            json!({ "file": target.display().to_string(), "size": size, "digest": built.artifact.digest, "warnings": warnings });
        output::json(&shown);
    } else {
        output::diagnostics(&name, &text, &built.warnings);
        output::line(&format!("{}  {} KiB  {}", target.display(), size.div_ceil(1024), built.artifact.digest));
    }
    Ok(())
}

/// `order.flow.json` → `order.wasm`, in the same folder.
fn beside(document: &std::path::Path) -> PathBuf {
    let name = document.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(".flow.json").or(name.strip_suffix(".machine.json")).unwrap_or(&name);
    document.with_file_name(format!("{stem}.wasm"))
}
