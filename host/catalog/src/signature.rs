//! Functions as text for people, in WIT's syntax.

use crate::{Effect, Function, Package};
use loomwork_types::short;
use std::fmt::Write;

/// `split: func(text: string, separator: string) -> list<string>`.
pub fn signature(function: &Function) -> String {
    let params: Vec<String> = function.params.iter().map(|param| format!("{}: {}", param.name, short(&param.ty))).collect();
    let mut text = format!("{}: func({})", function.name, params.join(", "));
    let output = function.output.as_ref().map(short);
    let error = function.error.as_ref().map(short);
    match (function.fallible, output, error) {
        (false, None, _) => {}
        (false, Some(output), _) => write!(text, " -> {output}").expect("writing to a String succeeds"),
        (true, None, None) => text.push_str(" -> result"),
        (true, Some(output), None) => write!(text, " -> result<{output}>").expect("writing to a String succeeds"),
        (true, output, Some(error)) => {
            let output = output.unwrap_or_else(|| "_".into());
            write!(text, " -> result<{output}, {error}>").expect("writing to a String succeeds");
        }
    }
    text
}

/// A package as a page of text: its functions with signatures and effects, what it asks for, and what cannot be a node.
pub fn palette(package: &Package) -> String {
    let mut text = format!("{}  {}\n", package.id, package.title);
    if !package.summary.is_empty() {
        text.push_str(&format!("  {}\n", package.summary));
    }
    for function in &package.functions {
        let effect = match (function.effect, function.once) {
            (Effect::Pure, _) => "pure",
            (Effect::Read, _) => "read",
            (Effect::Write, false) => "write",
            (Effect::Write, true) => "write, once",
        };
        text.push_str(&format!("  {}  [{effect}]\n    {}\n", function.path, signature(function)));
        if !function.summary.is_empty() {
            text.push_str(&format!("    {}\n", function.summary));
        }
    }
    for capability in &package.capabilities {
        let reason = package.needs.iter().find(|need| need.capability == *capability);
        let reason = reason.map_or_else(String::new, |need| format!(": {}", need.reason));
        text.push_str(&format!("  needs {capability}{reason}\n"));
    }
    for unusable in &package.unusable {
        text.push_str(&format!("  not a node: {} ({})\n", unusable.path, unusable.reason));
    }
    text
}
