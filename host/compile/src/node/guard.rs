//! `try`: which section follows which, and what the node comes to in the end.

use super::{Hears, ScopeResult, conclude, result};
use crate::code::{Code, FRAME, INNER};
use crate::flow::FlowModule;
use crate::module::{ON_FRAME, ON_FRAME_AND};
use crate::wiring::settle_name;
use loomwork_check::plan::{NodeIx, Port, ScopeIx, Section, What};

/// A local for the handle of a result.
const RESULT: u32 = 2;

pub(super) fn define(flow: &mut FlowModule<'_>, node: NodeIx) -> Hears {
    let What::Try { body, catch, finally, result: of_body, catch_result } = &flow.plan.nodes[node as usize].what else {
        return Hears::default();
    };
    let of_body = result(flow, node, "result", of_body.as_ref(), *body);
    run(flow, node, *body);
    after_section(flow, node, "body.ended", &of_body, *catch);
    if let Some(catch) = catch {
        let of_catch = result(flow, node, "catch_result", catch_result.as_ref(), *catch);
        after_section(flow, node, "catch.ended", &of_catch, None);
    }
    if finally.is_some() {
        finally_ended(flow, node);
    }
    closing(flow, node, *finally);
    ended(flow, node, catch.is_some(), finally.is_some());
    for scope in [Some(*body), *catch, *finally].into_iter().flatten() {
        flow.open_scope(scope);
    }
    Hears { ended: true, ..Hears::default() }
}

fn run(flow: &mut FlowModule<'_>, node: NodeIx, body: ScopeIx) {
    let (run, timeout) = (flow.name(node, "run"), flow.plan.nodes[node as usize].timeout_ms);
    let (open, words) = (flow.scope_name(body), flow.shape.words(body));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    code.get(FRAME).number(node).limit(timeout).runtime("try_begin");
    begin_section(&mut code, node, Section::Body, &open, words);
    code.define(&run);
}

fn begin_section(code: &mut Code<'_>, node: NodeIx, section: Section, open: &str, words: u32) {
    code.get(FRAME).number(node).number(number(section)).number(words).runtime("try_open").call(open, ON_FRAME);
}

fn number(section: Section) -> u32 {
    match section {
        Section::Body => 0,
        Section::Catch => 1,
        Section::Finally => 2,
    }
}

/// The body or the catch has ended. Its result, fault or return is noted, or `catch` begins; then comes `closing`.
fn after_section(flow: &mut FlowModule<'_>, node: NodeIx, name: &str, result: &ScopeResult, catch: Option<ScopeIx>) {
    let (name, closing) = (flow.name(node, name), flow.name(node, "closing"));
    let catch = catch.map(|catch| (flow.scope_name(catch), flow.shape.words(catch)));
    let fails = |code: &mut Code<'_>| match &catch {
        Some((open, words)) => {
            code.get(FRAME).number(node).runtime("try_caught");
            begin_section(code, node, Section::Catch, open, *words);
            code.leave();
        }
        None => {
            code.get(FRAME).number(node).runtime("try_fault");
        }
    };
    let completes = |code: &mut Code<'_>| {
        result.write(code, INNER, RESULT);
        if result.may_fail() {
            code.get(RESULT).when();
            code.get(FRAME).number(node).get(RESULT).runtime("try_ok").otherwise();
            code.runtime("fault_expression");
            fails(code);
            code.end();
        } else {
            code.get(FRAME).number(node).get(RESULT).runtime("try_ok");
        }
    };
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "section", "result"]);
    by_ending(&mut code, node, &completes, &fails);
    code.get(FRAME).call(&closing, ON_FRAME);
    code.define(&name);
}

fn by_ending(code: &mut Code<'_>, node: NodeIx, quiet: &dyn Fn(&mut Code<'_>), fails: &dyn Fn(&mut Code<'_>)) {
    let ending = |code: &mut Code<'_>| {
        code.get(INNER).runtime("scope_ended");
    };
    let returns = |code: &mut Code<'_>| {
        code.get(FRAME).number(node).get(INNER).runtime("try_return");
    };
    let cancelled = |_: &mut Code<'_>| {};
    code.switch(&ending, &[quiet, fails, &returns, &cancelled]);
}

/// `finally` has ended: what was pending goes on, unless it failed or returned itself.
fn finally_ended(flow: &mut FlowModule<'_>, node: NodeIx) {
    let (name, done) = (flow.name(node, "finally.ended"), flow.name(node, "done"));
    let fails = |code: &mut Code<'_>| {
        code.get(FRAME).number(node).runtime("try_fault");
    };
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "section"]);
    by_ending(&mut code, node, &|_| {}, &fails);
    code.get(FRAME).call(&done, ON_FRAME);
    code.define(&name);
}

/// Body and catch are over: `finally`, then the node is done.
fn closing(flow: &mut FlowModule<'_>, node: NodeIx, finally: Option<ScopeIx>) {
    let (name, done_name) = (flow.name(node, "closing"), flow.name(node, "done"));
    let (ok, fault) = (settle_name(flow, node, Some(Port::Ok)), flow.name(node, "fault"));
    let finally = finally.map(|finally| (flow.scope_name(finally), flow.shape.words(finally)));
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    match &finally {
        Some((open, words)) => begin_section(&mut code, node, Section::Finally, open, *words),
        None => {
            code.get(FRAME).call(&done_name, ON_FRAME);
        }
    }
    code.define(&name);
    let mut code = Code::new(&mut flow.module, ON_FRAME, &["frame"]);
    let done = |code: &mut Code<'_>| {
        code.get(FRAME).number(node).runtime("try_done");
    };
    conclude(&mut code, &done, &ok, &fault);
    code.define(&done_name);
}

/// Goes by which section has ended.
fn ended(flow: &mut FlowModule<'_>, node: NodeIx, catch: bool, finally: bool) {
    let name = flow.name(node, "ended");
    let sections = [("body.ended", true), ("catch.ended", catch), ("finally.ended", finally)];
    let sections = sections.map(|(name, there)| there.then(|| flow.name(node, name)));
    let mut code = Code::new(&mut flow.module, ON_FRAME_AND, &["frame", "section"]);
    for (number, section) in sections.iter().enumerate() {
        if let Some(section) = section {
            code.get(INNER).runtime("scope_section").is(number as u32).when();
            code.get(FRAME).get(INNER).call(section, ON_FRAME_AND).leave().end();
        }
    }
    code.define(&name);
}
