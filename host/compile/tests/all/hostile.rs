//! What nobody should send: a machine answers with a fault or ignores it, and does not trap.

use crate::core::Loaded;
use crate::host::{fired, heard, returned, show, start, threw};
use crate::plans::*;
use loomwork_check::plan::*;
use loomwork_compile::compile_plan;
use loomwork_types::Type;

fn each_over_input(result: Option<Template>) -> Loaded {
    let mut draft = Draft::default();
    let items = draft.read(Root::Input);
    let lines = draft.node("lines", 0, What::Set { value: literal("null") });
    let body = draft.scope(lines, Section::Body);
    draft.nodes[lines as usize].what =
        What::Each(Each { body, items, concurrency: 0, on_error: OnError::Fail, result, stop: None });
    let count = draft.read(Root::Output { node: lines, hops: 0 });
    let done = draft.node("done", 0, What::Return { value: expr(count) });
    draft.wire(lines, Port::Ok, done);
    Loaded::new(&compile_plan(&draft.plan(), &TEXTS).unwrap().bytes)
}

#[test]
fn bad_states_are_refused() {
    let flow = each_over_input(None);
    let good = flow.machine().save();
    let mut machine = flow.machine();
    for cut in 0..good.len() {
        assert!(!machine.restore(&good[..cut]), "cut at {cut}");
        let mut flipped = good.clone();
        flipped[cut] ^= 0x10;
        assert!(!machine.restore(&flipped), "flipped at {cut}");
    }
    assert!(!machine.restore(&vec![0xff; 100_000]));
    assert!(machine.restore(&good));
    assert_eq!(show(&machine.advance(&[start(1, "[]")]).unwrap()), "finish []");
}

#[test]
fn the_state_of_another_flow_is_refused() {
    let mut draft = Draft::default();
    draft.node("other", 0, What::Set { value: literal("1") });
    let texts = loomwork_compile::Texts { document: "{\"other\": true}", ..TEXTS };
    let other = Loaded::new(&compile_plan(&draft.plan(), &texts).unwrap().bytes);
    assert!(!each_over_input(None).machine().restore(&other.machine().save()));
}

#[test]
fn what_is_no_json_is_refused() {
    let flow = each_over_input(None);
    let mut machine = flow.machine();
    assert_eq!(machine.advance(&[start(1, "[1,")]).unwrap_err().code, "json.syntax");
    assert_eq!(machine.advance(&[start(1, "[1]")]).unwrap_err().code, "json.syntax", "it does not go on");
    let deep = "[".repeat(100_000);
    assert_eq!(flow.machine().advance(&[start(1, &deep)]).unwrap_err().code, "json.depth");
    assert_eq!(flow.machine().advance(&[start(1, "{\"a\":1,\"a\":2}")]).unwrap_err().code, "json.duplicate_key");
    let mut draft = Draft::default();
    draft.node("work", 0, call(literal("{}")));
    let mut machine = Loaded::new(&compile_plan(&draft.plan(), &TEXTS).unwrap().bytes).machine();
    machine.advance(&[start(1, "1")]).unwrap();
    assert!(show(&machine.advance(&[returned(2, 1, "nonsense")]).unwrap()).starts_with("abort json.syntax"));
}

#[test]
fn unknown_steps_and_early_events_are_ignored() {
    let flow = each_over_input(None);
    let mut machine = flow.machine();
    let early = [returned(1, 1, "1"), threw(1, 0, "x"), fired(1, u32::MAX)];
    assert_eq!(show(&machine.advance(&early).unwrap()), "");
    assert_eq!(show(&machine.advance(&[start(1, "[]"), start(1, "[1]"), fired(2, 7)]).unwrap()), "finish []");
}

#[test]
fn many_items_are_gone_through_and_more_are_refused() {
    let list = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    let flow = each_over_input(Some(literal("1")));
    assert_eq!(show(&flow.machine().advance(&[start(1, &list(100_000))]).unwrap()), format!("finish {}", list(100_000)));
    assert!(show(&flow.machine().advance(&[start(1, &list(100_001))]).unwrap()).starts_with("abort limit.items"));
    assert!(show(&flow.machine().advance(&[start(1, "7")]).unwrap()).starts_with("abort type.mismatch"));
}

#[test]
fn a_long_chain_needs_no_stack() {
    let mut draft = Draft::default();
    for number in 0..2_000 {
        draft.node(&format!("n{number}"), 0, What::Set { value: literal("null") });
        if number > 0 {
            draft.wire(number - 1, Port::Ok, number);
        }
    }
    let mut machine = Loaded::new(&compile_plan(&draft.plan(), &TEXTS).unwrap().bytes).machine();
    assert_eq!(show(&machine.advance(&[start(1, "null")]).unwrap()), "finish null");
}

#[test]
fn what_comes_from_outside_is_of_its_type_or_a_fault() {
    let mut draft = Draft::default();
    let wait = draft.node("paid", 0, What::Wait(Wait::Signal { name: literal("\"paid\""), key: None, until: None }));
    draft.nodes[wait as usize].output = Type::U32;
    let paid = draft.read(Root::Output { node: wait, hops: 0 });
    let end = draft.node("end", 0, What::Return { value: expr(paid) });
    draft.wire(wait, Port::Ok, end);
    let flow = Loaded::new(&compile_plan(&draft.plan(), &TEXTS).unwrap().bytes);
    let after = |payload: &str| {
        let mut machine = flow.machine();
        assert_eq!(show(&machine.advance(&[start(1, "null")]).unwrap()), "listen 1 node 0 paid null");
        show(&machine.advance(&[heard(2, 1, payload)]).unwrap())
    };
    assert_eq!(after("7"), "finish 7");
    assert!(after("-7").starts_with("abort type."));
    assert!(after("\"7\"").starts_with("abort type.mismatch"));
    assert!(after("{").starts_with("abort json."));
    assert!(after(&"[".repeat(100_000)).starts_with("abort json."));
}
