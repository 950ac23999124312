//! `repeat`: a round, what it ended with, and whether there is another.

use super::{Hears, ScopeResult, TRUE, conclude, result};
use crate::code::{Code, FRAME, INNER};
use crate::flow::FlowModule;
use crate::module::{OF_FRAME, ON_FRAME, ON_FRAME_AND};
use crate::wiring::settle_name;
use loomwork_check::plan::{NodeIx, Port, Repeat};
use wasm_encoder::Instruction;

/// The functions of one `repeat`, by name.
struct Names {
    open: String,
    round: String,
    finish: String,
    failed: String,
    fault: String,
    before: Option<String>,
    after: Option<String>,
}

pub(super) fn define(flow: &mut FlowModule<'_>, node: NodeIx, repeat: &Repeat) -> Hears {
    let names = Names {
        open: flow.scope_name(repeat.body),
        round: flow.name(node, "round"),
        finish: flow.name(node, "finish"),
        failed: flow.name(node, "failed"),
        fault: flow.name(node, "fault"),
        before: repeat.before.as_ref().map(|before| flow.expression(node, "while", before)),
        after: repeat.after.as_ref().map(|after| flow.expression(node, "until", after)),
    };
    run(flow, node, repeat, &names);
    round(flow, node, repeat, &names);
    ended(flow, node, repeat, &names);
    finish(flow, node, &names);
    failed(flow, node, &names);
    if repeat.delay_ms.is_some() {
        again(flow, node, &names);
    }
    flow.open_scope(repeat.body);
    Hears { ended: true, again: repeat.delay_ms.is_some(), ..Hears::default() }
}

/// The first `while` reads the frame of the first round, in which nothing has happened.
fn run(flow: &mut FlowModule<'_>, node: NodeIx, repeat: &Repeat, names: &Names) {
    let (run, words, timeout) =
        (flow.name(node, "run"), flow.shape.words(repeat.body), flow.plan.nodes[node as usize].timeout_ms);
    let body = 1;
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame", "body", "truth"]);
    code.get(FRAME).number(node).limit(timeout).runtime("repeat_begin");
    code.get(FRAME).number(node).number(words).runtime("repeat_open").set(body);
    if let Some(before) = &names.before {
        go_on_while(&mut code, before, body, names);
    }
    code.get(body).call(&names.open, ON_FRAME);
    code.define(&run);
}

/// Another round, if `while` holds in the frame of the one that has ended.
fn round(flow: &mut FlowModule<'_>, node: NodeIx, repeat: &Repeat, names: &Names) {
    let words = flow.shape.words(repeat.body);
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "body", "truth"]);
    if let Some(before) = &names.before {
        code.get(FRAME).number(node).get(INNER).runtime("repeat_turn");
        go_on_while(&mut code, before, INNER, names);
    }
    code.get(FRAME).number(node).number(words).runtime("repeat_open").call(&names.open, ON_FRAME);
    code.define(&names.round);
}

/// Finishes the node, and the function ends, unless the condition holds.
fn go_on_while(code: &mut Code<'_>, condition: &str, inner: u32, names: &Names) {
    let truth = code.local("truth");
    code.get(inner).call(condition, OF_FRAME).tee(truth);
    or_failed(code, names);
    code.get(truth).is(TRUE).not().when().get(FRAME).call(&names.finish, ON_FRAME).leave().end();
}

fn or_failed(code: &mut Code<'_>, names: &Names) {
    code.not().when().runtime("fault_expression").get(FRAME).call(&names.failed, ON_FRAME).leave().end();
}

fn ended(flow: &mut FlowModule<'_>, node: NodeIx, repeat: &Repeat, names: &Names) {
    let (name, quiet_name) = (flow.name(node, "ended"), flow.name(node, "quiet"));
    let result = result(flow, node, "result", repeat.result.as_ref(), repeat.body);
    quiet(flow, node, repeat, names, &result);
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "body"]);
    code.switch(
        &|code| {
            code.get(INNER).runtime("scope_ended");
        },
        &[
            &|code| {
                code.get(FRAME).get(INNER).call(&quiet_name, ON_FRAME_AND);
            },
            &|code| {
                code.get(FRAME).call(&names.failed, ON_FRAME);
            },
            &|code| {
                code.get(FRAME).get(INNER).runtime("scope_pass_return").get(FRAME).call(&names.finish, ON_FRAME);
            },
            &|code| {
                code.get(FRAME).call(&names.finish, ON_FRAME);
            },
        ],
    );
    code.define(&name);
}

/// A round fell quiet: its result is kept; `until` is asked, then the bound, then there is a pause or the next round.
fn quiet(flow: &mut FlowModule<'_>, node: NodeIx, repeat: &Repeat, names: &Names, result: &ScopeResult) {
    let (name, text, truth) = (flow.name(node, "quiet"), 2, 3);
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "body", "result", "truth"]);
    result.write(&mut code, INNER, text);
    if result.may_fail() {
        code.get(text);
        or_failed(&mut code, names);
    }
    if let Some(after) = &names.after {
        code.get(INNER).call(after, OF_FRAME).tee(truth);
        or_failed(&mut code, names);
    }
    code.get(FRAME).number(node).get(text).runtime("repeat_store");
    if names.after.is_some() {
        // How many rounds there were stays on the stack meanwhile.
        code.set(text).get(truth).is(TRUE).when().get(FRAME).call(&names.finish, ON_FRAME).leave().end().get(text);
    }
    code.number(repeat.max).op(Instruction::I32GeU).when();
    bound(&mut code, node, repeat, names);
    code.end();
    match repeat.delay_ms {
        Some(delay) => code.get(FRAME).number(node).get(INNER).limit(Some(delay)).runtime("repeat_sleep"),
        None => code.get(FRAME).get(INNER).call(&names.round, ON_FRAME_AND),
    };
    code.define(&name);
}

/// All the rounds there may be have been. `until` has not come true; `while` must not hold any more.
fn bound(code: &mut Code<'_>, node: NodeIx, repeat: &Repeat, names: &Names) {
    match (&names.after, &names.before) {
        (None, None) => {
            code.get(FRAME).call(&names.finish, ON_FRAME).leave();
            return;
        }
        (None, Some(before)) => {
            code.get(FRAME).number(node).get(INNER).runtime("repeat_turn");
            go_on_while(code, before, INNER, names);
        }
        (Some(_), _) => {}
    }
    code.text("limit.rounds").text(&format!("not done after {} rounds", repeat.max)).runtime("fault_new");
    code.get(FRAME).call(&names.failed, ON_FRAME).leave();
}

/// The pause is over.
fn again(flow: &mut FlowModule<'_>, node: NodeIx, names: &Names) {
    let name = flow.name(node, "again");
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    code.get(FRAME).get(FRAME).number(node).runtime("repeat_kept").call(&names.round, ON_FRAME_AND);
    code.define(&name);
}

/// Ends the node: with the last result, or as was decided about it meanwhile.
fn finish(flow: &mut FlowModule<'_>, node: NodeIx, names: &Names) {
    let ok = settle_name(flow, node, Some(Port::Ok));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    let done = |code: &mut Code<'_>| {
        code.get(FRAME).number(node).runtime("repeat_done");
    };
    conclude(&mut code, &done, &ok, &names.fault);
    code.define(&names.finish);
}

/// Ends the node with the fault at hand.
fn failed(flow: &mut FlowModule<'_>, node: NodeIx, names: &Names) {
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    code.get(FRAME).number(node).runtime("repeat_failed").get(FRAME).call(&names.fault, ON_FRAME);
    code.define(&names.failed);
}
