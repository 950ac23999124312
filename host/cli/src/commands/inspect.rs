//! `loom inspect`: what is in a `.wasm`: a compiled flow's document, types and packages, or a node component's palette.

use super::Shared;
use crate::exit::{Done, Failure};
use crate::{output, platform, sources};
use loomwork_catalog::palette;
use loomwork_compile::Opened;
use serde_json::{Value, json};
use std::path::Path;

pub fn run(shared: &Shared, file: &Path) -> Done {
    let bytes = sources::bytes(file)?;
    match loomwork_compile::open(&bytes) {
        Ok(opened) => flow(shared, &opened, &bytes),
        Err(loomwork_compile::OpenError::NotAFlow(_)) => component(shared, file),
        Err(error) => Err(Failure::usage(format!("{}: {error}", file.display()))),
    }
}

fn flow(shared: &Shared, opened: &Opened, bytes: &[u8]) -> Done {
    let document: Value = serde_json::from_str(&opened.document).unwrap_or_default();
    let lock: Value = serde_json::from_str(&opened.lock).unwrap_or_default();
    let nodes: Vec<String> = document["nodes"].as_array().into_iter().flatten().map(node_line).collect();
    let sizes = sizes(bytes)?;
    if shared.json {
        let sizes: Vec<Value> = sizes.iter().map(|(name, size)| json!({ "part": name, "size": size })).collect();
        let parts = json!({ "kind": "flow", "document": document, "lock": lock, "compiler": opened.compiler, "size": bytes.len(), "sizes": sizes });
        output::json(&parts);
        return Ok(());
    }
    let text = |name: &str| document[name].as_str().unwrap_or("json").to_owned();
    output::line(&format!("flow {}  {} KiB  made by {}", text("id"), bytes.len().div_ceil(1024), opened.compiler));
    output::line(&format!("  input   {}\n  output  {}", text("input"), text("output")));
    for (package, digest) in lock["packages"].as_object().into_iter().flatten() {
        output::line(&format!("  uses    {package}  {}", digest.as_str().unwrap_or_default()));
    }
    output::line("  imports nothing; what its nodes may reach is granted where it runs");
    nodes.iter().for_each(|line| output::line(line));
    for (name, size) in sizes {
        output::line(&format!("  {size:>8} bytes  {name}"));
    }
    Ok(())
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
