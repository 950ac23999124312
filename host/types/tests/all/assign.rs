//! Which types can stand for which.

use crate::arbitrary::{cases, json, ty};
use expect_test::expect;
use loomwork_types::{Assignable, Names, Type, assignable, decode, parse, parse_named};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases())]

    /// What is said to fit fits: the JSON of the one is JSON of the other.
    #[test]
    fn yes_means_every_value((from, to, json) in (ty(), ty()).prop_flat_map(|(from, other)| {
        let to = prop_oneof![Just(from.clone()), Just(Type::option(from.clone())), Just(Type::Json), Just(other), widened(&from)];
        let json = json(&from);
        (Just(from), to, json)
    })) {
        let finite = !json.contains("NaN") && !json.contains("Infinity");
        match assignable(&from, &to) {
            Assignable::Yes => prop_assert!(decode(&to, &json).is_ok(), "{} to {}: {}: {:?}", from, to, json, decode(&to, &json)),
            Assignable::AtRunTime(_) => {}
            Assignable::No(reason) => prop_assert!(decode(&to, &json).is_err() || !finite || small(&json), "{from} to {to}: {json}: {reason}"),
        }
    }

    #[test]
    fn every_type_is_itself_and_json(ty in ty()) {
        prop_assert_eq!(assignable(&ty, &ty), Assignable::Yes);
        prop_assert_eq!(assignable(&ty, &Type::Json), Assignable::Yes);
        prop_assert_ne!(assignable(&Type::Json, &ty), Assignable::No(String::new()));
    }
}

/// Empty lists, null and plain names fit by accident.
fn small(json: &str) -> bool {
    json.contains("[]") || json.contains("null") || json.contains('"')
}

fn widened(ty: &Type) -> BoxedStrategy<Type> {
    let wide = match ty {
        Type::U8 | Type::U16 | Type::U32 => Type::U64,
        Type::S8 | Type::S16 | Type::S32 => Type::S64,
        Type::F32 => Type::F64,
        Type::Char | Type::Datetime | Type::Duration | Type::Enum(_) => Type::String,
        Type::List(of) if !ty.is_bytes() => Type::list(Type::option((**of).clone())),
        ty => ty.clone(),
    };
    Just(wide).boxed()
}

#[test]
fn reasons_say_where() {
    let (names, none) = parse_named([
        ("line", "record { sku: string, quantity: u8 }"),
        ("wide", "record { sku: string, quantity: u32, note: option<string> }"),
    ]);
    assert!(none.is_empty());
    let read = |text: &str| parse(text, &names).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"));
    let pairs = [
        ("u8", "u32"),
        ("u32", "u8"),
        ("u32", "s32"),
        ("f64", "u8"),
        ("u64", "f64"),
        ("line", "wide"),
        ("wide", "line"),
        ("list<line>", "list<wide>"),
        ("list<wide>", "list<line>"),
        ("string", "u8"),
        ("u8", "string"),
        ("option<u8>", "u8"),
        ("u8", "option<u8>"),
        ("json", "line"),
        ("line", "json"),
        ("list<u8>", "string"),
        ("list<u8>", "list<u16>"),
        ("list<u16>", "list<u8>"),
        ("enum { a, b }", "enum { a, b, c }"),
        ("enum { a, z }", "enum { a, b }"),
        ("variant { a(u8), b }", "variant { a(u16), b, c }"),
        ("variant { a(string) }", "variant { a(u16) }"),
        ("tuple<u8, u8>", "list<u8>"),
        ("tuple<u8, string>", "tuple<u8, u8>"),
        ("result<u8, string>", "result<u16, string>"),
        ("result<u8>", "result<_, u8>"),
        ("datetime", "string"),
        ("string", "datetime"),
        ("record { }", "line"),
        ("option<u8>", "option<option<u8>>"),
        ("bool", "u8"),
    ];
    let line = |(from, to): &(&str, &str)| format!("{from} → {to}: {:?}\n", assignable(&read(from), &read(to)));
    expect![[r#"
        u8 → u32: Yes
        u32 → u8: AtRunTime("the number has to fit a whole number (u8)")
        u32 → s32: AtRunTime("the number has to fit a whole number (s32)")
        f64 → u8: AtRunTime("the number has to be whole")
        u64 → f64: Yes
        line → wide: Yes
        wide → line: No("field `note` is not expected")
        list<line> → list<wide>: Yes
        list<wide> → list<line>: No("element: field `note` is not expected")
        string → u8: No("expected a whole number (u8), found text")
        u8 → string: No("expected text, found a whole number (u8)")
        option<u8> → u8: AtRunTime("it may be null")
        u8 → option<u8>: Yes
        json → line: AtRunTime("it has to be `line`")
        line → json: Yes
        list<u8> → string: No("expected text, found bytes; write `string(…)` or `base64.encode(…)` around it")
        list<u8> → list<u16>: No("expected a list, found base64 text")
        list<u16> → list<u8>: AtRunTime("element: the number has to fit a whole number (u8)")
        enum { a, b } → enum { a, b, c }: Yes
        enum { a, z } → enum { a, b }: AtRunTime("`z` is not among its names")
        variant { a(u8), b } → variant { a(u16), b, c }: Yes
        variant { a(string) } → variant { a(u16) }: No("case `a`: expected a whole number (u16), found text")
        tuple<u8, u8> → list<u8>: Yes
        tuple<u8, string> → tuple<u8, u8>: No("element 1: expected a whole number (u8), found text")
        result<u8, string> → result<u16, string>: Yes
        result<u8> → result<_, u8>: No("ok: it has a payload, and none is expected")
        datetime → string: Yes
        string → datetime: AtRunTime("it has to be a date and time such as `2026-05-01T12:00:00Z`")
        record { } → line: No("field `sku` is missing")
        option<u8> → option<option<u8>>: No("expected `option<option<u8>>`, found `option<u8>`")
        bool → u8: No("expected a whole number (u8), found true or false")
    "#]]
    .assert_eq(&pairs.iter().map(line).collect::<String>());
    assert!(parse("line", &Names::default()).is_err());
}
