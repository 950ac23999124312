//! Machines: told events, answering with commands, bounded.

use crate::guest::*;
use loomwork_engine::{Command, Event, Happened, Limits, MachineTemplate, Start};
use std::time::Duration;

const MACHINE: &str = include_str!("../../../../wit/flow/machine.wit");

/// A machine that answers each `advance` with what `advance` does, and saves four bytes.
pub fn flow(advance: &str, more: &str) -> Vec<u8> {
    let wit = MACHINE.split_once(';').expect("a package").1;
    let wit = wit.split("world flow").next().expect("an interface");
    let core = format!(
        r#"{MEMORY} {more}
        (global $count (mut i32) (i32.const 0))
        (data (i32.const 64) "{{\22nodes\22:[]}}")
        (func (export "loom:flow/machine@0.1.0#describe") (result i32)
            (i32.store (i32.const 8) (i32.const 64)) (i32.store (i32.const 12) (i32.const 12)) (i32.const 8))
        (func (export "loom:flow/machine@0.1.0#advance") (param $events i32) (param $length i32) (result i32)
            (global.set $count (i32.add (global.get $count) (local.get $length)))
            {advance})
        (func (export "loom:flow/machine@0.1.0#save") (result i32)
            (i32.store (i32.const 256) (global.get $count))
            (i32.store (i32.const 8) (i32.const 256)) (i32.store (i32.const 12) (i32.const 4)) (i32.const 8))
        (func (export "loom:flow/machine@0.1.0#restore") (param i32 i32) (result i32)
            (if (i32.ne (local.get 1) (i32.const 4)) (then
                (i32.store8 (i32.const 8) (i32.const 1)) (i32.store (i32.const 12) (i32.const 64)) (i32.store (i32.const 16) (i32.const 4))
                (return (i32.const 8))))
            (global.set $count (i32.load (local.get 0)))
            (i32.store8 (i32.const 8) (i32.const 0)) (i32.const 8))"#
    );
    let others = format!("package loom:flow@0.1.0 {{ {wit} }}");
    build_with("export loom:flow/machine@0.1.0;", &others, &core)
}

/// Answers with `cancel(count)`: one command of forty-eight bytes at 512.
pub const CANCEL: &str = r#"
    (i32.store8 (i32.const 512) (i32.const 4)) (i32.store (i32.const 520) (global.get $count))
    (i32.store8 (i32.const 8) (i32.const 0)) (i32.store (i32.const 12) (i32.const 512)) (i32.store (i32.const 16) (i32.const 1))
    (i32.const 8)"#;

async fn template(bytes: &[u8]) -> MachineTemplate {
    engine().machine(bytes).await.unwrap_or_else(|fault| panic!("{fault}"))
}

pub fn stop() -> Event {
    Event { at: 1, what: Happened::Stop }
}

#[tokio::test]
async fn events_go_in_and_commands_come_out() {
    let mut machine = template(&flow(CANCEL, "")).await.instantiate().expect("a machine");
    assert_eq!(machine.describe().as_deref(), Ok("{\"nodes\":[]}"));
    let start = Start { input: "{}".into(), run: "run_1".into(), seed: 7, vars: "{}".into() };
    let threw = Happened::Threw(3, loomwork_types::Fault::new("a.b", "c").data("1"));
    let events = [Happened::Start(start), threw, Happened::Returned(1, "2".into()), Happened::Fired(4)];
    let events: Vec<Event> = events.into_iter().map(|what| Event { at: 9, what }).collect();
    assert_eq!(machine.advance(&events), Ok(vec![Command::Cancel(4)]));
    assert_eq!(machine.advance(&[stop()]), Ok(vec![Command::Cancel(5)]));
}

#[tokio::test]
async fn a_saved_machine_goes_on_in_another() {
    let template = template(&flow(CANCEL, "")).await;
    let mut first = template.instantiate().expect("a machine");
    first.advance(&[stop(), stop()]).expect("commands");
    let state = first.save().expect("a state");
    drop(first);
    let mut second = template.instantiate_soon().await.expect("a machine");
    second.restore(&state).expect("restored");
    assert_eq!(second.advance(&[stop()]), Ok(vec![Command::Cancel(3)]));
    let fault = template.instantiate().expect("a machine").restore(b"no").expect_err("no state");
    assert_eq!(fault.code, "flow.bad_state");
}

#[tokio::test]
async fn a_machine_is_bounded() {
    let short = Limits { time: Duration::from_millis(60), memory: 8 << 20, ..Limits::default() };
    for (advance, code) in [
        ("(loop $again (br $again)) (i32.const 0)", "limit.time"),
        ("(loop $again (br_if $again (i32.ge_s (memory.grow (i32.const 16)) (i32.const 0)))) unreachable", "limit.memory"),
        ("unreachable", "trap.unreachable"),
        ("(i32.const -8)", "component.bad_result"),
    ] {
        let template = template(&flow(advance, "")).await.with_limits(short);
        let mut machine = template.instantiate().expect("a machine");
        assert_eq!(machine.advance(&[stop()]).expect_err("bounded").code, code);
        assert_eq!(machine.advance(&[stop()]).expect_err("it is broken").code, "flow.broken");
        assert!(template.instantiate().is_ok(), "the next machine is made");
    }
}

#[tokio::test]
async fn a_start_function_that_loops_is_bounded() {
    let template = template(&flow(CANCEL, "(func $start (loop $again (br $again))) (start $start)")).await;
    let template = template.with_limits(Limits { time: Duration::from_millis(60), ..Limits::default() });
    assert_eq!(template.instantiate().expect_err("bounded").code, "limit.time");
}

#[tokio::test]
async fn only_flows_are_machines() {
    let engine = engine();
    let code = async |bytes: &[u8]| engine.machine(bytes).await.expect_err("refused").code;
    assert_eq!(code(&echo()).await, "flow.not_a_flow");
    assert_eq!(code(b"hello").await, "component.invalid");
    let importing = build_with(
        "import test:other/thing@0.1.0; export run: func();",
        "package test:other@0.1.0 { interface thing { go: func(); } }",
        r#"(import "test:other/thing@0.1.0" "go" (func $go)) (func (export "run") (call $go))"#,
    );
    assert_eq!(code(&importing).await, "flow.imports");
}

#[tokio::test]
async fn a_flow_of_other_types_is_refused() {
    let other = MACHINE.replace("describe: func() -> string", "describe: func() -> u32");
    let wit = other.split_once(';').expect("a package").1.split("world flow").next().expect("an interface").to_owned();
    let core = format!(
        r#"{MEMORY} (func (export "loom:flow/machine@0.1.0#describe") (result i32) (i32.const 1))
        (func (export "loom:flow/machine@0.1.0#advance") (param i32 i32) (result i32) unreachable)
        (func (export "loom:flow/machine@0.1.0#save") (result i32) unreachable)
        (func (export "loom:flow/machine@0.1.0#restore") (param i32 i32) (result i32) unreachable)"#
    );
    let bytes = build_with("export loom:flow/machine@0.1.0;", &format!("package loom:flow@0.1.0 {{ {wit} }}"), &core);
    let refused = match engine().machine(&bytes).await {
        Ok(template) => template.instantiate().expect_err("refused"),
        Err(fault) => fault,
    };
    assert_eq!(refused.code, "flow.not_a_flow");
}
