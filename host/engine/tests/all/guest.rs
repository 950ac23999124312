//! Guests made for a test: WIT for the types, WebAssembly text for the code.

use loomwork_catalog::Package;
use loomwork_engine::{Call, Capability, Component, Context, Engine, Grants, Limits, Profile, Settings};
use std::sync::Arc;
use std::time::Duration;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

/// A memory, and an allocator that hands out room upwards and never takes it back.
pub const MEMORY: &str = r#"
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 4096))
    (func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1))) (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (block $fits
            (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
            (br_if $fits (i32.ge_s (memory.grow (i32.add (i32.div_u (local.get 3) (i32.const 65536)) (i32.const 1))) (i32.const 0)))
            unreachable)
        (memory.copy (local.get $at) (local.get 0) (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
        (local.get $at))
"#;

/// The bytes of a component. `wit` is the inside of a world, after `package test:guest@0.1.0;`; other packages may follow in
/// `others`.
pub fn build_with(wit: &str, others: &str, core: &str) -> Vec<u8> {
    build_as(wit, others, core, StringEncoding::UTF8)
}

pub fn build_as(wit: &str, others: &str, core: &str, strings: StringEncoding) -> Vec<u8> {
    let text = format!("package test:guest@0.1.0;\n{others}\nworld guest {{ {wit} }}");
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("guest.wit", &text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let world = resolve.select_world(&[package], Some("guest")).expect("the world is there");
    let mut module = wat::parse_str(format!("(module {core})")).unwrap_or_else(|error| panic!("{error}"));
    embed_component_metadata(&mut module, &resolve, world, strings).expect("metadata can be embedded");
    let encoder = ComponentEncoder::default().validate(true).module(&module).expect("the module fits its world");
    let mut encoder = encoder;
    encoder.encode().unwrap_or_else(|error| panic!("{error:?}"))
}

pub fn build(wit: &str, core: &str) -> Vec<u8> {
    build_with(wit, "", &format!("{MEMORY}{core}"))
}

/// Echoes a text: the guest that shows that the host is still well.
pub fn echo() -> Vec<u8> {
    build(
        "export echo: func(text: string) -> string;",
        r#"(func (export "echo") (param i32 i32) (result i32)
            (i32.store (i32.const 8) (local.get 0))
            (i32.store (i32.const 12) (local.get 1))
            (i32.const 8))"#,
    )
}

pub fn engine() -> Engine {
    engine_with(Vec::new())
}

pub fn engine_with(capabilities: Vec<Arc<dyn Capability>>) -> Engine {
    Engine::new(Settings { capabilities, patience: Duration::from_millis(300), ..Settings::default() })
        .expect("the engine starts")
}

pub async fn load(engine: &Engine, bytes: &[u8]) -> Component {
    let package = Package::read(bytes).unwrap_or_else(|error| panic!("{error}"));
    engine.load(bytes, package, Profile::Node).await.unwrap_or_else(|fault| panic!("{fault}"))
}

/// Bounds that a test need not wait for.
pub fn quick() -> Call {
    Call { limits: Limits { time: Duration::from_millis(300), ..Limits::default() }, ..Call::default() }
}

pub fn granted(grants: Grants) -> Call {
    Call { grants, ..quick() }
}

pub fn context(change: impl FnOnce(&mut Context)) -> Call {
    let mut context = Context::default();
    change(&mut context);
    Call { context: Arc::new(context), ..quick() }
}

/// Asserts that the engine still serves.
pub async fn still_serves(engine: &Engine) {
    let echo = load(engine, &echo()).await;
    assert_eq!(echo.call("#echo", r#"{"text":"well"}"#, Call::default()).await.as_deref(), Ok("\"well\""));
}
