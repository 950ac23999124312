//! `loom nodes`: the palette. Every function with its signature; one function with its whole help.

use super::Shared;
use crate::args::Nodes;
use crate::exit::{Done, Failure};
use crate::{output, platform};
use loomwork_catalog::{Catalog, Function, Package, palette, signature};
use loomwork_types::Type;
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
        let bare = bare(package);
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
    if let Some(output) = &function.output {
        text.push_str(&format!("\n  gives: {output}\n"));
    }
    text.push_str(&faults(package, function));
    text.push_str(&format!("\n  effect: {:?}", function.effect).to_lowercase());
    for capability in &package.capabilities {
        text.push_str(&format!("\n  needs: {capability}"));
    }
    let (name, version) = (short(package), package.id.split('@').nth(1).and_then(|version| version.rsplit_once('.')));
    let id = version.map_or(bare(package).to_owned(), |(version, _)| format!("{}@{version}", bare(package)));
    text.push_str(&format!(
        "\n\n  in a flow: \"packages\": {{ \"{name}\": \"{id}\" }}, \"use\": \"{name}{}\"",
        used_as(package, function)
    ));
    for example in &function.examples {
        text.push_str(&format!("\n\n  {}\n    in   {}", example.title, example.input));
        if let Some(output) = &example.output {
            text.push_str(&format!("\n    out  {output}"));
        }
    }
    text
}

/// The codes of the faults that it can end with by itself, each with what it says.
fn faults(package: &Package, function: &Function) -> String {
    let cases: Vec<(&str, Option<&str>)> = match &function.error {
        Some(Type::Variant(of)) => of.cases.iter().map(|case| (&*case.json, case.docs.as_deref())).collect(),
        Some(Type::Enum(of)) => of.labels.iter().map(|(_, json)| (&**json, None)).collect(),
        _ if function.fallible => vec![("failed", None)],
        _ => Vec::new(),
    };
    let line = |(case, docs): (&str, Option<&str>)| {
        let docs = docs.map(|docs| format!("  {docs}")).unwrap_or_default();
        format!("\n    {}.{case}{docs}", short(package))
    };
    if cases.is_empty() { String::new() } else { format!("\n  faults:{}\n", cases.into_iter().map(line).collect::<String>()) }
}

/// `loom:text` of `loom:text@0.1.0`.
fn bare(package: &Package) -> &str {
    package.id.split('@').next().unwrap_or_default()
}

/// `text` of `loom:text@0.1.0`.
pub fn short(package: &Package) -> &str {
    bare(package).rsplit(':').next().unwrap_or_default()
}

/// What comes after a package's alias in a node's `use`: the interface is left out where only one has a function of this name.
fn used_as(package: &Package, function: &Function) -> String {
    let same = package.functions.iter().filter(|other| other.name == function.name).count();
    if same == 1 { format!("#{}", function.name) } else { format!("/{}", function.path) }
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
    let examples: Vec<Value> = function
        .examples
        .iter()
        .map(|example| json!({ "title": &*example.title, "input": output::value(&example.input), "output": example.output.as_deref().map(output::value) }))
        .collect();
    json!({
        "path": &*function.path,
        "title": &*function.title,
        "summary": &*function.summary,
        "category": &*function.category,
        "effect": format!("{:?}", function.effect).to_lowercase(),
        "once": function.once,
        "signature": signature(function),
        "params": params,
        "examples": examples,
        "output": function.output.as_ref().map(ToString::to_string),
        "error": function.error.as_ref().map(ToString::to_string),
        "docs": &*function.docs,
    })
}
