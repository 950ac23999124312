//! `wait` for a time: a timer, and then `ok`.

use super::Hears;
use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::ON_FRAME;
use loomwork_check::plan::{NodeIx, Template};

const TEXT: u32 = 1;

/// `function` is the runtime's `wait_for` or `wait_until`.
pub(super) fn define(flow: &mut FlowModule<'_>, node: NodeIx, function: &str, time: &Template) -> Hears {
    let made = flow.template(node, "time", time);
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let timeout = flow.plan.nodes[node as usize].timeout_ms;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "text"]);
    code.made(&made, TEXT, &fault);
    code.get(FRAME).number(node).get(TEXT).limit(timeout).runtime(function).or_fault(&fault);
    code.define(&run);
    Hears { returned: true, timed_out: timeout.is_some(), ..Hears::default() }
}
