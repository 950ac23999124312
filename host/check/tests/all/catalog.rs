//! A few packages made by hand, with one function of each sort.

use loomwork_catalog::{Catalog, Effect, FlowSignature, Function, Package, Unusable};
use loomwork_types::{Field, Names, Type, parse};
use std::sync::{Arc, LazyLock};

pub fn catalog() -> Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        let mut catalog = Catalog::new();
        catalog.add(text());
        catalog.add(http());
        catalog.add(plain());
        let orders = FlowSignature::new(&ty("record { all: json, urgent: option<bool> }"), &ty("record { total: f64 }"));
        let archive = FlowSignature::new(&Type::String, &Type::Json);
        catalog.with_flows([("orders".to_owned(), orders), ("archive".to_owned(), archive)])
    });
    CATALOG.clone()
}

pub fn ty(text: &str) -> Type {
    parse(text, &Names::default()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}

struct Sketch {
    path: &'static str,
    params: &'static [(&'static str, &'static str)],
    output: Option<&'static str>,
    effect: Effect,
}

fn package(id: &str, sketches: &[Sketch]) -> Package {
    Package {
        id: id.into(),
        digest: "sha256:0".into(),
        functions: sketches.iter().map(function).collect(),
        unusable: Vec::new(),
        capabilities: Vec::new(),
        docs: None,
        title: id.into(),
        summary: "".into(),
        icon: None,
        category: "test".into(),
        reuse: 1,
        needs: Vec::new(),
    }
}

fn function(sketch: &Sketch) -> Function {
    let (interface, name) = sketch.path.split_once('#').unwrap();
    let params = sketch.params.iter().map(|(name, text)| Field::new(name, ty(text)));
    Function {
        interface: Some(interface).filter(|it| !it.is_empty()).map(Arc::from),
        name: name.into(),
        path: sketch.path.into(),
        params: params.collect(),
        output: sketch.output.map(ty),
        error: None,
        fallible: true,
        effect: sketch.effect,
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

fn text() -> Package {
    const PURE: Effect = Effect::Pure;
    package(
        "loom:text@0.1.0",
        &[
            Sketch {
                path: "text#split",
                params: &[("text", "string"), ("separator", "string"), ("limit", "option<u32>")],
                output: Some("list<string>"),
                effect: PURE,
            },
            Sketch { path: "text#length", params: &[("text", "string")], output: Some("u32"), effect: PURE },
            Sketch {
                path: "text#pad",
                params: &[
                    ("text", "string"),
                    ("options", "record { width: u32, side: enum { start, end }, fill: option<char> }"),
                ],
                output: Some("string"),
                effect: PURE,
            },
            Sketch { path: "slug#make", params: &[("text", "string")], output: Some("string"), effect: PURE },
        ],
    )
}

fn http() -> Package {
    let response = "record { status: u16, headers: list<tuple<string, string>>, body: json, etag: option<string> }";
    let mut package = package(
        "loom:http@0.1.3",
        &[
            Sketch { path: "client#get", params: &[("url", "string")], output: Some(response), effect: Effect::Read },
            Sketch {
                path: "client#send",
                params: &[("url", "string"), ("body", "json"), ("tags", "option<list<string>>")],
                output: Some(response),
                effect: Effect::Write,
            },
        ],
    );
    package.capabilities = vec!["loom:host/http@0.1.0".into()];
    package.unusable = vec![Unusable { path: "client#open".into(), reason: "it returns a resource".into() }];
    package
}

/// A component that knows nothing of us: functions of the world itself.
fn plain() -> Package {
    package(
        "acme:plain",
        &[
            Sketch { path: "#add", params: &[("a", "s32"), ("b", "s32")], output: Some("s32"), effect: Effect::Pure },
            Sketch { path: "#now", params: &[], output: Some("datetime"), effect: Effect::Read },
            Sketch { path: "#forget", params: &[("key", "string")], output: None, effect: Effect::Write },
        ],
    )
}
