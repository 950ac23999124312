//! The codes: what the table lists, the documentation explains, and the cases show are the same.

use crate::{cases, check};
use loomwork_check::CODES;
use std::collections::BTreeSet;

#[test]
fn every_code_has_a_case_and_every_case_a_code() {
    let shown: BTreeSet<String> =
        cases::all().into_iter().map(|(name, ..)| name.split('-').next().unwrap_or_default().to_owned()).collect();
    let listed: BTreeSet<String> = CODES.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(listed, shown);
}

#[test]
fn every_code_that_appears_is_listed() {
    let foreign = ["expr.", "type."];
    for (name, text, _) in cases::all() {
        for diagnostic in check(&text).1 {
            let known = CODES.contains(&diagnostic.code) || foreign.iter().any(|prefix| diagnostic.code.starts_with(prefix));
            assert!(known, "{name} shows {}, which is not listed", diagnostic.code);
        }
    }
}

#[test]
fn every_code_is_explained() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/diagnostics.md")).unwrap();
    let explained: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    let listed: BTreeSet<&str> = CODES.iter().copied().collect();
    assert_eq!(listed, explained);
}

/// Of expressions and types: what their sources say in quotes, and what the page says in its tables.
#[test]
fn every_code_of_expressions_and_types_is_explained() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let page = std::fs::read_to_string(format!("{here}/../docs/diagnostics.md")).unwrap();
    let explained = codes(page.lines().filter(|line| line.starts_with('|')), '`');
    let mut found = BTreeSet::new();
    for folder in ["expr", "types", "value", "flow-rt"] {
        sources(&format!("{here}/{folder}/src").into(), &mut found);
    }
    assert!(found.len() > 30, "the sources were read");
    assert_eq!(explained, found);
}

fn sources(folder: &std::path::PathBuf, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            found.append(&mut codes(product.lines(), '"'));
        }
    }
}

/// `expr.…` and `type.…` between two such marks.
fn codes<'a>(lines: impl Iterator<Item = &'a str>, mark: char) -> BTreeSet<String> {
    let is_code = |text: &&str| {
        let name = text.strip_prefix("expr.").or_else(|| text.strip_prefix("type."));
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    };
    lines.flat_map(|line| line.split(mark)).filter(is_code).map(str::to_owned).collect()
}
