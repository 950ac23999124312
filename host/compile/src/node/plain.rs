//! Nodes that complete at once: `set`, `emit`, `respond`, `return`, `fail`, and disabled nodes of any kind.

use super::Hears;
use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::ON_FRAME;
use crate::wiring::settle_name;
use loomwork_check::plan::{NodeIx, Port, Template};

/// A local for a handle, and two more.
const TEXT: u32 = 1;
const MESSAGE: u32 = 2;
const DATA: u32 = 3;

pub(super) fn disabled(flow: &mut FlowModule<'_>, node: NodeIx) {
    let (run, ok) = (flow.name(node, "run"), settle_name(flow, node, Some(Port::Ok)));
    let passes = flow.plan.nodes[node as usize].passes;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    code.get(FRAME).number(node);
    match passes {
        Some(from) => code.number(from).runtime("frame_pass"),
        None => code.text("null").runtime("frame_set"),
    };
    code.get(FRAME).call(&ok, ON_FRAME);
    code.define(&run);
}

pub(super) fn set(flow: &mut FlowModule<'_>, node: NodeIx, value: &Template) -> Hears {
    let made = flow.template(node, "value", value);
    let (run, fault, ok) = (flow.name(node, "run"), flow.name(node, "fault"), settle_name(flow, node, Some(Port::Ok)));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "text"]);
    code.made(&made, TEXT, &fault);
    code.get(FRAME).number(node).get(TEXT).runtime("frame_set").get(FRAME).call(&ok, ON_FRAME);
    code.define(&run);
    Hears::default()
}

pub(super) fn emit(flow: &mut FlowModule<'_>, node: NodeIx, event: &Template, payload: &Template) -> Hears {
    let event = flow.template(node, "event", event);
    let payload = flow.template(node, "payload", payload);
    let (run, fault, ok) = (flow.name(node, "run"), flow.name(node, "fault"), settle_name(flow, node, Some(Port::Ok)));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "event", "payload"]);
    code.made(&event, TEXT, &fault).get(TEXT).runtime("text_plain").tee(TEXT).or_fault(&fault);
    code.made(&payload, MESSAGE, &fault).get(TEXT).get(MESSAGE).runtime("frame_emit");
    code.get(FRAME).number(node).text("null").runtime("frame_set").get(FRAME).call(&ok, ON_FRAME);
    code.define(&run);
    Hears::default()
}

pub(super) fn respond(flow: &mut FlowModule<'_>, node: NodeIx, value: &Template) -> Hears {
    let made = flow.template(node, "value", value);
    let (run, fault, ok) = (flow.name(node, "run"), flow.name(node, "fault"), settle_name(flow, node, Some(Port::Ok)));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "text"]);
    code.made(&made, TEXT, &fault).get(TEXT).runtime("frame_respond").or_fault(&fault);
    code.get(FRAME).number(node).text("null").runtime("frame_set").get(FRAME).call(&ok, ON_FRAME);
    code.define(&run);
    Hears::default()
}

pub(super) fn return_value(flow: &mut FlowModule<'_>, node: NodeIx, value: &Template) -> Hears {
    let made = flow.template(node, "value", value);
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "text"]);
    code.made(&made, TEXT, &fault).get(FRAME).get(TEXT).runtime("frame_return");
    code.define(&run);
    Hears::default()
}

pub(super) fn fail(flow: &mut FlowModule<'_>, node: NodeIx, [code, message]: [&Template; 2], data: Option<&Template>) -> Hears {
    let fault_code = flow.template(node, "code", code);
    let message = flow.template(node, "message", message);
    let data = data.map(|data| flow.template(node, "data", data));
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "code", "message", "data"]);
    code.made(&fault_code, TEXT, &fault).get(TEXT).runtime("text_plain").tee(TEXT).or_fault(&fault);
    code.made(&message, MESSAGE, &fault).get(MESSAGE).runtime("text_plain").tee(MESSAGE).or_fault(&fault);
    if let Some(data) = &data {
        code.made(data, DATA, &fault);
    }
    code.get(TEXT).get(MESSAGE).runtime("fault_new");
    if data.is_some() {
        code.get(DATA).runtime("fault_data");
    }
    code.get(FRAME).call(&fault, ON_FRAME);
    code.define(&run);
    Hears::default()
}
