//! Types as text.

use crate::arbitrary::{cases, ty};
use expect_test::expect;
use loomwork_types::{Names, parse, parse_named, short};
use proptest::prelude::*;
use std::fmt::Write;

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn printed_types_read_back_the_same(ty in ty()) {
        for text in [format!("{ty}"), format!("{ty:#}")] {
            let read = parse(&text, &Names::default());
            prop_assert_eq!(read.as_ref(), Ok(&ty), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_it_panic(noise in any::<String>(), ty in ty(), at in any::<prop::sample::Index>()) {
        let text = ty.to_string();
        let at = at.index(text.len());
        let at = (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let broken = [&text[..at], &noise].concat();
        drop(parse(&noise, &Names::default()));
        if let Err(mistakes) = parse(&broken, &Names::default()) {
            prop_assert!(mistakes.iter().all(|mistake| mistake.span.end as usize <= broken.len()));
        }
        drop(parse_named([("a", broken.as_str()), ("b", noise.as_str())]));
    }
}

/// The text with a line under it that points at the mistake.
fn mistake(text: &str) -> String {
    let (names, none) = parse_named([("line", "record { sku: string }")]);
    assert!(none.is_empty());
    let wrong = parse(text, &names).expect_err(text).remove(0);
    let (start, end) = (wrong.span.start as usize, wrong.span.end as usize);
    let mut out = format!("{text}\n{}{} {}: {}", " ".repeat(start), "^".repeat((end - start).max(1)), wrong.code, wrong.message);
    if let Some(hint) = wrong.hint {
        write!(out, " ({hint})").expect("a String");
    }
    out + "\n"
}

#[test]
fn every_mistake_points_and_helps() {
    let texts = [
        "",
        "lst<u8>",
        "int",
        "lines",
        "list",
        "list<>",
        "list<u8",
        "list<u8, u8>",
        "result<u8, u8, u8>",
        "record { a u8 }",
        "record { a: u8, a: u8 }",
        "record { a-b: u8, a_b: u8 }",
        "record { unitPrice: f64 }",
        "record { 1a: u8 }",
        "record order { a: u8 }",
        "enum {}",
        "variant { a(u8 }",
        "record { @name(\"x\") a: u8 }",
        "record { @json(x) a: u8 }",
        "record { @json(\"b\") a: u8, b: u8 }",
        "u8 u8",
        "record { a: u8; b: u8 }",
        "tuple<u8>>",
        "record { a: \"x }",
        "u8 /* and so on",
        "é",
    ];
    let lines: String = texts.iter().map(|text| mistake(text)).collect();
    expect![[r#"

        ^ type.syntax: expected a type
        lst<u8>
        ^^^ type.unknown_type: there is no type `lst` (Did you mean `list`?)
        int
        ^^^ type.unknown_type: there is no type `int` (Write `s64`, or `u32` and the like for smaller numbers.)
        lines
        ^^^^^ type.unknown_type: there is no type `lines` (Did you mean `line`?)
        list
            ^ type.syntax: expected `<`
        list<>
             ^ type.syntax: expected a type
        list<u8
               ^ type.syntax: expected `,` or `>`
        list<u8, u8>
        ^^^^ type.syntax: it takes 1 type
        result<u8, u8, u8>
                       ^^ type.syntax: a result takes two types at most
        record { a u8 }
                   ^^ type.syntax: expected `:` and the field's type
        record { a: u8, a: u8 }
                        ^ type.duplicate_name: `a` appears twice
        record { a-b: u8, a_b: u8 }
                          ^^^ type.duplicate_name: `a_b` appears twice
        record { unitPrice: f64 }
                 ^^^^^^^^^ type.bad_name: `unitPrice` is not a WIT name (Write `@json("unitPrice") unit-price`.)
        record { 1a: u8 }
                 ^^ type.bad_name: `1a` is not a WIT name (Write words of lower-case letters and digits joined by `-`, each beginning with a letter.)
        record order { a: u8 }
               ^^^^^ type.syntax: expected `{` (Give a type its name in the flow's `types`, not here.)
        enum {}
        ^^^^ type.empty: an enum needs at least one name
        variant { a(u8 }
                       ^ type.syntax: expected `)`
        record { @name("x") a: u8 }
                 ^ type.syntax: the only annotation is `@json("name")`
        record { @json(x) a: u8 }
                       ^ type.syntax: expected the JSON name in double quotes
        record { @json("b") a: u8, b: u8 }
                                   ^ type.duplicate_name: `b` appears twice
        u8 u8
           ^^ type.syntax: something follows the type
        record { a: u8; b: u8 }
                      ^ type.syntax: `;` has no meaning in a type
        tuple<u8>>
                 ^ type.syntax: something follows the type
        record { a: "x }
                    ^^^^ type.syntax: text without a closing quote
        u8 /* and so on
           ^^^^^^^^^^^^ type.syntax: comment without an end
        é
        ^^ type.syntax: `é` has no meaning in a type
    "#]].assert_eq(&lines);
}

#[test]
fn types_that_would_be_too_large_are_refused() {
    let code = |text: &str| parse(text, &Names::default()).expect_err("too large").remove(0).code;
    assert_eq!(code(&["list<".repeat(200), "u8".into(), ">".repeat(200)].concat()), "type.too_deep");
    assert_eq!(code(&"list<".repeat(10_000)), "type.too_deep");
    assert_eq!(code(&" ".repeat(70_000)), "type.too_large");
    let many: String = (0..8_000).map(|field| format!("a{field}:u8,")).collect();
    assert_eq!(code(&format!("record{{{many}}}")), "type.too_large");
    // Each type holds the one before it twice.
    let names: Vec<String> = (b'a'..=b'z').map(|letter| (letter as char).to_string()).collect();
    let texts: Vec<String> =
        std::iter::once("u8".to_string()).chain(names.iter().map(|name| format!("tuple<{name}, {name}>"))).collect();
    let (_, mistakes) = parse_named(names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())));
    assert_eq!(mistakes[0].1.code, "type.too_large");
}

#[test]
fn named_types_use_each_other_in_any_order() {
    let (names, mistakes) = parse_named([
        ("order", "record { lines: list<order-line>, status: status }"),
        ("order_line", "record { sku: string, status: status }"),
        ("status", "enum { status, order }"),
        ("lines", "list<order-line>"),
    ]);
    assert_eq!(mistakes, []);
    let order = names.get("order").expect("defined");
    assert_eq!(short(order), "order");
    assert_eq!(short(names.get("lines").expect("defined")), "list<order-line>");
    expect![[r#"
        record {
          lines: list<record {
            sku: string,
            status: enum {
              status,
              order,
            },
          }>,
          status: enum {
            status,
            order,
          },
        }"#]]
    .assert_eq(&format!("{order:#}"));
}

#[test]
fn wrong_named_types_are_told_apart() {
    let (names, mistakes) = parse_named([
        ("a", "list<b>"),
        ("b", "option<a>"),
        ("good", "u8"),
        ("good", "u16"),
        ("Bad Name", "u8"),
        ("string", "u8"),
        ("c", "list<unknown>"),
        ("d", "list<good>"),
    ]);
    assert_eq!(names.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["d", "good"]);
    let lines: String = mistakes.iter().map(|(index, wrong)| format!("{index} {}: {}\n", wrong.code, wrong.message)).collect();
    expect![[r#"
        0 type.cycle: type `a` holds itself, or waits for a type that does
        1 type.cycle: type `b` holds itself, or waits for a type that does
        3 type.duplicate_name: type `good` is defined twice
        4 type.bad_name: `Bad Name` is not a WIT name
        5 type.bad_name: `string` is a type of WIT's own
        6 type.unknown_type: there is no type `unknown`
    "#]]
    .assert_eq(&lines);
}

#[test]
fn docs_are_kept_in_the_long_form() {
    let text = "record {\n  /// What it is.\n  ///\n  /// In full.\n  @json(\"Name\") name: string,\n  %list: variant {\n    /// Nothing.\n    none,\n    some(u8),\n  },\n}";
    let ty = parse(text, &Names::default()).expect("a type");
    assert_eq!(format!("{ty:#}"), text);
    assert_eq!(ty.to_string(), r#"record { @json("Name") name: string, %list: variant { none, some(u8) } }"#);
}
