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
