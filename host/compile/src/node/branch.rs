//! `branch`: the first case whose condition holds, else `else`.

use super::{FALSE, Hears, TRUE};
use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::{OF_FRAME, ON_FRAME};
use crate::wiring::settle_name;
use loomwork_check::plan::{NodeIx, Port};
use loomwork_expr::ir::Checked;
use loomwork_types::writer;
use std::sync::Arc;

const TRUTH: u32 = 1;

pub(super) fn define(flow: &mut FlowModule<'_>, node: NodeIx, cases: &[(Arc<str>, Checked)]) -> Hears {
    let conditions: Vec<_> = cases.iter().map(|(name, when)| flow.expression(node, &format!("when.{name}"), when)).collect();
    let settled: Vec<_> = (0..=cases.len() as u32).map(|case| settle_name(flow, node, Some(Port::Case(case)))).collect();
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "truth"]);
    for (((name, _), condition), settle) in cases.iter().zip(&conditions).zip(&settled) {
        code.get(FRAME).call(condition, OF_FRAME).tee(TRUTH).or_fault(&fault);
        code.get(TRUTH).is(TRUE).when();
        take(&mut code, node, name, settle);
        code.leave().end();
        code.get(TRUTH).number(FALSE).op(wasm_encoder::Instruction::I32Ne).when();
        code.fault_with("type.mismatch", &format!("`when` of case `{name}` is neither true nor false"), &fault).end();
    }
    take(&mut code, node, "else", &settled[cases.len()]);
    code.define(&run);
    Hears::default()
}

/// The output is the name of the port taken.
fn take(code: &mut Code<'_>, node: NodeIx, name: &str, settle: &str) {
    let mut output = String::new();
    writer::string(name, &mut output);
    code.get(FRAME).number(node).text(&output).runtime("frame_set").get(FRAME).call(settle, ON_FRAME);
}
