//! Guests that mean harm. Each ends with a clear fault, and the next call is served.

use crate::guest::*;
use loomwork_engine::{Call, Limits};
use std::time::{Duration, Instant};

/// Calls `run` of a guest and gives the fault's code, after seeing that the engine still serves.
async fn fate(wit: &str, core: &str, call: Call) -> String {
    let engine = engine();
    let component = load(&engine, &build_with(wit, "", core)).await;
    let began = Instant::now();
    let fault = component.call("#run", "{}", call).await.expect_err("the guest fails");
    assert!(began.elapsed() < Duration::from_secs(5), "{fault} took {:?}", began.elapsed());
    still_serves(&engine).await;
    fault.code.into_owned()
}

const RUN: &str = "export run: func();";
const TEXT: &str = "export run: func() -> string;";

fn body(code: &str) -> String {
    format!(r#"{MEMORY} (table 4 funcref) (func $run (export "run") {code})"#)
}

#[tokio::test]
async fn traps_have_names() {
    for (code, name) in [
        ("unreachable", "trap.unreachable"),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "trap.division_by_zero"),
        ("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "trap.integer_overflow"),
        ("(drop (i32.trunc_f64_s (f64.const nan)))", "trap.bad_conversion"),
        ("(drop (i32.load (i32.const -4)))", "trap.memory_out_of_bounds"),
        ("(call_indirect (i32.const 100))", "trap.table_out_of_bounds"),
        ("(call_indirect (i32.const 1))", "trap.null_call"),
        ("(call $run)", "trap.stack_overflow"),
    ] {
        assert_eq!(fate(RUN, &body(code), quick()).await, name);
    }
}

#[tokio::test]
async fn a_loop_ends_when_its_time_is_over() {
    assert_eq!(fate(RUN, &body("(loop $again (br $again))"), quick()).await, "limit.time");
}

/// Bulk operations look up only between each other; the memory's bound bounds them.
#[tokio::test]
async fn a_loop_of_bulk_operations_ends_too() {
    let code = "(loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 131072)) (br $again))";
    assert_eq!(fate(RUN, &body(code), quick()).await, "limit.time");
}

#[tokio::test]
async fn a_start_function_that_loops_is_bounded() {
    let core = format!(r#"{MEMORY} (func $start (loop $again (br $again))) (start $start) (func (export "run"))"#);
    assert_eq!(fate(RUN, &core, quick()).await, "limit.time");
}

#[tokio::test]
async fn a_start_function_that_traps_is_a_trap() {
    let core = format!(r#"{MEMORY} (func $start unreachable) (start $start) (func (export "run"))"#);
    assert_eq!(fate(RUN, &core, quick()).await, "trap.unreachable");
}

#[tokio::test]
async fn memory_without_end_is_refused() {
    let grow = "(loop $again (br_if $again (i32.ge_s (memory.grow (i32.const 16)) (i32.const 0)))) unreachable";
    assert_eq!(fate(RUN, &body(grow), quick()).await, "limit.memory");
    // A guest that goes on without what it was refused may do so until its time is over.
    let stubborn = "(loop $again (drop (memory.grow (i32.const 16))) (br $again))";
    assert!(["limit.memory", "limit.time"].contains(&&*fate(RUN, &body(stubborn), quick()).await));
}

#[tokio::test]
async fn a_memory_that_starts_too_large_is_refused() {
    let core = r#"(memory (export "memory") 4096) (func (export "run"))"#;
    assert_eq!(fate(RUN, core, quick()).await, "limit.memory");
    let beyond_the_pool = r#"(memory (export "memory") 32768) (func (export "run"))"#;
    let engine = engine();
    let bytes = build_with(RUN, "", beyond_the_pool);
    let package = loomwork_catalog::Package::read(&bytes).expect("a component");
    let code = match engine.load(&bytes, package, Default::default()).await {
        Ok(component) => component.call("#run", "{}", quick()).await.expect_err("too large").code,
        Err(fault) => fault.code,
    };
    assert_eq!(code, "component.too_large");
    still_serves(&engine).await;
}

#[tokio::test]
async fn tables_are_bounded() {
    let code = "(loop $again (br_if $again (i32.ge_s (table.grow (ref.null func) (i32.const 1000)) (i32.const 0)))) unreachable";
    assert_eq!(fate(RUN, &body(code), quick()).await, "limit.memory");
}

/// The result's pointer, length or content is wrong.
#[tokio::test]
async fn results_of_the_wrong_shape_are_refused() {
    let pair = |at: i64, length: i64| {
        format!(
            r#"{MEMORY} (func (export "run") (result i32)
            (i32.store (i32.const 8) (i32.const {at})) (i32.store (i32.const 12) (i32.const {length})) (i32.const 8))"#
        )
    };
    assert_eq!(fate(TEXT, &pair(-16, 4), quick()).await, "component.bad_result");
    assert_eq!(fate(TEXT, &pair(64, 1_000_000), quick()).await, "component.bad_result");
    assert_eq!(fate("export run: func() -> list<u64>;", &pair(65, 1), quick()).await, "component.bad_result");
    assert_eq!(fate("export run: func() -> list<u64>;", &pair(64, 0x2000_0001), quick()).await, "limit.output");
    let far = format!(r#"{MEMORY} (func (export "run") (result i32) (i32.const -8))"#);
    assert_eq!(fate(TEXT, &far, quick()).await, "component.bad_result");
    let not_utf8 = pair(64, 2).replace("(func (export \"run\")", r#"(data (i32.const 64) "\ff\fe") (func (export "run")"#);
    assert_eq!(fate(TEXT, &not_utf8, quick()).await, "component.bad_result");
    let surrogate = format!(r#"{MEMORY} (func (export "run") (result i32) (i32.const 0xd800))"#);
    assert_eq!(fate("export run: func() -> char;", &surrogate, quick()).await, "component.bad_result");
    let no_case =
        format!(r#"{MEMORY} (func (export "run") (result i32) (i32.store8 (i32.const 8) (i32.const 9)) (i32.const 8))"#);
    assert_eq!(fate("export run: func() -> option<u32>;", &no_case, quick()).await, "component.bad_result");
}

/// A type without content can be repeated four thousand million times in no memory at all.
#[tokio::test]
async fn a_list_of_nothing_is_bounded() {
    let core = format!(
        r#"{MEMORY} (func (export "run") (result i32)
        (i32.store (i32.const 8) (i32.const 64)) (i32.store (i32.const 12) (i32.const -1)) (i32.const 8))"#
    );
    assert_eq!(fate("export run: func() -> list<tuple<tuple<u8>>>;", &core, quick()).await, "limit.output");
}

#[tokio::test]
async fn a_gigabyte_of_result_is_refused() {
    let core = r#"(memory (export "memory") 16384)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func (export "run") (result i32)
            (i32.store (i32.const 8) (i32.const 1024)) (i32.store (i32.const 12) (i32.const 1000000000)) (i32.const 8))"#;
    let roomy = || Call { limits: Limits { memory: 2 << 30, ..quick().limits }, ..quick() };
    for wit in
        [TEXT, "export run: func() -> list<u8>;", "export run: func() -> list<u16>;", "export run: func() -> list<string>;"]
    {
        assert_eq!(fate(wit, core, roomy()).await, "limit.output", "{wit}");
    }
}

/// An allocator that lies about where the arguments may go.
#[tokio::test]
async fn an_allocator_that_lies_is_refused() {
    let engine = engine();
    for answer in ["(i32.const -8)", "(i32.const 131071)", "unreachable", "(loop $again (br $again)) (i32.const 0)"] {
        let core = format!(
            r#"(memory (export "memory") 2) (func (export "run") (param i32 i32))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {answer})"#
        );
        let component = load(&engine, &build_with("export run: func(text: string);", "", &core)).await;
        let fault = component.call("#run", r#"{"text":"hello"}"#, quick()).await.expect_err("refused");
        assert!(["component.bad_result", "trap.unreachable", "limit.time"].contains(&&*fault.code), "{fault}");
        still_serves(&engine).await;
    }
}

/// Deep types are bounded by the component model itself, deep values by the mapping.
#[tokio::test]
async fn deep_types_do_not_overflow_the_host() {
    let engine = engine();
    for (depth, fits) in [(50, true), (90, false)] {
        let ty = (0..depth).fold(String::from("u32"), |inner, _| format!("option<{inner}>"));
        let core = format!(
            r#"{MEMORY} (func (export "run") (param i32 i32) (result i32)
            (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8))"#
        );
        let component = load(&engine, &build_with(&format!("export run: func(v: list<{ty}>) -> list<{ty}>;"), "", &core)).await;
        let value = (1..depth).fold(String::from("7"), |inner, _| format!("{{\"some\":{inner}}}"));
        match component.call("#run", &format!("{{\"v\":[{value}]}}"), Call::default()).await {
            Ok(answer) => assert!(fits && answer == format!("[{value}]")),
            Err(fault) => assert!(!fits && fault.code == "component.bad_result", "{fault}"),
        }
    }
    still_serves(&engine).await;
}
