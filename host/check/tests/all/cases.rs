//! `cases/<code>.flow.json` or `.machine.json`, perhaps with `-more` behind the code, and what is said of each in `<code>.txt`. `UPDATE=1` accepts.

use crate::{check, shown};
use std::path::PathBuf;

/// The cases by name: file stem, document, path of the expected text.
pub fn all() -> Vec<(String, String, PathBuf)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/cases");
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).expect("there are cases") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".flow.json").or(name.strip_suffix(".machine.json")) {
            let text = std::fs::read_to_string(&path).expect("a case can be read");
            cases.push((stem.to_owned(), text, path.with_file_name(format!("{stem}.txt"))));
        }
    }
    cases.sort();
    cases
}

#[test]
fn every_case_is_answered_as_expected() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for (name, text, path) in all() {
        let (checked, diagnostics) = check(&text);
        assert_eq!(checked.is_none(), diagnostics.iter().any(|d| d.is_error()), "{name}: a plan if and only if no error");
        let answer = shown(&text, &diagnostics);
        if update {
            std::fs::write(&path, &answer).expect("the expected text can be written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&answer) {
            wrong.push(format!("{name}:\n{answer}"));
        }
    }
    assert!(wrong.is_empty(), "not as expected (UPDATE=1 accepts):\n{}", wrong.join("\n"));
}

#[test]
fn each_case_shows_its_own_code() {
    for (name, text, _) in all() {
        let code = name.split_once('-').map_or(name.as_str(), |(code, _)| code);
        let (_, diagnostics) = check(&text);
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == code), "{name} does not show {code}: {diagnostics:?}");
    }
}
