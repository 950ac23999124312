//! `each`: its bodies are started as there is room, and each one's end is taken in.

use super::{Hears, TRUE, conclude, result};
use crate::code::{Code, FRAME, INNER};
use crate::flow::FlowModule;
use crate::module::{OF_FRAME, ON_FRAME, ON_FRAME_AND};
use crate::wiring::settle_name;
use loomwork_check::plan::{Each, NodeIx, OnError, Port};
use wasm_encoder::{BlockType, Instruction};

pub(super) fn define(flow: &mut FlowModule<'_>, node: NodeIx, each: &Each) -> Hears {
    run(flow, node, each);
    next(flow, node, each);
    ended(flow, node, each);
    flow.open_scope(each.body);
    Hears { ended: true, ..Hears::default() }
}

fn run(flow: &mut FlowModule<'_>, node: NodeIx, each: &Each) {
    let items = flow.expression(node, "items", &each.items);
    let (run, next, fault) = (flow.name(node, "run"), flow.name(node, "next"), flow.name(node, "fault"));
    let timeout = flow.plan.nodes[node as usize].timeout_ms;
    let handle = 1;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "items"]);
    code.get(FRAME).call(&items, OF_FRAME).tee(handle).or_fault(&fault);
    code.get(FRAME).number(node).get(handle).number(each.concurrency).limit(timeout).runtime("each_begin");
    code.not().when().get(FRAME).call(&fault, ON_FRAME).leave().end();
    code.get(FRAME).call(&next, ON_FRAME);
    code.define(&run);
}

/// Starts bodies while there is room; if none is left to start or to wait for, the node is done.
fn next(flow: &mut FlowModule<'_>, node: NodeIx, each: &Each) {
    let (name, fault, ok) = (flow.name(node, "next"), flow.name(node, "fault"), settle_name(flow, node, Some(Port::Ok)));
    let (open, words, inner) = (flow.scope_name(each.body), flow.shape.words(each.body), 1);
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "body"]);
    code.op(Instruction::Loop(BlockType::Empty));
    code.get(FRAME).number(node).number(words).runtime("each_next").tee(inner).when();
    code.get(inner).call(&open, ON_FRAME).op(Instruction::Br(1)).end().end();
    let done = |code: &mut Code<'_>| {
        code.get(FRAME).number(node).runtime("each_done");
    };
    conclude(&mut code, &done, &ok, &fault);
    code.define(&name);
}

/// A body has ended: its result is kept, or its fault dealt with, or its return passed on.
fn ended(flow: &mut FlowModule<'_>, node: NodeIx, each: &Each) {
    let (name, next, store) = (flow.name(node, "ended"), flow.name(node, "next"), flow.name(node, "store"));
    quiet(flow, node, each);
    let mode = mode(each.on_error);
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "body"]);
    code.switch(
        &|code| {
            code.get(INNER).runtime("scope_ended");
        },
        &[
            &|code| {
                code.get(FRAME).get(INNER).call(&store, ON_FRAME_AND);
            },
            &|code| {
                code.get(FRAME).number(node).get(INNER).number(mode).runtime("each_failed");
            },
            &|code| {
                code.get(FRAME).get(INNER).runtime("scope_pass_return");
            },
            &|_| {},
        ],
    );
    code.get(FRAME).call(&next, ON_FRAME);
    code.define(&name);
}

/// A body fell quiet: its result is kept, and then `break` has its say.
fn quiet(flow: &mut FlowModule<'_>, node: NodeIx, each: &Each) {
    let result = result(flow, node, "result", each.result.as_ref(), each.body);
    let stop = each.stop.as_ref().map(|stop| flow.expression(node, "break", stop));
    let (name, mode) = (flow.name(node, "store"), mode(each.on_error));
    let (text, truth) = (2, 3);
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "body", "result", "break"]);
    result.write(&mut code, INNER, text);
    if result.may_fail() {
        code.get(text);
        or_failed(&mut code, node, mode);
    }
    if let Some(stop) = &stop {
        code.get(INNER).call(stop, OF_FRAME).tee(truth);
        or_failed(&mut code, node, mode);
    }
    code.get(FRAME).number(node).get(INNER).get(text).number(mode).runtime("each_store");
    if stop.is_some() {
        code.get(truth).is(TRUE).when().get(FRAME).number(node).runtime("each_break").end();
    }
    code.define(&name);
}

/// A 0 on the stack fails the body that has ended.
fn or_failed(code: &mut Code<'_>, node: NodeIx, mode: u32) {
    code.not().when().runtime("fault_expression");
    code.get(FRAME).number(node).get(INNER).number(mode).runtime("each_failed").leave().end();
}

fn mode(on_error: OnError) -> u32 {
    match on_error {
        OnError::Fail => 0,
        OnError::Skip => 1,
        OnError::Collect => 2,
    }
}
