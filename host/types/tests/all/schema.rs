//! JSON Schema in and out.

use crate::arbitrary::{cases, dynamic, typed};
use expect_test::expect;
use loomwork_types::{Names, decode, parse, schema};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases())]

    /// The schema of a type gives a type that reads the same JSON, perhaps less strictly.
    #[test]
    fn what_is_exported_can_be_imported((ty, json) in typed()) {
        let imported = schema::import(&schema::export(&ty)).expect("a schema is JSON");
        let read = decode(&imported.ty, &json);
        prop_assert!(read.is_ok(), "{} as {}: {}: {:?}", ty, imported.ty, json, read);
        let text = imported.ty.to_string();
        prop_assert_eq!(parse(&text, &Names::default()), Ok(imported.ty), "{}", text);
    }

    #[test]
    fn no_schema_makes_it_panic(json in dynamic(), keyword in prop::sample::select(vec!["type", "enum", "items", "properties", "oneOf", "$ref", "const"])) {
        for text in [json.clone(), format!("{{\"{keyword}\":{json}}}"), format!("{{\"type\":\"object\",\"properties\":{{\"a\":{{\"{keyword}\":{json}}}}}}}")] {
            if let Ok(imported) = schema::import(&text) {
                drop(schema::export(&imported.ty));
            }
        }
    }
}

fn import(json: &str) -> String {
    let imported = schema::import(json).expect("a schema");
    let notes: String = imported.notes.iter().map(|note| format!("\n{note}")).collect();
    format!("{:#}{notes}\n", imported.ty)
}

#[test]
fn a_schema_of_the_wild_becomes_a_type() {
    let json = r##"{
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {
            "money": {"type": "number", "minimum": 0},
            "line": {"type": "object", "properties": {"SKU": {"type": "string", "pattern": "^[A-Z]+$"}, "unitPrice": {"$ref": "#/definitions/money"},
                "count": {"type": "integer", "minimum": 0, "maximum": 255}}, "required": ["SKU", "count"], "additionalProperties": true},
            "tree": {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/definitions/tree"}}}}
        },
        "type": "object",
        "required": ["lines", "state"],
        "properties": {
            "lines": {"type": "array", "items": {"$ref": "#/definitions/line"}, "description": "What was ordered."},
            "state": {"enum": ["open", "not paid"]},
            "at": {"type": "string", "format": "date-time"},
            "mail": {"type": ["string", "null"], "format": "email"},
            "raw": {"type": "string", "contentEncoding": "base64"},
            "pair": {"type": "array", "items": [{"type": "integer"}, {"type": "boolean"}]},
            "bytes": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}},
            "pay": {"oneOf": [{"const": "cash"}, {"type": "object", "properties": {"card": {"type": "string"}}, "required": ["card"]}]},
            "odd": {"oneOf": [{"type": "string"}, {"type": "array"}]},
            "level": {"enum": [1, 2]},
            "more": {"type": "object"},
            "old": {"type": "string", "nullable": true},
            "far": {"$ref": "https://example.org/schema"}
        }
    }"##;
    expect![[r#"
        record {
          at: option<datetime>,
          bytes: option<list<u16>>,
          far: option<json>,
          level: option<json>,
          /// What was ordered.
          lines: list<record {
            @json("SKU") sku: string,
            count: u8,
            @json("unitPrice") unit-price: option<f64>,
          }>,
          mail: option<string>,
          more: option<json>,
          odd: option<json>,
          old: option<string>,
          pair: option<tuple<s64, bool>>,
          pay: option<variant {
            cash,
            card(string),
          }>,
          raw: option<list<u8>>,
          state: enum {
            open,
            @json("not paid") not-paid,
          },
        }
        `$.far`: only references inside the schema are followed; it became `json`
        `$.level`: an enum of other values than text; it became `json`
        `$.lines.items`: further keys are refused
        `$.lines.items.SKU`: `pattern` is not checked
        `$.mail`: format `email` is not checked
        `$.more`: an object with any keys; it became `json`
        `$.odd`: a choice between types that cannot be told apart by a name; it became `json`
    "#]]
    .assert_eq(&import(json));
}

#[test]
fn circles_are_cut() {
    let json = r##"{"$ref": "#"}"##;
    assert_eq!(import(json), "json\n`$`: it is nested too deeply, or in a circle; it became `json`\n");
    let wide = r##"{"$defs": {"a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/a"}, "c": {"$ref": "#/$defs/a"}}}}, "$ref": "#/$defs/a"}"##;
    let imported = schema::import(wide).expect("a schema");
    assert_eq!(imported.notes.len(), 100);
    assert_eq!(schema::import("{").expect_err("no JSON").code, "json.syntax");
}

#[test]
fn a_tuple_that_no_text_can_say_is_json() {
    let tuple = |length: usize| format!(r#"{{"prefixItems":[{}],"type":"array"}}"#, vec!["{}"; length].join(","));
    assert_eq!(import(&tuple(65)), "json\n`$`: a tuple has at most 64 parts; it became `json`\n");
    let most = schema::import(&tuple(64)).expect("a schema").ty;
    assert_eq!(parse(&most.to_string(), &Names::default()), Ok(most));
}

/// What one name after the other would take hours for is done at once.
#[test]
fn many_names_that_look_the_same_are_told_apart() {
    let names: Vec<String> = (0..50_000).map(|number| format!("{number:017b}").replace('0', "-").replace('1', "_")).collect();
    let properties: Vec<String> = names.iter().map(|name| format!("\"{name}\":{{\"type\":\"boolean\"}}")).collect();
    let imported = schema::import(&format!("{{\"properties\":{{{}}}}}", properties.join(","))).expect("a schema");
    let loomwork_types::Type::Record(record) = &imported.ty else { panic!("{:?}", imported.ty) };
    let fields: std::collections::BTreeSet<&str> = record.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(fields.len(), names.len());
    assert!(fields.contains("field") && fields.contains("field-n50000"));
    let cases: Vec<String> = names.iter().map(|name| format!("{{\"const\":\"{name}\"}}")).collect();
    let imported = schema::import(&format!("{{\"oneOf\":[{}]}}", cases.join(","))).expect("a schema");
    assert!(matches!(&imported.ty, loomwork_types::Type::Variant(variant) if variant.cases.len() == names.len()));
}

#[test]
fn a_type_becomes_a_schema() {
    let text = "record {
        /// Of the shop.
        sku: string,
        count: u8,
        price: f64,
        note: option<string>,
        state: enum { open, not-paid },
        pay: variant { cash, card(string) },
        rights: flags { read },
        raw: list<u8>,
        at: datetime,
        pair: tuple<s64, bool>,
        any: json,
    }";
    let ty = parse(text, &Names::default()).expect("a type");
    expect![[r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"sku":{"type":"string","description":"Of the shop."},"count":{"type":"integer","minimum":0,"maximum":255},"price":{"anyOf":[{"type":"number"},{"enum":["NaN","Infinity","-Infinity"]}]},"note":{"anyOf":[{"type":"null"},{"type":"string"}]},"state":{"enum":["open","not_paid"]},"pay":{"oneOf":[{"const":"cash"},{"type":"object","properties":{"card":{"type":"string"}},"required":["card"],"additionalProperties":false}]},"rights":{"type":"array","items":{"enum":["read"]}},"raw":{"type":"string","contentEncoding":"base64"},"at":{"type":"string","format":"date-time"},"pair":{"type":"array","prefixItems":[{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807},{"type":"boolean"}],"items":false,"minItems":2},"any":{}},"required":["sku","count","price","state","pay","rights","raw","at","pair","any"],"additionalProperties":false}"#]].assert_eq(&schema::export(&ty));
}
