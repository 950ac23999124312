//! The generated code of each control node: small flows in `cases/*.flow.json`, and what they become in `cases/*.wat`.
//!
//! `UPDATE=1` accepts; the difference is to be read.

use crate::core::core_modules;
use loomwork_catalog::{Catalog, Lock};
use loomwork_check::check_text;
use loomwork_compile::{VerifyError, compile, open, verify};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::PathBuf;

struct Case {
    path: PathBuf,
    bytes: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let mut paths: Vec<_> = std::fs::read_dir("cases").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".flow.json"));
    paths.sort();
    assert!(paths.len() >= 9, "each control node has a case");
    paths.into_iter().map(compiled).collect()
}

fn compiled(path: PathBuf) -> Case {
    let text = std::fs::read_to_string(&path).unwrap();
    let (checked, diagnostics) = check_text(&text, &Catalog::default());
    let (flow, checked) = checked.unwrap_or_else(|| panic!("{}: {diagnostics:#?}", path.display()));
    let artifact = compile(&flow, &checked, &Lock::new()).unwrap();
    Case { path, bytes: artifact.bytes }
}

fn accept_or_compare(path: &std::path::Path, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(path).unwrap_or_default();
    assert!(wanted == found, "{} differs: run with UPDATE=1 and read the difference", path.display());
}

#[test]
fn each_node_becomes_this_code() {
    for case in cases() {
        let shown = wasmprinter::print_bytes(core_modules(&case.bytes)[1]).unwrap();
        let path = PathBuf::from(case.path.to_string_lossy().replace(".flow.json", ".wat"));
        accept_or_compare(&path, &functions(&shown));
    }
}

/// Only the functions: types, imports and data are not where a node shows.
fn functions(wat: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in wat.lines() {
        if line.starts_with("  (func ") {
            inside = true;
        }
        if inside {
            writeln!(out, "{}", line.strip_prefix("  ").unwrap_or(line)).unwrap();
        }
        if line == "  )" {
            inside = false;
        }
    }
    out
}

#[test]
fn every_machine_gives_the_same_bytes() {
    let mut digests = String::new();
    for case in cases() {
        let name = case.path.file_name().unwrap().to_string_lossy().into_owned();
        // The runtime's bytes are committed, and held to their source elsewhere: only what is generated is told here.
        let [runtime, flow] = core_modules(&case.bytes);
        let after = case.bytes.windows(runtime.len()).position(|bytes| bytes == runtime).unwrap() + runtime.len();
        let digest: String = Sha256::digest(&case.bytes[after..]).iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(digests, "{name} {digest} module {} bytes", flow.len()).unwrap();
    }
    accept_or_compare(&PathBuf::from("cases/digests.txt"), &digests);
}

#[test]
fn code_and_document_belong_together() {
    let case = cases().remove(0);
    let opened = verify(&case.bytes, &Catalog::default()).unwrap();
    assert_eq!(opened, open(&case.bytes).unwrap());
    // The same document over other code.
    let other = cases().remove(1);
    let at = |bytes: &[u8]| bytes.windows(13).position(|name| name == b"loom:document").unwrap() - 4;
    let forged = [&other.bytes[..at(&other.bytes)], &case.bytes[at(&case.bytes)..]].concat();
    assert!(matches!(verify(&forged, &Catalog::default()), Err(VerifyError::Differs | VerifyError::Open(_))));
    assert!(matches!(verify(b"\0asm", &Catalog::default()), Err(VerifyError::Open(_))));
}

/// What the source map calls an expression is one, and no `{{` is left out.
#[test]
fn expressions_are_found_in_the_document() {
    let mut found = 0;
    for case in cases() {
        let opened = open(&case.bytes).unwrap();
        let map: serde_json::Value = serde_json::from_str(&opened.source_map).unwrap();
        let expressions: Vec<_> =
            map["nodes"].as_array().unwrap().iter().flat_map(|node| node["expressions"].as_array().unwrap()).collect();
        assert_eq!(expressions.len(), opened.document.matches("{{").count(), "{}", case.path.display());
        for expression in expressions {
            let [start, end] = [0, 1].map(|side| expression["span"][side].as_u64().unwrap() as usize);
            let source: String = serde_json::from_str(&format!("\"{}\"", &opened.document[start..end])).unwrap();
            assert!(loomwork_expr::parse(&source).is_ok(), "{source}");
            assert!(expression["at"].as_str().unwrap().starts_with('/'));
            found += 1;
        }
    }
    assert!(found > 10, "{found}");
}
