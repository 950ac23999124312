//! Bytes that are no component, or a component that means harm: always an answer, never a panic.

use crate::made::{TYPES, component_with};
use loomwork_catalog::Package;
use proptest::prelude::*;
use std::sync::OnceLock;

fn cases() -> ProptestConfig {
    let cases = std::env::var("LOOMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let wit = "package acme:shop@1.2.0;
            interface orders {
                use loom:types/types@0.1.0.{json, blob};
                variant failure { unknown-sku(string), out-of-stock }
                record line { sku: string, quantity: u8, note: option<blob> }
                resource pen { draw: func(line: line); }
                /// Docs.
                total: func(lines: list<line>) -> result<json, failure>;
            }
            world w { import helper: func(a: u8) -> u8; export orders; }"
            .to_string()
            + TYPES;
        component_with(&wit, Some("[functions.\"orders#total\"]\ntitle = \"Total\""))
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn noise_is_refused(noise in any::<Vec<u8>>(), headed in any::<bool>()) {
        let head: &[u8] = if headed { b"\0asm\x0d\0\x01\0" } else { b"" };
        drop(Package::read(&[head, &noise].concat()));
    }

    #[test]
    fn changed_bytes_never_make_it_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = sample().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        drop(Package::read(&bytes));
    }

    #[test]
    fn pieces_never_make_it_panic(cut in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(), length in 0usize..64) {
        let bytes = sample();
        drop(Package::read(&bytes[..cut.index(bytes.len())]));
        let from = from.index(bytes.len());
        let end = (from + length).min(bytes.len());
        drop(Package::read(&[&bytes[..from], &bytes[end..]].concat()));
        drop(Package::read(&[&bytes[..end], &bytes[from..]].concat()));
    }
}

fn code(bytes: &[u8]) -> &'static str {
    Package::read(bytes).map(drop).expect_err("refused").code()
}

#[test]
fn what_is_no_component_is_told_apart() {
    assert!(Package::read(sample()).is_ok());
    assert_eq!(code(b""), "package.not_wasm");
    assert_eq!(code(b"\x7fELF"), "package.not_wasm");
    assert_eq!(code(&wat::parse_str("(module)").expect("a module")), "package.not_component");
    assert_eq!(code(b"\0asm\x0d\0\x01\0\xff"), "package.invalid");
    assert_eq!(code(&vec![0; (128 << 20) + 1]), "package.too_large");
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("a.wit", "package a:b; interface c { d: func(); }").expect("WIT");
    let wit = wit_component::encode(&resolve, package).expect("a WIT package");
    assert_eq!(code(&wit), "package.not_component");
}

/// A component whose type section holds these bytes.
fn with_types(count: u32, types: &[u8]) -> Vec<u8> {
    let mut section = Vec::new();
    leb128(count, &mut section);
    section.extend_from_slice(types);
    let mut bytes = b"\0asm\x0d\0\x01\0\x07".to_vec();
    leb128(section.len() as u32, &mut bytes);
    bytes.extend(section);
    bytes
}

fn leb128(mut number: u32, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[test]
fn types_nested_without_end_are_refused() {
    // Each type is a list of the one before it.
    let mut types = vec![0x70, 0x7f];
    for index in 0..50_000u32 {
        types.push(0x70);
        // A type index is a signed LEB128.
        let mut number = index;
        while number > 0x3f {
            types.push(number as u8 | 0x80);
            number >>= 7;
        }
        types.push(number as u8);
    }
    assert_eq!(code(&with_types(50_001, &types)), "package.invalid");
    // Each type declares an instance that declares the next.
    let nested: Vec<u8> = [0x42, 0x01, 0x01].repeat(200_000);
    assert_eq!(code(&with_types(1, &nested)), "package.invalid");
    // Components inside components.
    let nested: Vec<u8> = b"\x04\xff\xff\xff\x07\0asm\x0d\0\x01\0".repeat(100_000);
    assert_eq!(code(&[b"\0asm\x0d\0\x01\0", &nested[..]].concat()), "package.invalid");
}

#[test]
fn types_that_grow_when_written_out_are_no_nodes() {
    let mut wit = String::from("package acme:big@0.1.0; interface big { record t0 { a: u8 } ");
    for level in 1..13 {
        wit += &format!("record t{level} {{ a: t{}, b: t{} }} ", level - 1, level - 1);
    }
    wit += "huge: func(a: list<t12>); fine: func(a: t3); } world w { export big; }";
    let package = Package::read(&component_with(&wit, None)).expect("a component");
    assert_eq!(package.functions.len(), 1);
    assert!(package.unusable[0].reason.ends_with("has more than 10000 parts"), "{}", package.unusable[0].reason);
}
