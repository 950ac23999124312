//! Calls that go well, and mistakes of callers.

use crate::guest::*;
use loomwork_catalog::Package;
use loomwork_engine::{Call, Limits};

#[tokio::test]
async fn text_goes_in_and_comes_back() {
    let component = load(&engine(), &echo()).await;
    for text in ["\"\"", "\"plain\"", "\"with \\\"quotes\\\" and \\n\"", "\"déjà vu 🌍\""] {
        let answer = component.call("#echo", &format!("{{\"text\":{text}}}"), Call::default()).await;
        assert_eq!(answer.as_deref(), Ok(text));
    }
}

#[tokio::test]
async fn other_encodings_of_text_work_too() {
    let core = format!(
        r#"{MEMORY} (func (export "echo") (param i32 i32) (result i32)
            (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8))"#
    );
    let engine = engine();
    for encoding in [wit_component::StringEncoding::UTF16, wit_component::StringEncoding::CompactUTF16] {
        let component = load(&engine, &build_as("export echo: func(text: string) -> string;", "", &core, encoding)).await;
        for text in ["\"plain\"", "\"déjà vu\"", "\"🌍\"", "\"\""] {
            let answer = component.call("#echo", &format!("{{\"text\":{text}}}"), Call::default()).await;
            assert_eq!(answer.as_deref(), Ok(text), "{encoding:?}");
        }
    }
}

#[tokio::test]
async fn several_parameters_are_taken_by_name() {
    let bytes = build(
        "export sub: func(left: s32, right-hand: s32) -> s32;",
        r#"(func (export "sub") (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))"#,
    );
    let component = load(&engine(), &bytes).await;
    assert_eq!(component.call("#sub", r#"{"right_hand": 40, "left": -2}"#, Call::default()).await.as_deref(), Ok("-42"));
}

#[tokio::test]
async fn no_parameters_and_no_result() {
    let component = load(&engine(), &build("export ping: func();", r#"(func (export "ping"))"#)).await;
    for input in ["", "null", "{}"] {
        assert_eq!(component.call("#ping", input, Call::default()).await.as_deref(), Ok("null"));
    }
}

#[tokio::test]
async fn mistakes_of_the_caller_have_codes() {
    let component = load(&engine(), &echo()).await;
    let code = async |path: &str, input: &str| component.call(path, input, Call::default()).await.expect_err("a mistake").code;
    assert_eq!(code("#nothing", "{}").await, "component.no_function");
    assert_eq!(code("#echo", "{}").await, "type.missing_field");
    assert_eq!(code("#echo", r#"{"text":1}"#).await, "type.mismatch");
    assert_eq!(code("#echo", r#"{"text":"a","more":1}"#).await, "type.unknown_field");
    assert_eq!(code("#echo", "{").await, "json.syntax");
}

/// `err` becomes a fault named after the case, with its text as message and its JSON as data.
#[tokio::test]
async fn an_err_is_a_fault() {
    let wit = "variant problem { not-found(string), quiet, coded(u32) } export find: func(case: u32) -> result<string, problem>;";
    let bytes = build_with(
        "export finder;",
        &format!("interface finder {{ {} }}", wit.replace("export find:", "find:")),
        &format!(
            r#"{MEMORY}
            (data (i32.const 64) "no such page")
            (func (export "test:guest/finder@0.1.0#find") (param $case i32) (result i32)
                (i32.store8 (i32.const 8) (i32.lt_u (local.get $case) (i32.const 3)))
                (i32.store8 (i32.const 12) (local.get $case))
                (i32.store (i32.const 16) (i32.const 64))
                (i32.store (i32.const 20) (i32.const 12))
                (if (i32.eq (local.get $case) (i32.const 2)) (then (i32.store (i32.const 16) (i32.const 7))))
                (if (i32.eq (local.get $case) (i32.const 3)) (then
                    (i32.store (i32.const 12) (i32.const 64)) (i32.store (i32.const 16) (i32.const 12))))
                (i32.const 8))"#
        ),
    );
    let component = load(&engine(), &bytes).await;
    let call = async |case: u32| component.call("finder#find", &format!("{{\"case\":{case}}}"), Call::default()).await;
    let found = call(0).await.expect_err("not found");
    assert_eq!(
        (&*found.code, &*found.message, found.data.as_deref()),
        ("guest.not_found", "no such page", Some("\"no such page\""))
    );
    let quiet = call(1).await.expect_err("quiet");
    assert_eq!((&*quiet.code, quiet.data), ("guest.quiet", None));
    let coded = call(2).await.expect_err("coded");
    assert_eq!((&*coded.code, coded.data.as_deref()), ("guest.coded", Some("7")));
    assert_eq!(call(3).await.as_deref(), Ok("\"no such page\""));
}

/// Twenty parameters are more than fit into core arguments: they go through memory.
#[tokio::test]
async fn many_parameters_go_through_memory() {
    let params: Vec<String> = (0..20).map(|n| format!("p{n}: u32")).collect();
    let wit = format!("export pick: func({}) -> u32;", params.join(", "));
    let bytes = build(&wit, r#"(func (export "pick") (param i32) (result i32) (i32.load offset=76 (local.get 0)))"#);
    let input: Vec<String> = (0..20).map(|n| format!("\"p{n}\":{}", n * 10)).collect();
    let component = load(&engine(), &bytes).await;
    assert_eq!(component.call("#pick", &format!("{{{}}}", input.join(",")), Call::default()).await.as_deref(), Ok("190"));
}

/// Bytes are copied whole, at the top and nested: a megabyte takes no longer than text does.
#[tokio::test]
async fn bytes_are_quick_at_any_depth() {
    let wit = "record file { name: string, body: list<u8> } wrap: func(body: list<u8>) -> result<option<file>, string>;";
    let bytes = build_with(
        "export files;",
        &format!("interface files {{ {wit} }}"),
        &format!(
            r#"{MEMORY}
            (data (i32.const 64) "a.bin")
            (func (export "test:guest/files@0.1.0#wrap") (param i32 i32) (result i32)
                (i32.store8 (i32.const 8) (i32.const 0)) (i32.store8 (i32.const 12) (i32.const 1))
                (i32.store (i32.const 16) (i32.const 64)) (i32.store (i32.const 20) (i32.const 5))
                (i32.store (i32.const 24) (local.get 0)) (i32.store (i32.const 28) (local.get 1))
                (i32.const 8))"#
        ),
    );
    let component = load(&engine(), &bytes).await;
    let body = "QUJD".repeat(350_000);
    let input = format!("{{\"body\":\"{body}\"}}");
    let answer = component.call("files#wrap", &input, Call::default()).await.expect("it works");
    assert_eq!(answer, format!("{{\"name\":\"a.bin\",\"body\":\"{body}\"}}"));
}

#[tokio::test]
async fn what_is_not_a_component_is_refused() {
    let engine = engine();
    let echo_bytes = echo();
    let package = || Package::read(&echo_bytes).expect("a component");
    let mut cut = echo_bytes.clone();
    cut.truncate(cut.len() / 2);
    let mut garbled = echo_bytes.clone();
    let middle = garbled.len() / 3;
    garbled[middle..middle + 40].fill(0xff);
    let module = wat::parse_str("(module)").expect("a module");
    let huge = vec![0; (64 << 20) + 1];
    for (bytes, code) in [
        (&b"hello"[..], "component.invalid"),
        (&b""[..], "component.invalid"),
        (&cut, "component.invalid"),
        (&garbled, "component.invalid"),
        (&module, "component.is_a_module"),
        (&huge, "component.too_large"),
    ] {
        let refused = engine.load(bytes, package(), Default::default()).await.expect_err("refused");
        assert_eq!(refused.code, code, "{refused}");
    }
    let other = build("export other: func();", r#"(func (export "other"))"#);
    let refused = engine.load(&other, package(), Default::default()).await.expect_err("another package");
    assert_eq!(refused.code, "component.mismatch");
    still_serves(&engine).await;
}

/// A package that lies about its types harms nobody.
#[tokio::test]
async fn a_package_of_other_types_is_a_mismatch() {
    let engine = engine();
    let honest =
        build("export echo: func(text: u32) -> u32;", r#"(func (export "echo") (param i32) (result i32) (local.get 0))"#);
    let lie = Package::read(&echo()).expect("a component");
    let component = engine.load(&honest, lie, Default::default()).await.expect("loads");
    let fault = component.call("#echo", r#"{"text":"a"}"#, Call::default()).await.expect_err("a mismatch");
    assert_eq!(fault.code, "component.bad_result");
    still_serves(&engine).await;
}

#[tokio::test]
async fn output_is_bounded_exactly() {
    let component = load(&engine(), &echo()).await;
    let input = format!("{{\"text\":\"{}\"}}", "x".repeat(98));
    let bounded = |output| Call { limits: Limits { output, ..Limits::default() }, ..Call::default() };
    assert!(component.call("#echo", &input, bounded(100)).await.is_ok());
    assert_eq!(component.call("#echo", &input, bounded(99)).await.expect_err("too large").code, "limit.output");
}
