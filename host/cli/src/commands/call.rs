//! `loom call`: one function, one input, one output.

use super::Shared;
use crate::args::Call;
use crate::exit::{Done, Failure};
use crate::{faults, output, platform};
use loomwork_run::{Builder, Platform};
use serde_json::json;
use std::path::Path;

pub async fn run(shared: &Shared, args: Call) -> Done {
    let input = args.input.read()?;
    let (package, function) = split(&args.function)?;
    let builder = platform::builder(shared, &args.granting)?;
    let (builder, package) = with_file(builder, &package)?;
    let platform = platform::build(builder).await?;
    let function = path(&platform, &package, &function);
    match platform.call(&package, &function, &input).await {
        Ok(result) => {
            if shared.json {
                output::json(&json!({ "output": serde_json::from_str::<serde_json::Value>(&result).unwrap_or_default() }));
            } else {
                output::line(&super::run::pretty(&result));
            }
            Ok(())
        }
        Err(fault) => {
            faults::print(&fault, shared.json);
            Err(Failure::Faulted)
        }
    }
}

/// `loom:text/text#split` → package and path. A file's name may stand for the package.
fn split(text: &str) -> Result<(String, String), Failure> {
    let wrong =
        || Failure::usage(format!("`{text}` names no function")).hint("Write PACKAGE#FUNCTION, for example loom:text#split.");
    let (before, function) = text.split_once('#').ok_or_else(wrong)?;
    if before.is_empty() || function.is_empty() {
        return Err(wrong());
    }
    if before.ends_with(".wasm") {
        return Ok((before.to_owned(), function.to_owned()));
    }
    Ok(match before.split_once('/') {
        Some((package, interface)) => (package.to_owned(), format!("{interface}#{function}")),
        None => (before.to_owned(), function.to_owned()),
    })
}

/// A `.wasm` file in the package's place is loaded, and its own id takes that place.
fn with_file(builder: Builder, package: &str) -> Result<(Builder, String), Failure> {
    if !package.ends_with(".wasm") {
        return Ok((builder, package.to_owned()));
    }
    let file = Path::new(package);
    let id = platform::package(file)?.id.to_string();
    Ok((builder.component(file), id))
}

/// The path of a function named without its interface, if the package has just one such function.
fn path(platform: &Platform, package: &str, function: &str) -> String {
    if function.contains('#') {
        return function.to_owned();
    }
    let Ok(package) = platform.catalog().package(package) else { return format!("#{function}") };
    let mut named = package.functions.iter().filter(|known| &*known.name == function);
    match (named.next(), named.next()) {
        (Some(only), None) => only.path.to_string(),
        _ => format!("#{function}"),
    }
}
