//! A flow document's whole way from text to component, and back out of it.

use crate::assert_valid_wasm;
use crate::catalog::CATALOG;
use crate::drawn;
use loomwork_catalog::Lock;
use loomwork_check::CheckedFlow;
use loomwork_flow::Flow;
use std::borrow::Cow;

/// Read, checked, printed, compiled. What is printed reads as the same flow; what is compiled is valid, and opens as the same document.
/// Bytes that are no text draw a document that is mostly right.
pub fn document(data: &[u8]) {
    let text = match std::str::from_utf8(data) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(drawn::document(data)),
    };
    let (flow, map, mut said) = loomwork_flow::parse(&text);
    let Some(flow) = flow else { return };
    let (checked, found) = loomwork_check::check(&flow, &map, &CATALOG);
    said.extend(found);
    for diagnostic in &said {
        let range = diagnostic.span.start as usize..diagnostic.span.end as usize;
        assert!(text.get(range).is_some(), "{} points at no part of the text", diagnostic.code);
    }
    let printed = loomwork_flow::print(&flow);
    let (again, _, _) = loomwork_flow::parse(&printed);
    assert_eq!(again.as_ref(), Some(&flow), "what is printed reads as another flow");
    if let Some(checked) = checked.filter(|_| !said.iter().any(|diagnostic| diagnostic.is_error())) {
        compiled(&flow, &checked, &printed);
    }
}

fn compiled(flow: &Flow, checked: &CheckedFlow, printed: &str) {
    let lock = Lock::pin(&CATALOG, flow.packages.iter().map(|(_, id)| id.as_str())).unwrap_or_default();
    let Ok(artifact) = loomwork_compile::compile(flow, checked, &lock) else { return };
    assert_valid_wasm(&artifact.bytes, printed);
    let opened = loomwork_compile::verify(&artifact.bytes, &CATALOG).expect("a flow's component is what its document becomes");
    assert_eq!(opened.document, printed);
}
