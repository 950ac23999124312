//! `loom nodes`: the palette. Every function with its signature; one function with its whole help.

use super::Shared;
use crate::args::Nodes;
use crate::exit::{Done, Failure};
use crate::{output, platform};
use loomwork_catalog::{Catalog, Function, Package, palette, signature};
use serde_json::{Value, json};

pub fn run(shared: &Shared, args: Nodes) -> Done {
    let catalog = platform::catalog(shared)?;
    let search = args.search.unwrap_or_default().to_lowercase();
    if shared.json {
        output::json(&Value::Array(catalog.packages().map(|package| view(package, &search)).collect()));
        return Ok(());
    }
    if catalog.packages().next().is_none() {
        let failure = Failure::usage("there are no components");
        return Err(failure.hint("Build them with `cargo xtask components`, or name their folder with --components."));
    }
    if let Some((package, function)) = exact(&catalog, &search) {
        output::line(&help(package, function));
        return Ok(());
    }
    list(&catalog, &search)
}

fn list(catalog: &Catalog, search: &str) -> Done {
    let mut shown = 0;
    for package in catalog.packages() {
        let mut matching = (**package).clone();
        matching.functions.retain(|function| matches(package, function, search));
        if !search.is_empty() {
            matching.unusable.clear();
        }
        shown += matching.functions.len();
        if !matching.functions.is_empty() || search.is_empty() {
            output::line(&palette(&matching));
        }
    }
    if shown == 0 {
        return Err(Failure::usage(format!("no function matches `{search}`")).hint("`loom nodes` lists all."));
    }
    Ok(())
}

fn matches(package: &Package, function: &Function, search: &str) -> bool {
    let words = [&package.id, &function.path, &function.title, &function.summary, &function.category];
    words.iter().any(|text| text.to_lowercase().contains(search))
}

/// The function that `search` names: `text#split`, or `loom:text#split`.
fn exact<'a>(catalog: &'a Catalog, search: &str) -> Option<(&'a Package, &'a Function)> {
    let functions = catalog.packages().flat_map(|package| package.functions.iter().map(move |function| (&**package, function)));
    let names = |package: &Package, function: &Function| {
        let bare = package.id.split('@').next().unwrap_or_default();
        [function.path.to_string(), format!("{bare}#{}", function.name), format!("{bare}/{}", function.path)]
    };
    let mut found =
        functions.filter(|(package, function)| names(package, function).iter().any(|name| name.to_lowercase() == search));
    found.next()
}

/// Everything that is known of one function, as a page.
fn help(package: &Package, function: &Function) -> String {
    let mut text = format!("{}  {}\n\n  {}\n", package.id, function.title, signature(function));
    if !function.docs.is_empty() {
        text.push_str(&format!("\n{}\n", function.docs));
    }
    for param in &function.params {
        text.push_str(&format!("\n  {}: {}\n", param.json, param.ty));
        if let Some(docs) = &param.docs {
            text.push_str(&format!("      {docs}\n"));
        }
    }
    text.push_str(&format!("\n  effect: {:?}", function.effect).to_lowercase());
    for capability in &package.capabilities {
        text.push_str(&format!("\n  needs: {capability}"));
    }
    for example in &function.examples {
        text.push_str(&format!("\n\n  {}\n    in   {}", example.title, example.input));
        if let Some(output) = &example.output {
            text.push_str(&format!("\n    out  {output}"));
        }
    }
    text
}

pub fn view(package: &Package, search: &str) -> Value {
    let functions: Vec<Value> =
        package.functions.iter().filter(|function| matches(package, function, search)).map(function_view).collect();
    let unusable: Vec<Value> =
        package.unusable.iter().map(|unusable| json!({ "path": &*unusable.path, "reason": unusable.reason })).collect();
    json!({
        "id": &*package.id,
        "digest": &*package.digest,
        "capabilities": package.capabilities.iter().map(|name| &**name).collect::<Vec<_>>(),
        "functions": functions,
        "unusable": unusable,
    })
}

fn function_view(function: &Function) -> Value {
    let params: Vec<Value> =
        function.params.iter().map(|param| json!({ "name": &*param.json, "type": param.ty.to_string() })).collect();
    json!({
        "path": &*function.path,
        "title": &*function.title,
        "summary": &*function.summary,
        "category": &*function.category,
        "effect": format!("{:?}", function.effect).to_lowercase(),
        "once": function.once,
        "signature": signature(function),
        "params": params,
        "output": function.output.as_ref().map(ToString::to_string),
        "error": function.error.as_ref().map(ToString::to_string),
        "docs": &*function.docs,
    })
}
