//! Imports: granted, not granted, unknown. A guest that lacks something does not run at all.

use crate::guest::*;
use loomwork_engine::{Capability, Context, Grant, Grants, State, wasmtime};
use loomwork_types::Fault;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Counts; waits for ever; fails on demand.
struct Counter {
    runs: Arc<AtomicU32>,
}

struct Count {
    step: u32,
    by_now: u32,
}

#[derive(Clone)]
struct From(u32);

impl Grant for From {
    fn begin(&self, call: &Context) -> Box<dyn Any + Send> {
        Box::new(Count { step: call.step, by_now: self.0 })
    }
}

impl Capability for Counter {
    fn name(&self) -> &str {
        "test:host/counter"
    }

    fn versions(&self) -> &[&str] {
        &["0.1.0"]
    }

    fn link(&self, linker: &mut wasmtime::component::Linker<State>) -> wasmtime::Result<()> {
        let mut counter = linker.instance("test:host/counter@0.1.0")?;
        let runs = self.runs.clone();
        counter.func_wrap_async("next", move |mut store, ()| {
            runs.fetch_add(1, Ordering::Relaxed);
            Box::new(async move {
                tokio::task::yield_now().await;
                let count = store.data_mut().data::<Count>()?;
                count.by_now += 1;
                Ok((count.by_now + 1000 * count.step,))
            })
        })?;
        counter.func_wrap_async("hang", |_store, ()| {
            Box::new(async move {
                std::future::pending::<()>().await;
                Ok(())
            })
        })?;
        counter.func_wrap("fail", |_store, ()| -> wasmtime::Result<()> { Err(Fault::new("counter.stuck", "it is stuck").into()) })
    }
}

const HOST: &str = "package test:host@0.1.0 { interface counter { next: func() -> u32; hang: func(); fail: func(); } }";

fn counting(which: &str) -> Vec<u8> {
    let core = format!(
        r#"(import "test:host/counter@0.1.0" "next" (func $next (result i32)))
           (import "test:host/counter@0.1.0" "hang" (func $hang))
           (import "test:host/counter@0.1.0" "fail" (func $fail))
           {MEMORY} (func (export "run") (result i32) {which})"#
    );
    build_with("import test:host/counter@0.1.0; export run: func() -> u32;", HOST, &core)
}

fn with_counter() -> (loomwork_engine::Engine, Arc<AtomicU32>) {
    let runs = Arc::new(AtomicU32::new(0));
    (engine_with(vec![Arc::new(Counter { runs: runs.clone() })]), runs)
}

#[tokio::test]
async fn a_grant_makes_fresh_data_for_each_call() {
    let (engine, _) = with_counter();
    let component = load(&engine, &counting("(drop (call $next)) (call $next)")).await;
    for _ in 0..2 {
        let mut call = context(|context| context.step = 3);
        call.grants = Grants::none().with("test:host/counter", From(40));
        assert_eq!(component.call("#run", "{}", call).await.as_deref(), Ok("3042"));
    }
}

#[tokio::test]
async fn what_was_not_granted_is_named_and_nothing_runs() {
    let (engine, runs) = with_counter();
    let core = r#"(import "test:host/counter@0.1.0" "next" (func $next (result i32)))
        (func $start (drop (call $next))) (start $start) (func (export "run") (result i32) (i32.const 1))"#;
    let bytes = build_with("import test:host/counter@0.1.0; export run: func() -> u32;", HOST, core);
    let component = load(&engine, &bytes).await;
    let fault = component.call("#run", "{}", quick()).await.expect_err("refused");
    assert_eq!(fault.code, "capability.not_granted");
    assert!(fault.message.contains("test:host/counter@0.1.0"), "{fault}");
    assert!(fault.data.is_some_and(|data| data.contains("\"capability\":\"test:host/counter@0.1.0\"")));
    assert_eq!(runs.load(Ordering::Relaxed), 0);
    still_serves(&engine).await;
}

#[tokio::test]
async fn what_the_host_does_not_offer_is_named() {
    let engine = engine();
    let component = load(&engine, &counting("(call $next)")).await;
    let fault = component.call("#run", "{}", granted(Grants::none().with("test:host/counter", ()))).await.expect_err("refused");
    assert_eq!(fault.code, "capability.unknown");
    assert!(fault.message.contains("test:host/counter@0.1.0"), "{fault}");
}

#[tokio::test]
async fn another_version_is_unknown() {
    let (engine, _) = with_counter();
    let core =
        r#"(import "test:host/counter@0.2.0" "next" (func $next (result i32))) (func (export "run") (result i32) (call $next))"#;
    let host = HOST.replace("@0.1.0", "@0.2.0");
    let bytes = build_with("import test:host/counter@0.2.0; export run: func() -> u32;", &host, core);
    let component = load(&engine, &bytes).await;
    let fault =
        component.call("#run", "{}", granted(Grants::none().with("test:host/counter", From(0)))).await.expect_err("refused");
    assert_eq!(fault.code, "capability.unknown");
}

#[tokio::test]
async fn a_function_of_another_type_is_unknown() {
    let (engine, _) = with_counter();
    let core =
        r#"(import "test:host/counter@0.1.0" "next" (func $next (result i64))) (func (export "run") (result i64) (call $next))"#;
    let host = HOST.replace("next: func() -> u32", "next: func() -> u64");
    let bytes = build_with("import test:host/counter@0.1.0; export run: func() -> u64;", &host, core);
    let component = load(&engine, &bytes).await;
    let fault =
        component.call("#run", "{}", granted(Grants::none().with("test:host/counter", From(0)))).await.expect_err("refused");
    assert_eq!(fault.code, "capability.unknown");
}

/// The epoch cannot end a guest that waits for the host; the call's own limit does.
#[tokio::test]
async fn a_host_function_that_hangs_is_bounded() {
    let (engine, _) = with_counter();
    let component = load(&engine, &counting("(call $hang) (i32.const 1)")).await;
    let mut call = granted(Grants::none().with("test:host/counter", From(0)));
    call.limits.time = Duration::from_millis(50);
    assert_eq!(component.call("#run", "{}", call).await.expect_err("too long").code, "limit.time");
    still_serves(&engine).await;
}

#[tokio::test]
async fn a_host_functions_fault_is_the_calls_fault() {
    let (engine, _) = with_counter();
    let component = load(&engine, &counting("(call $fail) (i32.const 1)")).await;
    let fault =
        component.call("#run", "{}", granted(Grants::none().with("test:host/counter", From(0)))).await.expect_err("stuck");
    assert_eq!(fault, Fault::new("counter.stuck", "it is stuck"));
}
