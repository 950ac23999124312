//! `loom inspect`: what is in a `.wasm`: a compiled flow's document, types and packages, or a node component's palette.

use super::Shared;
use crate::exit::{Done, Failure};
use crate::{output, platform, sources};
use loomwork_catalog::{Catalog, palette};
use loomwork_compile::{OpenError, Opened, VerifyError};
use serde_json::{Value, json};
use std::path::Path;

pub fn run(shared: &Shared, file: &Path) -> Done {
    let bytes = sources::bytes(file)?;
    match loomwork_compile::open(&bytes) {
        Ok(opened) => flow(shared, &opened, &bytes),
        Err(OpenError::NotAFlow(_)) => component(shared, file),
        Err(error) => {
            let failure = Failure::usage(format!("{}: {error}", file.display()));
            Err(failure.hint("`loom inspect` looks at *.wasm files; `loom check` looks at documents."))
        }
    }
}

fn flow(shared: &Shared, opened: &Opened, bytes: &[u8]) -> Done {
    let catalog = platform::catalog(shared)?;
    let (genuine, why) = genuine(bytes, &catalog);
    let document = output::value(&opened.document);
    let lock = output::value(&opened.lock);
    let needs = needs(&lock, &catalog);
    let sizes = sizes(bytes)?;
    if shared.json {
        let sizes: Vec<Value> = sizes.iter().map(|(name, size)| json!({ "part": name, "size": size })).collect();
        output::json(&json!({
            "kind": "flow", "document": document, "lock": lock, "compiler": opened.compiler, "needs": needs,
            "genuine": genuine, "why": why, "size": bytes.len(), "sizes": sizes,
        }));
        return Ok(());
    }
    let text = |name: &str| document[name].as_str().unwrap_or("json").to_owned();
    output::line(&format!("flow {}  {} KiB  made by {}", text("id"), bytes.len().div_ceil(1024), opened.compiler));
    output::line(&format!("  input   {}\n  output  {}", text("input"), text("output")));
    for (package, digest) in lock["packages"].as_object().into_iter().flatten() {
        output::line(&format!("  uses    {package}  {}", digest.as_str().unwrap_or_default()));
    }
    output::line("  imports nothing: what it does outside, the host does for it");
    needs.iter().for_each(|need| output::line(&format!("  needs   {need}")));
    output::line(&format!("  code    {why}"));
    document["nodes"].as_array().into_iter().flatten().for_each(|node| output::line(&node_line(node)));
    for (name, size) in sizes {
        output::line(&format!("  {size:>8} bytes  {name}"));
    }
    Ok(())
}

/// Whether the code is what the document becomes, in a word for programs (none: cannot be told) and in a sentence for people.
fn genuine(bytes: &[u8], catalog: &Catalog) -> (Option<bool>, String) {
    match loomwork_compile::verify(bytes, catalog) {
        Ok(_) => (Some(true), "is what the document becomes".to_owned()),
        Err(VerifyError::Differs) => (Some(false), "is NOT what the document becomes: do not trust it".to_owned()),
        Err(error) => (None, format!("cannot be compared with the document: {error}")),
    }
}

/// The capabilities of the packages that the flow uses, as far as these are at hand.
fn needs(lock: &Value, catalog: &Catalog) -> Vec<String> {
    let names = lock["packages"].as_object().into_iter().flatten().map(|(name, _)| name);
    let packages = names.filter_map(|name| catalog.package(name).ok());
    packages.flat_map(|package| package.capabilities.iter().map(move |name| format!("{name} (for {})", package.id))).collect()
}

fn node_line(node: &Value) -> String {
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    format!("  node    {:<16} {}", text("id"), text("use"))
}

/// The component's parts with their sizes in bytes, largest first.
fn sizes(bytes: &[u8]) -> Result<Vec<(String, usize)>, Failure> {
    let mut sizes = loomwork_compile::sizes(bytes).map_err(|error| Failure::usage(error.to_string()))?;
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Ok(sizes)
}

fn component(shared: &Shared, file: &Path) -> Done {
    let package = platform::package(file)?;
    if shared.json {
        output::json(&json!({ "kind": "component", "package": super::nodes::view(&package, "") }));
    } else {
        output::line(&palette(&package));
    }
    Ok(())
}
