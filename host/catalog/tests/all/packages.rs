//! What is known of a component from its WIT alone.

use crate::made::{TYPES, component};
use expect_test::{Expect, expect};
use loomwork_catalog::{Package, palette};

fn check(wit: &str, expected: Expect) {
    let package = Package::read(&component(wit)).expect("a component");
    expected.assert_eq(&palette(&package));
}

#[test]
fn values_of_every_kind() {
    let wit = "package acme:shop@1.2.0;
        /// Prices and orders.
        interface orders {
            use loom:types/types@0.1.0.{json, datetime, duration, blob};
            enum state { open, not-paid, done }
            flags rights { read, write }
            /// One line of an order.
            record line { sku: string, quantity: u8, note: option<string> }
            variant failure { unknown-sku(string), out-of-stock }
            type lines = list<line>;
            /// Adds up the lines. Free of charge.
            total: func(lines: lines, at: datetime) -> result<f64, failure>;
            parse: func(text: string) -> json;
            keep: func(raw: list<u8>, for-time: duration) -> blob;
            settle: func(state: state, rights: rights, pair: tuple<u64, char>) -> result<_, string>;
            nothing: func();
            nested: func(a: option<option<json>>, b: list<result<tuple<s8, f32>, state>>) -> result;
        }
        world w { export orders; }"
        .to_string()
        + TYPES;
    check(
        &wit,
        expect![[r#"
        acme:shop@1.2.0  Shop
          orders#total  [pure]
            total: func(lines: list<line>, at: datetime) -> result<f64, failure>
            Adds up the lines
          orders#parse  [pure]
            parse: func(text: string) -> json
          orders#keep  [pure]
            keep: func(raw: list<u8>, for-time: duration) -> blob
          orders#settle  [pure]
            settle: func(state: state, rights: rights, pair: tuple<u64, char>) -> result<_, string>
          orders#nothing  [pure]
            nothing: func()
          orders#nested  [pure]
            nested: func(a: option<option<json>>, b: list<result<tuple<s8, f32>, state>>) -> result
    "#]],
    );
}

#[test]
fn functions_that_are_no_nodes() {
    let wit = "package acme:files@0.1.0;
        interface files {
            resource file { constructor(path: string); read: func() -> list<u8>; size: static func(path: string) -> u64; }
            record handle { file: own<file> }
            open: func(path: string) -> file;
            look: func(file: borrow<file>) -> string;
            deep: func(handles: list<option<handle>>);
            later: func() -> future<string>;
            flow: func(bytes: stream<u8>);
            slow: async func(text: string) -> string;
            fine: func(text: string) -> string;
        }
        world w { export files; }";
    let package = Package::read(&component(wit)).expect("a component");
    expect![[r#"
        acme:files@0.1.0  Files
          files#fine  [pure]
            fine: func(text: string) -> string
          not a node: files#[constructor]file (it belongs to a resource, which would have to outlive the call)
          not a node: files#[method]file.read (it belongs to a resource, which would have to outlive the call)
          not a node: files#[static]file.size (it belongs to a resource, which would have to outlive the call)
          not a node: files#open (the result is a resource; a value would have to outlive the call)
          not a node: files#look (parameter `file` is a resource; a value would have to outlive the call)
          not a node: files#deep (parameter `handles` has a field `file` that is a resource; a value would have to outlive the call)
          not a node: files#later (the result is a future; a node gives its whole answer at once)
          not a node: files#flow (parameter `bytes` is a stream; a node gives its whole answer at once)
          not a node: files#slow (it is async; nodes are plain functions)
    "#]].assert_eq(&palette(&package));
}

#[test]
fn worlds_with_functions_and_inline_interfaces_of_their_own() {
    let wit = "package acme:tools;
        interface other { ping: func() -> string; }
        /// A world.
        world w {
            import loom: interface { secret-thing: func() -> string; }
            import helper: func(a: u8) -> u8;
            import other;
            /// Runs it.
            export run-it: func(what: string) -> string;
            export inline: interface {
                record pair { a: u8, b: u8 }
                sum: func(of: pair) -> u16;
            }
        }";
    check(
        wit,
        expect![[r#"
        local:component  Component
          #run-it  [write]
            run-it: func(what: string) -> string
            Runs it
          inline#sum  [write]
            sum: func(of: pair) -> u16
          needs acme:tools/other
          needs helper
          needs loom
    "#]],
    );
}

#[test]
fn the_baseline_is_no_capability() {
    let wit = "package acme:fetch@2.0.0;
        interface fetch { use loom:host/words@0.1.0.{word}; fetch: func(url: word) -> string; }
        world w { import wasi:clocks/wall-clock@0.2.6; import wasi:sockets/tcp@0.2.6; import loom:host/http@0.1.0; export fetch; }
package wasi:clocks@0.2.6 { interface wall-clock { now: func() -> u64; } }
        package wasi:sockets@0.2.6 { interface tcp { connect: func(to: string); } }
        package loom:host@0.1.0 { interface http { get: func(url: string) -> string; } interface words { type word = string; } }";
    check(
        wit,
        expect![[r#"
        acme:fetch@2.0.0  Fetch
          fetch#fetch  [write]
            fetch: func(url: string) -> string
          needs loom:host/http@0.1.0
          needs wasi:sockets/tcp@0.2.6
    "#]],
    );
    let clock = "package acme:time@2.0.0;
        interface time { now: func() -> u64; }
        world w { import wasi:clocks/wall-clock@0.2.6; export time; }
package wasi:clocks@0.2.6 { interface wall-clock { now: func() -> u64; } }";
    check(
        clock,
        expect![[r#"
        acme:time@2.0.0  Time
          time#now  [pure]
            now: func() -> u64
    "#]],
    );
}

#[test]
fn types_are_known_by_name_and_never_by_shape() {
    let wit = "package acme:mine@0.1.0;
        interface types { type json = string; record blob { digest: string, size: u64, media-type: string } }
        interface mine { use types.{json, blob}; a: func(a: json) -> blob; }
        world w { export mine; }";
    check(
        wit,
        expect![[r#"
        acme:mine@0.1.0  Mine
          mine#a  [pure]
            a: func(a: string) -> blob
    "#]],
    );
    let package = Package::read(&component(wit)).expect("a component");
    let output = package.function("mine#a").and_then(|function| function.output.clone()).expect("exported");
    assert_eq!(output.to_string(), "record { digest: string, size: u64, media-type: string }");
}

#[test]
fn two_interfaces_of_one_name_keep_apart() {
    let wit = "package acme:text@0.1.0;
        interface text { split: func(a: string) -> string; }
        world w { export text; export other:text/text@0.2.0; }
package other:text@0.2.0 { interface text { split: func(a: string) -> string; } }";
    check(
        wit,
        expect![[r#"
        acme:text@0.1.0  Text
          text#split  [pure]
            split: func(a: string) -> string
          other:text/text@0.2.0#split  [pure]
            split: func(a: string) -> string
    "#]],
    );
}

#[test]
fn a_component_that_exports_nothing_is_named_by_its_file() {
    let wit = "package acme:none; world w {}";
    let package = Package::read_as(&component(wit), "My File (2)").expect("a component");
    assert_eq!(&*package.id, "local:my-file--2");
    assert_eq!(&*Package::read(&component(wit)).expect("a component").id, "local:component");
    assert!(package.functions.is_empty());
}

#[test]
fn docs_reach_functions_and_fields() {
    let wit = "/// Words about the package. More.
        package acme:docs@0.1.0;
        interface docs {
            record person {
                /// As spoken to.
                first-name: string,
            }
            /// Greets. Politely.
            ///
            /// At length.
            greet: func(person: person) -> string;
        }
        world w { export docs; }";
    let package = Package::read(&component(wit)).expect("a component");
    assert_eq!(package.docs.as_deref(), Some("Words about the package. More."));
    assert_eq!(&*package.summary, "Words about the package");
    let function = package.function("docs#greet").expect("exported");
    assert_eq!((&*function.title, &*function.summary), ("Greet", "Greets"));
    assert_eq!(&*function.docs, "Greets. Politely.\n\nAt length.");
    expect![[r#"
        record {
          person: record {
            /// As spoken to.
            first-name: string,
          },
        }"#]]
    .assert_eq(&format!("{:#}", function.input()));
}

/// What `componentize-py` leaves in the components it makes.
#[test]
fn the_start_of_the_python_runtime_is_no_node() {
    let wit = "package acme:snake@0.1.0;
        interface snake { go: func() -> string; }
        world w { export snake; export exports: interface { init: func(app-name: string); } }";
    check(
        wit,
        expect![[r#"
        acme:snake@0.1.0  Snake
          snake#go  [pure]
            go: func() -> string
          not a node: exports#init (it belongs to the Python runtime, which has called it already)
    "#]],
    );
}

#[test]
fn the_digest_is_of_the_bytes() {
    let mut bytes = component("package acme:none; world w {}");
    let before = Package::read(&bytes).expect("a component").digest;
    assert!(before.starts_with("sha256:") && before.len() == 71);
    crate::made::append(&mut bytes, "note", b"changed");
    assert_ne!(Package::read(&bytes).expect("a component").digest, before);
}
