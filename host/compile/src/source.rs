//! A checked document becomes an artifact that carries its own source, so that a `.wasm` opens again where it was drawn.

use crate::artifact::{Artifact, Texts, compile_plan};
use crate::error::CompileError;
use loomwork_catalog::Lock;
use loomwork_check::CheckedFlow;
use loomwork_flow::Flow;
use loomwork_types::writer;

/// Compiles a flow. Its bytes depend on the document's canonical form, the lock and the compiler's version, and on nothing else.
pub fn compile(flow: &Flow, checked: &CheckedFlow, lock: &Lock) -> Result<Artifact, CompileError> {
    let document = loomwork_flow::print(flow);
    let source_map = source_map(&document, flow);
    compile_plan(checked.plan(), &Texts { document: &document, lock: &lock.write(), source_map: &source_map })
}

/// `{"nodes":[{"id":"a","span":[12,80],"with":{"value":[40,60]}}]}`: byte ranges in the canonical document, by node index.
fn source_map(document: &str, flow: &Flow) -> String {
    let (_, map, _) = loomwork_flow::parse(document);
    let mut out = String::from("{\"nodes\":[");
    for (place, node) in flow.nodes.iter().enumerate() {
        out.push_str(if place == 0 { "{\"id\":" } else { ",{\"id\":" });
        writer::string(&node.id, &mut out);
        let pointer = format!("/nodes/{place}");
        let span = map.span(&pointer);
        out.push_str(&format!(",\"span\":[{},{}],\"with\":{{", span.start, span.end));
        for (number, (name, _)) in node.with.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            writer::string(name, &mut out);
            let span = map.span(&format!("{pointer}/with/{}", loomwork_flow::pointer_step(name)));
            out.push_str(&format!(":[{},{}]", span.start, span.end));
        }
        out.push_str("}}");
    }
    out.push_str("]}");
    out
}
