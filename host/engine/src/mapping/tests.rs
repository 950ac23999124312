//! Random types and values, held against wasmtime's own `Val` for the layout and against `loomwork-types` for the JSON.
//!
//! A guest keeps what it is given and hands it out again, so that what one side laid into its memory the other reads back.

use super::{Arguments, Returned, to_json};
use loomwork_types::{Case, Field, Labels, Record, Type, Variant, canonical};
use proptest::prelude::*;
use std::sync::Arc;
use wasmtime::component::{Component, Instance, Linker, Val};
use wasmtime::{Config, Engine, Store};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::{AbiVariant, WasmType};

/// SplitMix64, so that a case is one number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % sides
    }

    fn bits(&mut self) -> u64 {
        self.roll(1 << 32) << 32 | self.roll(1 << 32)
    }
}

fn a_type(dice: &mut Dice, depth: u32) -> Type {
    let plain = [
        Type::Bool,
        Type::S8,
        Type::S16,
        Type::S32,
        Type::S64,
        Type::U8,
        Type::U16,
        Type::U32,
        Type::U64,
        Type::F32,
        Type::F64,
        Type::Char,
        Type::String,
        Type::Json,
        Type::Datetime,
        Type::Duration,
    ];
    let inner = |dice: &mut Dice| a_type(dice, depth.saturating_sub(1));
    let count = 1 + dice.roll(4);
    let maybe = |dice: &mut Dice| (dice.roll(3) > 0).then(|| a_type(dice, depth.saturating_sub(1)));
    let names = |count: u64| (0..count).map(|n| (format!("l-{n}").into(), format!("l_{n}").into())).collect();
    match dice.roll(if depth == 0 { 16 } else { 30 }) {
        place @ 0..16 => plain[place as usize].clone(),
        16..19 => Type::list(inner(dice)),
        19..22 => Type::option(inner(dice)),
        22 => Type::result(maybe(dice), maybe(dice)),
        23 => Type::tuple((0..count).map(|_| inner(dice)).collect::<Vec<_>>()),
        24..27 => Type::record((0..count).map(|n| Field::new(&format!("f-{n}"), inner(dice))).collect::<Vec<_>>()),
        27 => {
            let case = |n, dice: &mut Dice| Case {
                name: format!("c-{n}").into(),
                json: format!("c_{n}").into(),
                ty: maybe(dice),
                docs: None,
            };
            Type::Variant(Arc::new(Variant { name: None, cases: (0..count).map(|n| case(n, dice)).collect() }))
        }
        28 => Type::Enum(Arc::new(Labels { name: None, labels: names(if dice.roll(8) == 0 { 300 } else { count }) })),
        _ => {
            let many = [1, 3, 8, 9, 16, 17, 32][dice.roll(7) as usize];
            Type::Flags(Arc::new(Labels { name: None, labels: names(many) }))
        }
    }
}

/// The type in WIT; what has to be declared by name is added to `declared`.
fn wit(ty: &Type, declared: &mut Vec<String>) -> String {
    let payload = |ty: &Option<Type>, declared: &mut Vec<String>| ty.as_ref().map_or("_".into(), |ty| wit(ty, declared));
    let text = match ty {
        Type::Json | Type::Datetime | Type::Duration => "string".into(),
        Type::List(of) => format!("list<{}>", wit(of, declared)),
        Type::Option(of) => format!("option<{}>", wit(of, declared)),
        Type::Result(of) => format!("result<{}, {}>", payload(&of.ok, declared), payload(&of.err, declared)),
        Type::Tuple(of) => format!("tuple<{}>", of.iter().map(|ty| wit(ty, declared)).collect::<Vec<_>>().join(", ")),
        Type::Record(of) => {
            let fields: Vec<String> =
                of.fields.iter().map(|field| format!("{}: {}", field.name, wit(&field.ty, declared))).collect();
            return declare("record", &fields, declared);
        }
        Type::Variant(of) => {
            let case = |case: &Case| match &case.ty {
                Some(ty) => format!("{}({})", case.name, wit(ty, declared)),
                None => case.name.to_string(),
            };
            let cases: Vec<String> = of.cases.iter().map(case).collect();
            return declare("variant", &cases, declared);
        }
        Type::Enum(of) => {
            return declare("enum", &of.labels.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>(), declared);
        }
        Type::Flags(of) => {
            return declare("flags", &of.labels.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>(), declared);
        }
        plain => format!("{plain:?}").to_lowercase(),
    };
    // WIT leaves out what is not there from the end.
    text.strip_suffix(", _>")
        .map_or(text.clone(), |short| if short == "result<_" { "result".into() } else { format!("{short}>") })
}

fn declare(kind: &str, parts: &[String], declared: &mut Vec<String>) -> String {
    let name = format!("t-{}", declared.len());
    declared.push(format!("{kind} {name} {{ {} }}", parts.join(", ")));
    name
}

/// A value as wasmtime sees it, and its JSON, written here by hand.
fn a_value(dice: &mut Dice, ty: &Type) -> (Val, String) {
    let bits = if dice.roll(3) == 0 { dice.roll(3) } else { dice.bits() };
    match ty {
        Type::Bool => (Val::Bool(bits & 1 == 1), (bits & 1 == 1).to_string()),
        Type::S8 => (Val::S8(bits as i8), (bits as i8).to_string()),
        Type::S16 => (Val::S16(bits as i16), (bits as i16).to_string()),
        Type::S32 => (Val::S32(bits as i32), (bits as i32).to_string()),
        Type::S64 => (Val::S64(bits as i64), (bits as i64).to_string()),
        Type::U8 => (Val::U8(bits as u8), (bits as u8).to_string()),
        Type::U16 => (Val::U16(bits as u16), (bits as u16).to_string()),
        Type::U32 => (Val::U32(bits as u32), (bits as u32).to_string()),
        Type::U64 => (Val::U64(bits), bits.to_string()),
        Type::F32 => (Val::Float32(f32::from_bits(bits as u32)), float(f32::from_bits(bits as u32).into())),
        Type::F64 => (Val::Float64(f64::from_bits(bits)), float(f64::from_bits(bits))),
        Type::Char => {
            let letter = char::from_u32((bits % 0x11_0000) as u32).unwrap_or('x');
            (Val::Char(letter), quoted(&letter.to_string()))
        }
        Type::String => {
            let text = ["", "plain", "\"quoted\" \\ \n", "déjà 🌍"][(bits % 4) as usize];
            (Val::String(text.into()), quoted(text))
        }
        Type::Json => {
            let text = ["null", "[1,2.5,{\"a\":null}]", "\"text\"", "{\"some\":1}"][(bits % 4) as usize];
            (Val::String(text.into()), text.into())
        }
        Type::Datetime => (Val::String("2026-05-01T12:00:00Z".into()), "\"2026-05-01T12:00:00Z\"".into()),
        Type::Duration => (Val::String("1h30m".into()), "\"1h30m\"".into()),
        Type::List(of) => {
            let (vals, texts): (Vec<Val>, Vec<String>) = (0..bits % 5).map(|_| a_value(dice, of)).unzip();
            (Val::List(vals), list(&texts))
        }
        Type::Option(_) if bits % 3 == 0 => (Val::Option(None), "null".into()),
        Type::Option(of) => {
            let (val, text) = a_value(dice, of);
            let text = if of.may_be_null() { format!("{{\"some\":{text}}}") } else { text };
            (Val::Option(Some(Box::new(val))), text)
        }
        Type::Result(of) => {
            let (name, ty) = if bits & 1 == 0 { ("ok", &of.ok) } else { ("err", &of.err) };
            let (payload, text) = a_case(dice, name, ty);
            (Val::Result(if bits & 1 == 0 { Ok(payload) } else { Err(payload) }), text)
        }
        Type::Tuple(of) => {
            let (vals, texts): (Vec<Val>, Vec<String>) = of.iter().map(|ty| a_value(dice, ty)).unzip();
            (Val::Tuple(vals), list(&texts))
        }
        Type::Record(of) => {
            let (vals, texts): (Vec<_>, Vec<_>) = of
                .fields
                .iter()
                .map(|field| {
                    let (val, text) = a_value(dice, &field.ty);
                    ((field.name.to_string(), val), format!("\"{}\":{text}", field.json))
                })
                .unzip();
            (Val::Record(vals), format!("{{{}}}", texts.join(",")))
        }
        Type::Variant(of) => {
            let case = &of.cases[bits as usize % of.cases.len()];
            let (payload, text) = a_case(dice, &case.json, &case.ty);
            (Val::Variant(case.name.to_string(), payload), text)
        }
        Type::Enum(of) => {
            let (name, json) = &of.labels[bits as usize % of.labels.len()];
            (Val::Enum(name.to_string()), quoted(json))
        }
        Type::Flags(of) => {
            let set: Vec<_> = of.labels.iter().filter(|_| dice.roll(2) == 0).collect();
            let texts: Vec<String> = set.iter().map(|(_, json)| quoted(json)).collect();
            (Val::Flags(set.iter().map(|(name, _)| name.to_string()).collect()), list(&texts))
        }
        Type::Blob => unreachable!("not made above"),
    }
}

fn a_case(dice: &mut Dice, name: &str, ty: &Option<Type>) -> (Option<Box<Val>>, String) {
    let Some(ty) = ty else { return (None, quoted(name)) };
    let (val, text) = a_value(dice, ty);
    (Some(Box::new(val)), format!("{{\"{name}\":{text}}}"))
}

fn float(number: f64) -> String {
    match number {
        _ if number.is_nan() => "\"NaN\"".into(),
        f64::INFINITY => "\"Infinity\"".into(),
        f64::NEG_INFINITY => "\"-Infinity\"".into(),
        _ => format!("{number:e}"),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.join(","))
}

/// A guest for one type: `put` and `get` a list of it, and `flat`, which keeps its core arguments for `got`.
fn guest(ty: &Type) -> Vec<u8> {
    let mut declared = Vec::new();
    let name = wit(ty, &mut declared);
    let interface = format!(
        "{}\nput: func(v: list<{name}>); get: func() -> list<{name}>; flat: func(v: {name}); got: func() -> list<u64>;",
        declared.join("\n")
    );
    let text = format!("package t:t@0.1.0; interface i {{ {interface} }} world w {{ export i; }}");
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("t.wit", &text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let world = resolve.select_world(&[package], Some("w")).expect("the world");
    let interface = resolve.packages[package].interfaces["i"];
    let signature = resolve.wasm_signature(AbiVariant::GuestExport, &resolve.interfaces[interface].functions["flat"]);
    let mut module = wat::parse_str(core(&signature.params)).expect("a module");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("metadata");
    ComponentEncoder::default().validate(true).module(&module).expect("it fits").encode().expect("a component")
}

fn core(params: &[WasmType]) -> String {
    let (mut list, mut stores) = (String::new(), String::new());
    for (place, param) in params.iter().enumerate() {
        let (name, bits) = match param {
            WasmType::I64 | WasmType::PointerOrI64 => ("i64", format!("(local.get {place})")),
            WasmType::F32 => ("f32", format!("(i64.extend_i32_u (i32.reinterpret_f32 (local.get {place})))")),
            WasmType::F64 => ("f64", format!("(i64.reinterpret_f64 (local.get {place}))")),
            _ => ("i32", format!("(i64.extend_i32_u (local.get {place}))")),
        };
        list.push_str(&format!(" {name}"));
        stores.push_str(&format!("(i64.store (i32.const {}) {bits})", 64 + 8 * place));
    }
    let answer =
        |at: &str, count: &str| format!("(i32.store (i32.const 8) {at}) (i32.store (i32.const 12) {count}) (i32.const 8)");
    format!(
        r#"(module (memory (export "memory") 64) (global $next (mut i32) (i32.const 4096))
        (global $at (mut i32) (i32.const 0)) (global $n (mut i32) (i32.const 0))
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
            (local.set $p (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1))) (i32.sub (i32.const 0) (local.get 2))))
            (global.set $next (i32.add (local.get $p) (local.get 3))) (local.get $p))
        (func (export "t:t/i@0.1.0#put") (param i32 i32) (global.set $at (local.get 0)) (global.set $n (local.get 1)))
        (func (export "t:t/i@0.1.0#get") (result i32) {})
        (func (export "t:t/i@0.1.0#flat") (param{list}) {stores})
        (func (export "t:t/i@0.1.0#got") (result i32) {}))"#,
        answer("(global.get $at)", "(global.get $n)"),
        answer("(i32.const 64)", "(i32.const 16)"),
    )
}

/// One instance of the guest, called by `Val` or by our own mapping.
struct Kept {
    store: Store<()>,
    instance: Instance,
}

impl Kept {
    fn new(engine: &Engine, component: &Component) -> Self {
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, component).expect("it starts");
        Self { store, instance }
    }

    fn function(&mut self, name: &str) -> wasmtime::component::Func {
        let interface = self.instance.get_export_index(&mut self.store, None, "t:t/i@0.1.0").expect("the interface");
        let export = self.instance.get_export_index(&mut self.store, Some(&interface), name).expect("the function");
        self.instance.get_func(&mut self.store, export).expect("a function")
    }

    fn give_val(&mut self, name: &str, val: Val) {
        let function = self.function(name);
        function.call(&mut self.store, &[val], &mut []).expect("wasmtime takes it");
    }

    fn give_json(&mut self, name: &str, ty: &Type, json: &str) {
        let params = Arc::new(Record { name: None, fields: vec![Field::new("v", ty.clone())] });
        let arguments = Arguments::read(&params, &format!("{{\"v\":{json}}}")).unwrap_or_else(|fault| panic!("{fault}: {json}"));
        let function = self.function(name).typed::<Arguments, Returned>(&self.store).expect("any type");
        function.call(&mut self.store, arguments).expect("it is taken");
    }

    fn take_val(&mut self, name: &str) -> Val {
        let (function, mut answer) = (self.function(name), [Val::Bool(false)]);
        function.call(&mut self.store, &[], &mut answer).expect("wasmtime reads it");
        let [val] = answer;
        val
    }

    fn take_json(&mut self, name: &str, ty: &Type) -> String {
        let params = Arc::new(Record { name: None, fields: Vec::new() });
        let arguments = Arguments::read(&params, "{}").expect("none");
        let function = self.function(name).typed::<Arguments, Returned>(&self.store).expect("any type");
        let Returned(raw) = function.call(&mut self.store, arguments).expect("it is read");
        to_json(raw, Some(ty), usize::MAX).unwrap_or_else(|fault| panic!("{fault}"))
    }
}

fn agree(seed: u64) {
    let mut dice = Dice(seed);
    let ty = a_type(&mut dice, 3);
    let engine = Engine::new(Config::new().concurrency_support(false)).expect("an engine");
    let component = Component::new(&engine, guest(&ty)).expect("a component");
    let all = Type::list(ty.clone());
    for _ in 0..8 {
        let (vals, texts): (Vec<Val>, Vec<String>) = (0..3).map(|_| a_value(&mut dice, &ty)).unzip();
        let json = list(&texts);
        let expected = canonical(&all, &json).unwrap_or_else(|mismatch| panic!("{mismatch}: {json}"));

        let mut ours = Kept::new(&engine, &component);
        ours.give_json("put", &all, &json);
        assert_eq!(ours.take_val("get"), Val::List(vals.clone()), "lowered {json}");

        let mut theirs = Kept::new(&engine, &component);
        theirs.give_val("put", Val::List(vals.clone()));
        assert_eq!(
            theirs.take_json("get", &all),
            if matches!(ty, Type::U8) { canonical(&all, &json).expect("bytes") } else { expected },
            "lifted {json}"
        );

        let (mut ours, mut theirs) = (Kept::new(&engine, &component), Kept::new(&engine, &component));
        ours.give_json("flat", &ty, &texts[0]);
        theirs.give_val("flat", vals[0].clone());
        assert!(same(&ty, ours.take_val("got"), theirs.take_val("got")), "flat {}", texts[0]);
    }
}

/// Core arguments; NaNs have many bit patterns, and pointers depend on who allocated first.
fn same(ty: &Type, ours: Val, theirs: Val) -> bool {
    ours == theirs || has_float(ty)
}

fn has_float(ty: &Type) -> bool {
    format!("{ty:?}").contains("F32") || format!("{ty:?}").contains("F64")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(std::env::var("LOOMWORK_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(48)))]

    #[test]
    fn our_mapping_is_wasmtimes_and_the_types_own(seed in any::<u64>()) {
        agree(seed);
    }
}
