//! Calls of functions and of other flows: the input built once, attempts, the time limit.

use super::{Hears, TRUE};
use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::{OF_FRAME, ON_FRAME};
use loomwork_check::plan::{Call, NodeIx, Retry, Template};
use wasm_encoder::Instruction;

const INPUT: u32 = 1;

pub(super) fn define(flow: &mut FlowModule<'_>, node: NodeIx, call: &Call) -> Hears {
    let retry = call.retry.as_ref().filter(|retry| retry.attempts > 1);
    begin(flow, node, &call.input, retry.is_some());
    threw(flow, node, retry);
    let timeout = flow.plan.nodes[node as usize].timeout_ms;
    if retry.is_some() {
        let again = flow.name(node, "again");
        let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
        code.get(FRAME).number(node).limit(timeout).runtime("call_again");
        code.define(&again);
    }
    Hears { returned: true, threw: true, again: retry.is_some(), ..Hears::default() }
}

/// A call of another flow: to the machine it is a call with one attempt.
pub(super) fn of_flow(flow: &mut FlowModule<'_>, node: NodeIx, input: &Template) -> Hears {
    begin(flow, node, input, false);
    Hears { returned: true, timed_out: true, ..Hears::default() }
}

/// `keep`: the input may be needed again.
fn begin(flow: &mut FlowModule<'_>, node: NodeIx, input: &Template, keep: bool) {
    let made = flow.template(node, "input", input);
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let timeout = flow.plan.nodes[node as usize].timeout_ms;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "input"]);
    code.made(&made, INPUT, &fault);
    code.get(FRAME).number(node).get(INPUT).limit(timeout).number(keep.into()).runtime("call_begin");
    code.define(&run);
}

/// An attempt has failed: another after a pause, if there is one left and `when` holds, else the fault.
fn threw(flow: &mut FlowModule<'_>, node: NodeIx, retry: Option<&Retry>) {
    let (name, fault) = (flow.name(node, "threw"), flow.name(node, "fault"));
    let when = retry.and_then(|retry| retry.when.as_ref()).map(|when| flow.expression(node, "retry.when", when));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    if let Some(retry) = retry {
        code.get(FRAME).number(node).runtime("call_attempt").number(retry.attempts).op(Instruction::I32LtU).when();
        if let Some(when) = &when {
            code.get(FRAME).call(when, OF_FRAME).is(TRUE).when();
        }
        again_later(&mut code, node, retry);
        if when.is_some() {
            code.end();
        }
        code.end();
    }
    code.get(FRAME).call(&fault, ON_FRAME);
    code.define(&name);
}

fn again_later(code: &mut Code<'_>, node: NodeIx, retry: &Retry) {
    let factor = if retry.exponential { retry.factor } else { 1.0 };
    code.get(FRAME).number(node).number(retry.attempts).limit(Some(retry.delay_ms)).double(factor);
    code.limit(Some(retry.max_delay_ms)).double(retry.jitter).runtime("call_retry").when().leave().end();
}
