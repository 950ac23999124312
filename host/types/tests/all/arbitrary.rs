//! Arbitrary types, and arbitrary JSON of a type in its canonical form.

use loomwork_types::{Case, Field, Labels, Type, Variant, duration};
use loomwork_value::{Duration, Timestamp};
use proptest::prelude::*;
use std::sync::Arc;

/// How many cases a property runs: `LOOMWORK_CASES`, or few enough for every build.
pub fn cases() -> ProptestConfig {
    let cases = std::env::var("LOOMWORK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn ty() -> impl Strategy<Value = Type> {
    let scalar = prop::sample::select(vec![
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
        Type::Blob,
    ]);
    scalar.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::option),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Type::tuple),
            (prop::option::of(inner.clone()), prop::option::of(inner.clone())).prop_map(|(ok, err)| Type::result(ok, err)),
            (names(0..5), prop::collection::vec(inner.clone(), 5)).prop_map(|(names, types)| {
                let field = |((name, json), ty)| Field { name, json, ty, docs: None };
                Type::record(names.into_iter().zip(types).map(field).collect::<Vec<_>>())
            }),
            (names(1..5), prop::collection::vec(prop::option::of(inner), 5)).prop_map(|(names, types)| {
                let case = |((name, json), ty)| Case { name, json, ty, docs: None };
                Type::Variant(Arc::new(Variant { name: None, cases: names.into_iter().zip(types).map(case).collect() }))
            }),
            names(1..5).prop_map(|labels| Type::Enum(Arc::new(Labels { name: None, labels }))),
            names(1..5).prop_map(|labels| Type::Flags(Arc::new(Labels { name: None, labels }))),
        ]
    })
}

/// WIT names with their JSON names, which sometimes are others.
fn names(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(Arc<str>, Arc<str>)>> {
    let name = prop_oneof![
        "[a-z][a-z0-9]{0,3}(-[a-z][a-z0-9]{0,2}){0,2}",
        prop::sample::select(vec!["list".to_string(), "some".into(), "ok".into(), "json".into(), "record".into()]),
    ];
    let json = prop_oneof![4 => Just(None), 1 => "[A-Za-z \"\\\\é]{1,6}".prop_map(Some)];
    prop::collection::vec((name, json), count).prop_map(|pairs| {
        let mut names: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for (name, json) in pairs {
            let json: Arc<str> = json.unwrap_or_else(|| name.replace('-', "_")).into();
            if names.iter().all(|(n, j)| **n != *name && **j != *json) {
                names.push((name.into(), json));
            }
        }
        if names.is_empty() { vec![("only".into(), "only".into())] } else { names }
    })
}

/// A type and the canonical JSON of one of its values, made without the crate's own writer.
pub fn typed() -> impl Strategy<Value = (Type, String)> {
    ty().prop_flat_map(|ty| {
        let json = json(&ty);
        (Just(ty), json)
    })
}

pub fn json(ty: &Type) -> BoxedStrategy<String> {
    let quote = |text: &str| serde(text);
    match ty {
        Type::Bool => any::<bool>().prop_map(|it| it.to_string()).boxed(),
        Type::S8 => any::<i8>().prop_map(|it| it.to_string()).boxed(),
        Type::S16 => any::<i16>().prop_map(|it| it.to_string()).boxed(),
        Type::S32 => any::<i32>().prop_map(|it| it.to_string()).boxed(),
        Type::S64 => any::<i64>().prop_map(|it| it.to_string()).boxed(),
        Type::U8 => any::<u8>().prop_map(|it| it.to_string()).boxed(),
        Type::U16 => any::<u16>().prop_map(|it| it.to_string()).boxed(),
        Type::U32 => any::<u32>().prop_map(|it| it.to_string()).boxed(),
        Type::U64 => any::<u64>().prop_map(|it| it.to_string()).boxed(),
        Type::F32 => any::<f32>().prop_map(|it| float(it.is_nan(), it.is_infinite(), it < 0.0, format!("{it:?}"))).boxed(),
        Type::F64 => any::<f64>().prop_map(|it| float(it.is_nan(), it.is_infinite(), it < 0.0, format!("{it:?}"))).boxed(),
        Type::Char => any::<char>().prop_map(move |it| quote(&it.to_string())).boxed(),
        Type::String => any::<String>().prop_map(move |it| quote(&it)).boxed(),
        Type::Json => dynamic().boxed(),
        Type::Datetime => instant().boxed(),
        Type::Duration => (-1_000_000_000_000_000i128..1_000_000_000_000_000).prop_map(length).boxed(),
        Type::Blob => (any::<[u8; 32]>(), any::<u64>(), any::<String>())
            .prop_map(|(digest, size, media)| {
                let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{{\"digest\":\"sha256:{hex}\",\"size\":{size},\"media_type\":{}}}", serde(&media))
            })
            .boxed(),
        Type::List(_) if ty.is_bytes() => prop::collection::vec(any::<u8>(), 0..20).prop_map(|bytes| base64(&bytes)).boxed(),
        Type::List(of) => prop::collection::vec(json(of), 0..4).prop_map(|all| format!("[{}]", all.join(","))).boxed(),
        Type::Option(of) => option(of),
        Type::Result(of) => prop_oneof![case("ok", of.ok.as_ref()), case("err", of.err.as_ref())].boxed(),
        Type::Tuple(of) => of.iter().map(json).collect::<Vec<_>>().prop_map(|all| format!("[{}]", all.join(","))).boxed(),
        Type::Record(of) => {
            let names: Vec<String> = of.fields.iter().map(|field| serde(&field.json)).collect();
            let values: Vec<_> = of.fields.iter().map(|field| json(&field.ty)).collect();
            values
                .prop_map(move |values| {
                    let fields: Vec<String> = names.iter().zip(values).map(|(name, value)| format!("{name}:{value}")).collect();
                    format!("{{{}}}", fields.join(","))
                })
                .boxed()
        }
        Type::Variant(of) => {
            let cases: Vec<_> = of.cases.iter().map(|one| case(&one.json, one.ty.as_ref())).collect();
            prop::strategy::Union::new(cases).boxed()
        }
        Type::Enum(of) => {
            let labels: Vec<String> = of.labels.iter().map(|(_, json)| serde(json)).collect();
            prop::sample::select(labels).boxed()
        }
        Type::Flags(of) => {
            let labels: Vec<String> = of.labels.iter().map(|(_, json)| serde(json)).collect();
            let most = labels.len();
            prop::sample::subsequence(labels, 0..=most).prop_map(|set| format!("[{}]", set.join(","))).boxed()
        }
    }
}

fn case(name: &str, ty: Option<&Type>) -> BoxedStrategy<String> {
    let name = serde(name);
    match ty {
        None => Just(name).boxed(),
        Some(ty) => json(ty).prop_map(move |payload| format!("{{{name}:{payload}}}")).boxed(),
    }
}

fn option(of: &Type) -> BoxedStrategy<String> {
    let some = json(of);
    let some = match of {
        Type::Option(_) => some.prop_map(|inner| format!("{{\"some\":{inner}}}")).boxed(),
        Type::Json => some
            .prop_map(|inner| if inner == "null" || sole_some(&inner) { format!("{{\"some\":{inner}}}") } else { inner })
            .boxed(),
        _ => some,
    };
    prop_oneof![1 => Just("null".to_string()), 3 => some].boxed()
}

/// The generator of dynamic JSON makes at most one such shape, with a number in it.
fn sole_some(json: &str) -> bool {
    json.strip_prefix("{\"some\":").and_then(|rest| rest.strip_suffix('}')).is_some_and(|rest| rest.parse::<i64>().is_ok())
}

pub fn dynamic() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_string()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<i64>().prop_map(|it| it.to_string()),
        any::<f64>().prop_filter("finite", |it| it.is_finite()).prop_map(|it| format!("{it:?}")),
        any::<String>().prop_map(|it| serde(&it)),
        any::<i64>().prop_map(|it| format!("{{\"some\":{it}}}")),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::btree_map("[a-r]{0,3}", inner, 0..4).prop_map(|map| {
                let fields: Vec<String> = map.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", fields.join(","))
            }),
        ]
    })
}

fn float(nan: bool, infinite: bool, negative: bool, text: String) -> String {
    match (nan, infinite, negative) {
        (true, ..) => "\"NaN\"".into(),
        (_, true, true) => "\"-Infinity\"".into(),
        (_, true, false) => "\"Infinity\"".into(),
        _ => text,
    }
}

fn instant() -> impl Strategy<Value = String> {
    (-62_135_596_800i128..253_402_300_800, 0i128..1_000_000_000).prop_map(|(seconds, nanos)| {
        let mut out = String::from("\"");
        loomwork_types::datetime::print(Timestamp { nanos: seconds * 1_000_000_000 + nanos }, &mut out)
            .expect("within the years 1 to 9999");
        out + "\""
    })
}

fn length(nanos: i128) -> String {
    let mut out = String::from("\"");
    duration::print(Duration { nanos }, &mut out);
    out + "\""
}

/// A JSON string by rules of its own: everything outside ASCII and every control character as it must be.
fn serde(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            letter if letter < ' ' => out.push_str(&format!("\\u{:04x}", letter as u32)),
            letter => out.push(letter),
        }
    }
    out + "\""
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::from("\"");
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63] as char;
            out.push(if place <= three.len() { letter } else { '=' });
        }
    }
    out + "\""
}
