//! The packages that fuzzed documents can use: one function of each sort, under the names that examples and check cases use.

use loomwork_catalog::{Catalog, Effect, Function, Package, Unusable};
use loomwork_types::{Field, Names, Type, parse};
use std::sync::LazyLock;

/// Package, function, parameters, output (empty for none), effect.
type Sketch = (&'static str, &'static str, &'static str, &'static str, Effect);

const SKETCHES: [Sketch; 20] = [
    ("acme:plain", "#add", "a: s32, b: s32", "s32", Effect::Pure),
    ("acme:plain", "#now", "", "datetime", Effect::Read),
    ("acme:plain", "#forget", "key: string", "", Effect::Write),
    (
        "acme:plain",
        "#all",
        "a: option<option<u8>>, b: result<u8, string>, c: tuple<char, f32>, d: flags { x, y }",
        "blob",
        Effect::Pure,
    ),
    (
        "acme:plain",
        "#choose",
        "what: variant { none, some(list<u8>), more(record { a: u64 }) }, when: duration",
        "json",
        Effect::Read,
    ),
    ("loom:csv@0.1.0", "csv#parse", "text: string, separator: option<string>", "list<json>", Effect::Pure),
    ("loom:http@0.1.3", "client#get", "url: string", RESPONSE, Effect::Read),
    ("loom:http@0.1.3", "client#send", "url: string, body: json, tags: option<list<string>>", RESPONSE, Effect::Write),
    ("loom:http@0.1.3", "http#get-json", "url: string", "json", Effect::Read),
    ("loom:kv@0.1.0", "kv#increment", "key: string, by: option<s64>", "s64", Effect::Write),
    ("loom:list@0.1.0", "list#sum", "items: list<f64>", "f64", Effect::Pure),
    ("loom:list@0.1.0", "list#filter", "items: list<json>, field: string, equals: json", "list<json>", Effect::Pure),
    ("loom:list@0.1.0", "list#sort", "items: list<json>, by: option<string>, descending: bool", "list<json>", Effect::Pure),
    ("loom:markdown@0.1.0", "markdown#table", "rows: list<json>, columns: list<string>", "string", Effect::Pure),
    ("loom:number@0.1.0", "number#round", "value: f64, digits: option<u8>", "f64", Effect::Pure),
    ("loom:text@0.1.0", "text#split", "text: string, separator: string, limit: option<u32>", "list<string>", Effect::Pure),
    ("loom:text@0.1.0", "text#trim", "text: string", "string", Effect::Pure),
    ("loom:text@0.1.0", "text#length", "text: string", "u32", Effect::Pure),
    (
        "loom:text@0.1.0",
        "text#pad",
        "text: string, options: record { width: u32, side: enum { start, end }, fill: option<char> }",
        "string",
        Effect::Pure,
    ),
    ("loom:text@0.1.0", "slug#make", "text: string", "string", Effect::Pure),
];
const RESPONSE: &str = "record { status: u16, headers: list<tuple<string, string>>, body: json, etag: option<string> }";

pub static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let mut catalog = Catalog::new();
    let mut ids: Vec<&str> = SKETCHES.iter().map(|sketch| sketch.0).collect();
    ids.dedup();
    for id in ids {
        catalog.add(package(id, SKETCHES.iter().filter(|sketch| sketch.0 == id).map(function).collect()));
    }
    catalog
});

fn package(id: &str, functions: Vec<Function>) -> Package {
    Package {
        id: id.into(),
        digest: ["sha256:", &"0".repeat(64)].concat().into(),
        functions,
        unusable: vec![Unusable { path: "client#open".into(), reason: "it returns a resource".into() }],
        capabilities: vec!["loom:host/http@0.1.0".into()],
        docs: None,
        title: id.into(),
        summary: "".into(),
        icon: None,
        category: "test".into(),
        reuse: 1,
        needs: Vec::new(),
    }
}

fn function(&(_, path, params, output, effect): &Sketch) -> Function {
    let (interface, name) = path.split_once('#').expect("a path has a `#` in it");
    Function {
        interface: Some(interface).filter(|interface| !interface.is_empty()).map(Into::into),
        name: name.into(),
        path: path.into(),
        params: fields(params),
        output: Some(output).filter(|output| !output.is_empty()).map(ty),
        error: None,
        fallible: true,
        effect,
        once: false,
        title: name.into(),
        summary: "".into(),
        icon: None,
        category: "test".into(),
        docs: "".into(),
        fields: Vec::new(),
        examples: Vec::new(),
    }
}

fn fields(text: &str) -> Vec<Field> {
    match ty(&format!("record {{ {text} }}")) {
        Type::Record(record) => record.fields.clone(),
        _ => Vec::new(),
    }
}

fn ty(text: &str) -> Type {
    parse(text, &Names::default()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}
