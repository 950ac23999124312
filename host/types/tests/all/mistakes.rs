//! Wrong JSON: which code, where, and what the message says.

use expect_test::expect;
use loomwork_types::{Limits, Names, decode, parse, scan};
use std::fmt::Write;

const ORDER: &str =
    "record { id: u32, lines: list<record { sku: string, quantity: u8 }>, note: option<string>, state: enum { new, paid } }";

fn mistake(ty: &str, json: &str) -> String {
    let ty = parse(ty, &Names::default()).expect("a type");
    let wrong = decode(&ty, json).expect_err(json);
    let mut line = format!("{} at {}: {}", wrong.code, wrong.path, wrong.message);
    if let Some(hint) = wrong.hint {
        write!(line, " ({hint})").expect("a String");
    }
    line
}

#[test]
fn every_mistake_says_where_and_what() {
    let cases = [
        (ORDER, r#"{"id":1,"lines":[{"sku":"a","quantity":1},{"sku":"b","quantity":300}],"state":"new"}"#),
        (ORDER, r#"{"id":1,"lines":[{"sku":5,"quantity":1}],"state":"new"}"#),
        (ORDER, r#"{"id":1,"lines":[{"sku":"a","quantty":1}],"state":"new"}"#),
        (ORDER, r#"{"id":1,"lines":[{"sku":"a"}],"state":"new"}"#),
        (ORDER, r#"{"id":1,"id":2,"lines":[],"state":"new"}"#),
        (ORDER, r#"{"id":1,"lines":[],"state":"payed"}"#),
        (ORDER, r#"{"id":1.5,"lines":[],"state":"new"}"#),
        (ORDER, "[]"),
        ("u64", "-1"),
        ("u64", "18446744073709551616"),
        ("s64", "9223372036854775808"),
        ("f64", "1e999"),
        ("f32", "1e39"),
        ("f64", "\"nan\""),
        ("json", "1e999"),
        ("char", "\"ab\""),
        ("datetime", "\"yesterday\""),
        ("duration", "\"1 hour\""),
        ("list<u8>", "\"***\""),
        ("list<u8>", "[256]"),
        ("blob", r#"{"digest":"sha256:12","size":1,"media_type":"a/b"}"#),
        ("tuple<u8, u8>", "[1]"),
        ("tuple<u8, u8>", "[1,2,3]"),
        ("option<option<u8>>", "7"),
        ("option<option<u8>>", r#"{"sum":7}"#),
        ("variant { none, some(u8) }", "\"some\""),
        ("variant { none, some(u8) }", r#"{"none":1}"#),
        ("variant { none, some(u8) }", r#"{"some":1,"none":null}"#),
        ("variant { none, some(u8) }", "{}"),
        ("result<u8>", r#"{"error":1}"#),
        ("flags { read, write }", r#"["raed"]"#),
        ("json", r#"{"a":{"b c":[1,{"x":1,"x":2}]}}"#),
    ];
    let lines: String = cases.iter().map(|(ty, json)| mistake(ty, json) + "\n").collect();
    expect![[r#"
        type.range at $.lines[1].quantity: 300 does not fit a whole number (u8)
        type.mismatch at $.lines[0].sku: expected text, found a number
        type.unknown_field at $.lines[0]: there is no field `quantty` (Did you mean `quantity`?)
        type.missing_field at $.lines[0]: field `quantity` is missing
        json.duplicate_key at $: key `id` appears twice
        type.unknown_case at $.state: there is no `payed` among its names (Did you mean `paid`?)
        type.mismatch at $.id: expected a whole number (u32), found 1.5
        type.mismatch at $: expected an object, found a list
        type.range at $: a negative number does not fit a whole number (u64)
        type.range at $: 18446744073709551616 does not fit a whole number (u64)
        type.range at $: 9223372036854775808 does not fit a whole number (s64)
        type.range at $: 1e999 does not fit a number
        type.range at $: 1e39 does not fit a number
        type.mismatch at $: expected a number (As text a number can only be "NaN", "Infinity" or "-Infinity".)
        type.range at $: 1e999 does not fit a number
        type.mismatch at $: expected text of one character
        type.mismatch at $: expected a date and time such as `2026-05-01T12:00:00Z`
        type.mismatch at $: expected a duration such as `1h30m`
        type.mismatch at $: expected base64 text
        type.range at $[0]: 256 does not fit a whole number (u8)
        type.mismatch at $.digest: expected `sha256:` and 64 hexadecimal digits
        type.mismatch at $: the list has the wrong length for a tuple
        type.mismatch at $[2]: the list has the wrong length for a tuple
        type.mismatch at $: expected null or `{"some": …}`
        type.unknown_case at $: there is no `sum` among its names (Did you mean `some`?)
        type.mismatch at $: case `some` needs a payload: `{"some": …}`, a whole number (u8)
        type.mismatch at $: case `none` has no payload
        type.mismatch at $: an object that names a case has one key only
        type.mismatch at $: expected a variant: `{"case": payload}` or a case's name
        type.unknown_case at $: there is no `error` among its names (Did you mean `err`?)
        type.unknown_case at $[0]: there is no `raed` among its names (Did you mean `read`?)
        json.duplicate_key at $.a["b c"][1]: key `x` appears twice
    "#]]
    .assert_eq(&lines);
}

#[test]
fn what_is_no_json_is_refused() {
    let texts = [
        "",
        " ",
        "nul",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "[1 2]",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\u{1}\"",
        "1 2",
        "[1]]",
        "NaN",
        "'a'",
        "[",
        "{",
        "{\"a\":",
        "truefalse",
        "\u{feff}1",
    ];
    for text in texts {
        for wrong in [decode(&loomwork_types::Type::Json, text).map(drop), scan(text.as_bytes(), &Limits::default()).map(drop)] {
            assert_eq!(wrong.expect_err(text).code, "json.syntax", "{text:?}");
        }
    }
}

#[test]
fn the_edge_has_limits() {
    let code = |bytes: &[u8], limits: &Limits| scan(bytes, limits).map_err(|wrong| wrong.code).map(str::len);
    let few = Limits { bytes: 10, depth: 2 };
    assert_eq!(code(b"[[1]]", &few), Ok(5));
    assert_eq!(code(b"[[[1]]]", &few), Err("json.depth"));
    assert_eq!(code(b"[1,2,3,4,5,6]", &few), Err("json.too_large"));
    assert_eq!(code(b"\"\xff\"", &few), Err("json.utf8"));
    assert_eq!(code(br#"{"a":1,"\u0061":2}"#, &Limits::default()), Err("json.duplicate_key"));
    let deep = "[".repeat(100_000);
    assert_eq!(code(deep.as_bytes(), &Limits::default()), Err("json.depth"));
    assert_eq!(code(deep.as_bytes(), &Limits { depth: usize::MAX, ..Limits::default() }), Err("json.depth"));
    let balanced = ["[".repeat(128), "]".repeat(128)].concat();
    assert_eq!(code(balanced.as_bytes(), &Limits::default()), Ok(256));
}
