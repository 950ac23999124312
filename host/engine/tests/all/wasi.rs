//! The baseline: there, and inert.

use crate::guest::*;
use loomwork_catalog::Effect;
use loomwork_engine::{Component, Context, Level, Log};
use std::sync::{Arc, Mutex};

const WASI: &str = r#"
package wasi:io@0.2.0 {
    interface error { resource error; }
    interface streams {
        use error.{error};
        variant stream-error { last-operation-failed(error), closed }
        resource output-stream { blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>; }
    }
}
package wasi:cli@0.2.0 {
    interface exit { exit: func(status: result); }
    interface environment { get-environment: func() -> list<tuple<string, string>>; get-arguments: func() -> list<string>; }
    interface stdout { use wasi:io/streams@0.2.0.{output-stream}; get-stdout: func() -> output-stream; }
}
package wasi:clocks@0.2.0 {
    interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } now: func() -> datetime; }
    interface monotonic-clock { now: func() -> u64; }
}
package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u64; } }
package wasi:filesystem@0.2.0 {
    interface types { resource descriptor; }
    interface preopens { use types.{descriptor}; get-directories: func() -> list<tuple<descriptor, string>>; }
}
"#;

#[derive(Default)]
struct Lines(Mutex<Vec<(Level, String)>>);

impl Log for Lines {
    fn line(&self, _context: &Context, level: Level, message: &str, _fields: &str) {
        self.0.lock().expect("no panics").push((level, message.to_owned()));
    }
}

async fn guest(wit: &str, core: &str) -> (loomwork_engine::Engine, Component) {
    let engine = engine();
    let component = load(&engine, &build_with(wit, WASI, core)).await;
    (engine, component)
}

#[tokio::test]
async fn exit_is_a_fault() {
    for status in 0..2 {
        let core = format!(
            r#"(import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32))) {MEMORY} (func (export "run") (call $exit (i32.const {status})))"#
        );
        let (engine, component) = guest("import wasi:cli/exit@0.2.0; export run: func();", &core).await;
        let fault = component.call("#run", "{}", quick()).await.expect_err("it exits");
        assert_eq!((&*fault.code, fault.data), ("component.exited", Some(format!("{{\"status\":{status}}}"))));
        still_serves(&engine).await;
    }
}

fn writer(times: &str) -> String {
    format!(
        r#"(import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
        (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush" (func $write (param i32 i32 i32 i32)))
        {MEMORY} (data (i32.const 64) "line of text\n")
        (func (export "run") (local $out i32) (local.set $out (call $stdout))
            (loop $again (call $write (local.get $out) (i32.const 64) (i32.const 13) (i32.const 8)) {times}))"#
    )
}

const STDOUT: &str = "import wasi:cli/stdout@0.2.0; import wasi:io/streams@0.2.0; export run: func();";

#[tokio::test]
async fn output_becomes_log_lines() {
    let (_, component) = guest(STDOUT, &writer("")).await;
    let lines = Arc::new(Lines::default());
    let log = lines.clone();
    component.call("#run", "{}", context(|context| context.log = Some(log))).await.expect("it writes");
    assert_eq!(*lines.0.lock().expect("no panics"), [(Level::Info, String::from("line of text"))]);
}

/// A guest that writes for ever is bounded in time, and what it writes in size.
#[tokio::test]
async fn a_flood_of_output_is_bounded() {
    let (engine, component) = guest(STDOUT, &writer("(br $again)")).await;
    let lines = Arc::new(Lines::default());
    let log = lines.clone();
    let fault = component.call("#run", "{}", context(|context| context.log = Some(log))).await.expect_err("it never ends");
    assert_eq!(fault.code, "limit.time");
    let lines = std::mem::take(&mut *lines.0.lock().expect("no panics"));
    assert!(lines.len() > 1000 && lines.len() < 6000, "{} lines", lines.len());
    assert_eq!(lines.last().map(|(level, _)| *level), Some(Level::Warn));
    still_serves(&engine).await;
}

#[tokio::test]
async fn there_is_no_environment_and_no_directory() {
    let core = format!(
        r#"(import "wasi:cli/environment@0.2.0" "get-environment" (func $env (param i32)))
        (import "wasi:cli/environment@0.2.0" "get-arguments" (func $args (param i32)))
        (import "wasi:filesystem/preopens@0.2.0" "get-directories" (func $dirs (param i32)))
        {MEMORY} (func (export "run") (result i32)
            (call $env (i32.const 8)) (call $args (i32.const 16)) (call $dirs (i32.const 24))
            (i32.add (i32.load (i32.const 12)) (i32.add (i32.load (i32.const 20)) (i32.load (i32.const 28)))))"#
    );
    let wit = "import wasi:cli/environment@0.2.0; import wasi:filesystem/preopens@0.2.0; export run: func() -> u32;";
    let (_, component) = guest(wit, &core).await;
    assert_eq!(component.call("#run", "{}", quick()).await.as_deref(), Ok("0"));
}

/// A pure function sees the same clock and the same randomness in every replay.
#[tokio::test]
async fn pure_functions_are_deterministic() {
    let core = format!(
        r#"(import "wasi:clocks/wall-clock@0.2.0" "now" (func $now (param i32)))
        (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $tick (result i64)))
        (import "wasi:random/random@0.2.0" "get-random-u64" (func $random (result i64)))
        {MEMORY} (func (export "run") (result i32)
            (call $now (i32.const 64)) (i64.store (i32.const 80) (call $tick)) (i64.store (i32.const 88) (call $random))
            (i32.store (i32.const 8) (i32.const 64)) (i32.store (i32.const 12) (i32.const 4)) (i32.const 8))"#
    );
    let wit = "import wasi:clocks/wall-clock@0.2.0; import wasi:clocks/monotonic-clock@0.2.0; import wasi:random/random@0.2.0; export run: func() -> list<u64>;";
    let (_, component) = guest(wit, &core).await;
    assert_eq!(component.package().functions[0].effect, Effect::Pure);
    let call = async |seed: u64| {
        let call = context(|context| {
            context.at_ms = 1_700_000_000_000;
            context.seed = seed;
        });
        component.call("#run", "{}", call).await.expect("it runs")
    };
    let first = call(7).await;
    assert!(first.starts_with("[1700000000,"), "{first}");
    assert_eq!(first, call(7).await);
    assert_ne!(first, call(8).await);
}

/// An instance that is used again draws as the call says, whatever was called in it before.
#[tokio::test]
async fn randomness_is_the_calls_and_not_the_instances() {
    let core = format!(
        r#"(import "wasi:random/random@0.2.0" "get-random-u64" (func $random (result i64))) {MEMORY}
        (func (export "pure") (result i64) (call $random)) (func (export "read") (result i64) (call $random))"#
    );
    let wit = "import wasi:random/random@0.2.0; export pure: func() -> u64; export read: func() -> u64;";
    let bytes = build_with(wit, WASI, &core);
    let mut package = loomwork_catalog::Package::read(&bytes).expect("a component");
    package.reuse = 100;
    let read = package.functions.iter_mut().find(|function| &*function.path == "#read").expect("it is exported");
    read.effect = Effect::Read;
    let component = engine().load(&bytes, package, Default::default()).await.expect("it loads");
    let draw = async |function: &str| component.call(function, "{}", context(|context| context.seed = 7)).await.expect("it runs");
    let (first, real, again, other) = (draw("#pure").await, draw("#read").await, draw("#pure").await, draw("#read").await);
    assert_eq!(first, again);
    assert_ne!(real, first);
    assert_ne!(real, other);
}
