//! `wait`: for a time, which is a timer; for a signal or people's decision, whose JSON becomes the output.

use super::Hears;
use crate::code::{Code, FRAME};
use crate::flow::FlowModule;
use crate::module::ON_FRAME;
use crate::wiring::settle_name;
use loomwork_check::plan::{NodeIx, Port, Question, Template, Wait};

const TEXT: u32 = 1;
const KEY: u32 = 2;
/// 0 for none.
const UNTIL: u32 = 3;

pub(super) fn define(flow: &mut FlowModule<'_>, node: NodeIx, wait: &Wait) -> Hears {
    match wait {
        Wait::Duration(length) => time(flow, node, "wait_for", length),
        Wait::Until(instant) => time(flow, node, "wait_until", instant),
        Wait::Signal { name, key, until } => signal(flow, node, name, [key.as_ref(), until.as_ref()]),
        Wait::Approval(question) => approval(flow, node, question),
    }
}

/// `function` is the runtime's `wait_for` or `wait_until`.
fn time(flow: &mut FlowModule<'_>, node: NodeIx, function: &str, time: &Template) -> Hears {
    let made = flow.template(node, "time", time);
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let timeout = flow.plan.nodes[node as usize].timeout_ms;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "text"]);
    code.made(&made, TEXT, &fault);
    code.get(FRAME).number(node).get(TEXT).limit(timeout).runtime(function).or_fault(&fault);
    code.define(&run);
    Hears { returned: true, timed_out: timeout.is_some(), ..Hears::default() }
}

fn signal(flow: &mut FlowModule<'_>, node: NodeIx, name: &Template, [key, until]: [Option<&Template>; 2]) -> Hears {
    let name = flow.template(node, "signal", name);
    let key = key.map(|key| flow.template(node, "key", key));
    let until = until.map(|until| flow.template(node, "until", until));
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let timeout = flow.plan.nodes[node as usize].timeout_ms;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "name", "key", "until"]);
    code.made(&name, TEXT, &fault).get(TEXT).runtime("text_plain").tee(TEXT).or_fault(&fault);
    match &key {
        Some(key) => code.made(key, KEY, &fault),
        None => code.text("null").set(KEY),
    };
    if let Some(until) = &until {
        code.made(until, UNTIL, &fault);
    }
    code.get(FRAME).number(node).get(TEXT).get(KEY).get(UNTIL).limit(timeout).runtime("wait_signal").or_fault(&fault);
    code.define(&run);
    Hears { returned: true, timed_out: true, ..Hears::default() }
}

fn approval(flow: &mut FlowModule<'_>, node: NodeIx, question: &Question) -> Hears {
    let about = flow.template(node, "about", &question.about);
    let (run, fault) = (flow.name(node, "run"), flow.name(node, "fault"));
    let timeout = flow.plan.nodes[node as usize].timeout_ms;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "about"]);
    code.made(&about, TEXT, &fault).get(FRAME).number(node).get(TEXT).limit(timeout);
    code.number(question.default.is_some().into()).runtime("wait_answer");
    code.define(&run);
    if let Some(default) = &question.default {
        decided_by_default(flow, node, default);
    }
    Hears { returned: true, timed_out: true, again: question.default.is_some(), ..Hears::default() }
}

/// The time is up.
fn decided_by_default(flow: &mut FlowModule<'_>, node: NodeIx, default: &Template) {
    let made = flow.template(node, "default", default);
    let (again, fault, ok) = (flow.name(node, "again"), flow.name(node, "fault"), settle_name(flow, node, Some(Port::Ok)));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "text"]);
    code.made(&made, TEXT, &fault);
    code.get(FRAME).number(node).get(TEXT).runtime("frame_set").get(FRAME).call(&ok, ON_FRAME);
    code.define(&again);
}
