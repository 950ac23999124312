//! A walk through one small flow: calls, a join, a branch, a return.

use crate::host::*;
use crate::plans::*;
use loomwork_check::plan::{Port, Root, What};
use loomwork_compile::compile_plan;
use loomwork_expr::ir::BinaryOp;
use loomwork_value::Value;

#[test]
fn calls_join_and_branch() {
    let mut draft = Draft::default();
    let input = draft.read(Root::Input);
    let left = draft.node("left", 0, call(record(vec![("of", expr(input))])));
    let right = draft.node("right", 0, call(literal("{}")));
    let sizes = draft.root(Root::Output { node: left, hops: 0 });
    let big = binary(BinaryOp::Greater, select(sizes, "size"), constant(Value::Int(10)));
    let check = draft.node("check", 0, What::Branch { cases: vec![("big".into(), checked(big))] });
    let found = draft.read(Root::Output { node: right, hops: 0 });
    let done = draft.node("done", 0, What::Return { value: record(vec![("found", expr(found))]) });
    let small = draft.node("small", 0, What::Return { value: literal("\"small\"") });
    draft.wire(left, Port::Ok, check);
    draft.wire(right, Port::Ok, check);
    draft.wire(check, Port::Case(0), done);
    draft.wire(check, Port::Case(1), small);
    let artifact = compile_plan(&draft.plan(), &TEXTS).unwrap();
    let flow = Loaded::new(&artifact.bytes);

    let mut machine = flow.machine();
    assert_eq!(show(&machine.advance(&[start(5, "{\"a\":1}")]).unwrap()), "call 1 node 0 {\"of\":{\"a\":1}}\ncall 2 node 1 {}");
    assert_eq!(show(&machine.advance(&[returned(6, 2, "[1, 2]")]).unwrap()), "");
    assert_eq!(show(&machine.advance(&[returned(7, 1, "{\"size\":11}")]).unwrap()), "finish {\"found\":[1, 2]}");
    assert_eq!(show(&machine.advance(&[returned(8, 1, "{}")]).unwrap()), "");

    let mut machine = flow.machine();
    machine.advance(&[start(5, "null")]).unwrap();
    let commands = machine.advance(&[returned(6, 1, "{\"size\":3}"), returned(6, 2, "0")]).unwrap();
    assert_eq!(show(&commands), "finish \"small\"");

    let mut machine = flow.machine();
    machine.advance(&[start(5, "null")]).unwrap();
    assert_eq!(show(&machine.advance(&[threw(6, 1, "test.fault")]).unwrap()), "cancel 2\nabort test.fault: on purpose");
}

#[test]
fn nodes_may_have_the_names_of_the_modules_own_functions() {
    for id in ["flow", "read", "describe", "advance", "save", "restore"] {
        let mut draft = Draft::default();
        let input = draft.read(Root::Input);
        draft.node(id, 0, call(record(vec![("of", expr(input))])));
        let artifact = compile_plan(&draft.plan(), &TEXTS).unwrap();
        let mut machine = Loaded::new(&artifact.bytes).machine();
        assert_eq!(show(&machine.advance(&[start(5, "7")]).unwrap()), "call 1 node 0 {\"of\":7}", "{id}");
        assert!(!machine.save().is_empty(), "{id}");
    }
}
