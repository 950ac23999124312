//! A checked document becomes an artifact that carries its own source, so that a `.wasm` opens again where it was drawn.

use crate::artifact::{Artifact, Texts, compile_plan};
use crate::error::CompileError;
use crate::source_map::source_map;
use loomwork_catalog::Lock;
use loomwork_check::CheckedFlow;
use loomwork_flow::Flow;

/// Compiles a flow. Its bytes depend on the document's canonical form, the lock and the compiler's version, and on nothing else.
pub fn compile(flow: &Flow, checked: &CheckedFlow, lock: &Lock) -> Result<Artifact, CompileError> {
    let document = loomwork_flow::print(flow);
    let source_map = source_map(&document, flow);
    compile_plan(checked.plan(), &Texts { document: &document, lock: &lock.write(), source_map: &source_map })
}
