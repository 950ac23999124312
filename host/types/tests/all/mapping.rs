//! JSON to values and back.

use crate::arbitrary::{cases, dynamic, typed};
use loomwork_types::{Limits, Names, Type, canonical, decode, decode_dynamic, encode, encode_dynamic, parse, scan};
use loomwork_value::{Duration, Key, Map, Timestamp, Value};
use proptest::prelude::*;
use std::sync::Arc;

fn ty(text: &str) -> Type {
    parse(text, &Names::default()).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"))
}

/// The canonical form, or the mistake as `code at path: message`.
fn check(text: &str, json: &str) -> String {
    canonical(&ty(text), json).unwrap_or_else(|wrong| format!("{} at {}: {}", wrong.code, wrong.path, wrong.message))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn canonical_json_comes_back_the_same((ty, json) in typed()) {
        let value = decode(&ty, &json).unwrap_or_else(|wrong| panic!("{ty}: {json}: {wrong:?}"));
        let mut out = String::new();
        encode(&value, &ty, &mut out).unwrap_or_else(|wrong| panic!("{ty}: {json}: {wrong:?}"));
        prop_assert_eq!(&out, &json, "{}", ty);
        scan(json.as_bytes(), &Limits::default()).expect("canonical JSON passes the edge");
    }

    #[test]
    fn any_value_is_also_json((ty, json) in typed()) {
        let value = decode(&ty, &json).expect("canonical");
        let mut dynamic = String::new();
        // Only NaN and the infinities are refused.
        match encode_dynamic(&value, &mut dynamic) {
            Ok(()) => drop(decode_dynamic(&dynamic).expect("what is written can be read")),
            Err(wrong) => prop_assert_eq!(wrong.code, "type.range"),
        }
    }

    #[test]
    fn dynamic_json_comes_back_the_same(json in dynamic()) {
        let value = decode_dynamic(&json).expect("it is JSON");
        let mut out = String::new();
        encode_dynamic(&value, &mut out).expect("it came from JSON");
        prop_assert_eq!(out, json);
    }

    #[test]
    fn no_text_makes_it_panic((ty, json) in typed(), noise in any::<String>(), at in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let at = at.index(json.len() + 1);
        let at = (0..=at).rev().find(|&at| json.is_char_boundary(at)).unwrap_or(0);
        let end = at + cut.index(json.len() - at + 1);
        let end = (end..=json.len()).find(|&end| json.is_char_boundary(end)).unwrap_or(json.len());
        let broken = [&json[..at], &noise, &json[end..]].concat();
        for text in [&broken, &noise] {
            let scanned = scan(text.as_bytes(), &Limits::default()).is_ok();
            let dynamic = decode_dynamic(text);
            // The edge refuses all that cannot be read, and numbers too large for a double are found later.
            let agree = scanned == dynamic.is_ok() || dynamic.is_err_and(|wrong| wrong.code == "type.range");
            prop_assert!(agree, "{}", text);
            if let Ok(value) = decode(&ty, text) {
                encode(&value, &ty, &mut String::new()).expect("what was read can be written");
            }
        }
    }
}

#[test]
fn each_type_has_its_json() {
    let same = [
        ("bool", "true"),
        ("s8", "-128"),
        ("u8", "255"),
        ("s64", "-9223372036854775808"),
        ("u64", "18446744073709551615"),
        ("f64", "\"NaN\""),
        ("f64", "\"-Infinity\""),
        ("f64", "0.1"),
        ("f32", "0.1"),
        ("f64", "-0.0"),
        ("char", "\"é\""),
        ("string", "\"\""),
        ("json", r#"{"a":[1,2.5,null]}"#),
        ("datetime", "\"2026-05-01T12:00:00Z\""),
        ("duration", "\"1h30m\""),
        ("list<u8>", "\"aGk=\""),
        ("list<u16>", "[1,2]"),
        ("option<u8>", "null"),
        ("option<u8>", "7"),
        ("option<option<u8>>", "null"),
        ("option<option<u8>>", r#"{"some":null}"#),
        ("option<option<u8>>", r#"{"some":7}"#),
        ("option<json>", "null"),
        ("option<json>", r#"{"some":null}"#),
        ("option<json>", r#"{"a":1}"#),
        ("option<json>", r#"{"some":{"some":1}}"#),
        ("result<u8, string>", r#"{"ok":1}"#),
        ("result<u8, string>", r#"{"err":"no"}"#),
        ("result", "\"ok\""),
        ("result<_, u8>", "\"ok\""),
        ("tuple<u8, string>", r#"[1,"a"]"#),
        ("record { unit-price: f64, note: option<string> }", r#"{"unit_price":1.5,"note":null}"#),
        ("variant { none, by-name(string) }", "\"none\""),
        ("variant { none, by-name(string) }", r#"{"by_name":"x"}"#),
        ("enum { not-yet, done }", "\"not_yet\""),
        ("flags { read, write }", r#"["read","write"]"#),
        ("record {}", "{}"),
        (r#"record { @json("unitPrice") unit-price: f64 }"#, r#"{"unitPrice":1.5}"#),
    ];
    for (text, json) in same {
        assert_eq!(check(text, json), json, "{text}");
    }
}

#[test]
fn other_ways_to_say_it_become_canonical() {
    let cases = [
        ("f64", "5", "5.0"),
        ("f64", "1e3", "1000.0"),
        ("u8", "2.0", "2"),
        ("s32", "1e3", "1000"),
        ("s8", "-0", "0"),
        ("json", r#" { "b" : 1 , "a" : 1e2 } "#, r#"{"a":100.0,"b":1}"#),
        ("json", "18446744073709551615", "1.8446744073709552e19"),
        ("string", r#""\u0041\ud83d\ude00\/""#, "\"A😀/\""),
        ("datetime", "\"2026-05-01T14:00:00+02:00\"", "\"2026-05-01T12:00:00Z\""),
        ("duration", "\"90m\"", "\"1h30m\""),
        ("list<u8>", "[104, 105]", "\"aGk=\""),
        ("list<u8>", "\"aGk\"", "\"aGk=\""),
        ("record { a: option<u8>, b: u8 }", r#"{"b":1}"#, r#"{"a":null,"b":1}"#),
        ("flags { a, b }", r#"["b","a","b"]"#, r#"["a","b"]"#),
        ("variant { none }", r#"{"none":null}"#, "\"none\""),
        ("option<json>", r#"{"some":5}"#, "5"),
    ];
    for (text, json, expected) in cases {
        assert_eq!(check(text, json), expected, "{text}: {json}");
    }
}

fn written(value: Value, text: &str) -> String {
    let mut out = String::new();
    match encode(&value, &ty(text), &mut out) {
        Ok(()) => out,
        Err(wrong) => format!("{} at {}: {}", wrong.code, wrong.path, wrong.message),
    }
}

fn map(entries: Vec<(Key, Value)>) -> Value {
    Value::Map(Arc::new(Map { entries }))
}

#[test]
fn values_of_expressions_are_written_as_their_type() {
    let some = |value| Value::Optional(Some(Arc::new(value)));
    let cases = [
        (Value::Double(3.0), "u8", "3"),
        (Value::Uint(3), "s8", "3"),
        (Value::Int(3), "f64", "3.0"),
        (Value::Timestamp(Timestamp { nanos: 0 }), "json", "\"1970-01-01T00:00:00Z\""),
        (Value::Timestamp(Timestamp { nanos: 0 }), "string", "\"1970-01-01T00:00:00Z\""),
        (Value::Duration(Duration { nanos: 1_500_000_000 }), "json", "\"1s500ms\""),
        (Value::String("90s".into()), "duration", "\"1m30s\""),
        (Value::Bytes(Arc::from(*b"hi")), "json", "\"aGk=\""),
        (Value::String("aGk=".into()), "list<u8>", "\"aGk=\""),
        (Value::List(Arc::from([Value::Int(104), Value::Uint(105)])), "list<u8>", "\"aGk=\""),
        (Value::Optional(None), "option<u8>", "null"),
        (some(Value::Int(1)), "option<u8>", "1"),
        (some(Value::Int(1)), "u8", "1"),
        (some(Value::Null), "option<json>", r#"{"some":null}"#),
        (some(some(Value::Int(1))), "option<option<u8>>", r#"{"some":1}"#),
        (some(Value::Optional(None)), "option<option<u8>>", r#"{"some":null}"#),
        (some(Value::Int(1)), "json", "1"),
        (Value::Optional(None), "json", "null"),
        (Value::Uint(u64::MAX), "json", "18446744073709551615"),
        (map(vec![(Key::Int(1), Value::Null), (Key::Bool(true), Value::Null)]), "json", r#"{"1":null,"true":null}"#),
        // Mistakes.
        (Value::Double(3.5), "u8", "type.mismatch at $: expected a whole number (u8), found a number with a fraction"),
        (Value::Int(-1), "u64", "type.range at $: the number does not fit a whole number (u64)"),
        (Value::Double(1e300), "f32", "type.range at $: the number does not fit a number (f32)"),
        (Value::Double(f64::NAN), "json", "type.range at $: NaN and the infinities have no JSON"),
        (Value::Int(1), "string", "type.mismatch at $: expected text, found a number"),
        (Value::Optional(None), "u8", "type.mismatch at $: expected a whole number (u8), found an empty optional"),
        (Value::String("ab".into()), "char", "type.mismatch at $: expected text of one character"),
        (Value::String("".into()), "char", "type.mismatch at $: expected text of one character"),
        (
            Value::String("no".into()),
            "datetime",
            "type.mismatch at $: expected a date and time such as `2026-05-01T12:00:00Z`, found text",
        ),
        (Value::Type("int".into()), "json", "type.mismatch at $: a type has no JSON"),
        (
            map(vec![(Key::Int(1), Value::Null), (Key::String("1".into()), Value::Null)]),
            "json",
            "json.duplicate_key at $: key `1` appears twice",
        ),
        (
            map(vec![(Key::String("b".into()), Value::Int(1))]),
            "record { a: u8 }",
            "type.missing_field at $: field `a` is missing",
        ),
        (
            map(vec![(Key::String("a".into()), Value::Int(1)), (Key::String("b".into()), Value::Int(1))]),
            "record { a: u8 }",
            "type.unknown_field at $: there is no field `b`",
        ),
        (
            map(vec![(Key::String("a".into()), Value::List(Arc::from([Value::Null])))]),
            "record { a: list<u16> }",
            "type.mismatch at $.a[0]: expected a whole number (u16), found null",
        ),
    ];
    for (value, text, expected) in cases {
        assert_eq!(written(value.clone(), text), expected, "{text}: {value:?}");
    }
}

#[test]
fn values_nested_without_end_are_refused() {
    let mut value = Value::Null;
    for _ in 0..5_000 {
        value = Value::Optional(Some(Arc::new(value)));
    }
    assert_eq!(written(value, "json"), "json.depth at $: lists and objects are nested too deeply");
    let mut value = Value::Null;
    for _ in 0..200 {
        value = Value::List(Arc::from([value]));
    }
    assert!(written(value, "json").starts_with("json.depth at $[0][0]"));
}
