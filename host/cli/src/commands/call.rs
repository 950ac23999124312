//! `loom call`: one function, one input, one output.

use super::Shared;
use crate::args::Call;
use crate::exit::{Done, Failure};
use crate::{faults, output, platform, progress};
use loomwork_catalog::{Catalog, NotFound};
use loomwork_run::Builder;
use serde_json::json;
use std::path::Path;

pub async fn run(shared: &Shared, args: Call) -> Done {
    crate::log::of_a_run();
    let input = args.input.read()?;
    let (package, function) = split(&args.function)?;
    let builder = platform::builder(shared, &args.granting, None)?;
    let (builder, package) = with_file(builder, &package)?;
    let platform = platform::build(builder).await?;
    let (package, function) = meant(platform.catalog(), &package, &function)?;
    match progress::during(progress::COMPILING, platform.call(&package, &function, &input)).await {
        Ok(result) => {
            if shared.json {
                output::json(&json!({ "output": output::value(&result) }));
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

/// The exact package and path. `text` is enough for `loom:text` if no other package is called so, and an interface may be left out where
/// only one has a function of that name.
fn meant(catalog: &Catalog, package: &str, function: &str) -> Result<(String, String), Failure> {
    let package = match catalog.package(package) {
        Ok(package) => package,
        Err(error) => {
            only_one(catalog.packages().filter(|known| super::nodes::short(known) == package)).ok_or_else(|| unknown(&error))?
        }
    };
    let path = if function.contains('#') { function.to_owned() } else { format!("#{function}") };
    let path = match only_one(package.functions.iter().filter(|known| &*known.name == function)) {
        Some(known) => known.path.to_string(),
        None => path,
    };
    let found = catalog.find(&package.id, &path).map_err(|error| unknown(&error))?;
    Ok((package.id.to_string(), found.function.path.to_string()))
}

fn only_one<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

fn unknown(error: &NotFound) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error.suggestion() {
        Some(suggestion) => failure.hint(format!("Did you mean `{suggestion}`?")),
        None => failure.hint("`loom nodes` lists what is at hand; --components names the folder it comes from."),
    }
}
