//! JSON Schema as a type. What a schema says that no type can is left out, and told; what has no type at all becomes `json`.

use crate::mismatch::clip;
use crate::{Case, Field, Labels, MAX_DEPTH, Mismatch, Record, Type, Variant, decode_dynamic};
use loomwork_value::{Key, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A type, and what was lost on the way: "`$.properties.a`: …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub ty: Type,
    pub notes: Vec<String>,
}

/// How many schemas one import follows at most, each use of a definition counted.
const MOST_PARTS: usize = 10_000;

/// The longest tuple that WIT text can say.
const MOST_OF_TUPLE: usize = 64;

/// Reads a JSON Schema. Fields come in the order of their names.
pub fn import(json: &str) -> Result<Imported, Mismatch> {
    let root = decode_dynamic(json)?;
    let mut importer = Importer { root: &root, notes: Vec::new(), path: String::from("$"), depth: 0, parts: 0 };
    let ty = importer.schema(&root);
    Ok(Imported { ty, notes: importer.notes })
}

struct Importer<'a> {
    root: &'a Value,
    notes: Vec<String>,
    path: String,
    depth: usize,
    parts: usize,
}

impl<'a> Importer<'a> {
    /// `json`, with the reason.
    fn any(&mut self, reason: &str) -> Type {
        self.note(reason);
        Type::Json
    }

    fn note(&mut self, what: &str) {
        if self.notes.len() < 100 {
            self.notes.push(["`", &self.path, "`: ", what].concat());
        }
    }

    /// Reads the schema at `step` below this one.
    fn below(&mut self, step: &str, schema: &'a Value) -> Type {
        let length = self.path.len();
        self.path.push('.');
        self.path.push_str(clip(step));
        let ty = self.schema(schema);
        self.path.truncate(length);
        ty
    }

    fn schema(&mut self, schema: &'a Value) -> Type {
        self.parts += 1;
        if self.depth + 1 >= MAX_DEPTH / 2 || self.parts > MOST_PARTS {
            return self.any("it is nested too deeply, or in a circle; it became `json`");
        }
        self.depth += 1;
        let ty = match schema {
            Value::Map(map) => self.object(map),
            _ => Type::Json,
        };
        self.depth -= 1;
        ty
    }

    fn object(&mut self, map: &'a Map) -> Type {
        if let Some(reference) = map.field("$ref") {
            return match self.resolve(reference) {
                Some(target) => self.schema(target),
                None => self.any("only references inside the schema are followed; it became `json`"),
            };
        }
        self.limits(map);
        let nullable = matches!(map.field("nullable"), Some(Value::Bool(true)));
        let ty = self.plain(map);
        if nullable { optional(ty) } else { ty }
    }

    fn plain(&mut self, map: &'a Map) -> Type {
        if let Some(Value::List(values)) = map.field("enum") {
            return self.choices(values);
        }
        if let Some(value) = map.field("const") {
            return self.choices(std::slice::from_ref(value));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::List(schemas)) = map.field(keyword) {
                return self.one_of(keyword, schemas);
            }
        }
        if map.field("allOf").is_some() {
            return self.any("`allOf` has no type; it became `json`");
        }
        match map.field("type") {
            Some(Value::String(name)) => self.named(name, map),
            Some(Value::List(names)) => self.several(names, map),
            _ if map.field("properties").is_some() => self.record(map),
            _ => Type::Json,
        }
    }

    /// `["string", "null"]`
    fn several(&mut self, names: &'a [Value], map: &'a Map) -> Type {
        let names: Vec<&str> = names.iter().filter_map(text).collect();
        let null = names.contains(&"null");
        match names.iter().copied().filter(|name| *name != "null").collect::<Vec<_>>()[..] {
            [name] if null => {
                let ty = self.named(name, map);
                optional(ty)
            }
            [name] => self.named(name, map),
            _ => self.any("several types at once; it became `json`"),
        }
    }

    fn named(&mut self, name: &str, map: &'a Map) -> Type {
        match name {
            "boolean" => Type::Bool,
            "integer" => integer(map),
            "number" => Type::F64,
            "string" => self.string(map),
            "array" => self.array(map),
            "object" => self.record(map),
            "null" => self.any("only null is allowed; it became `json`"),
            _ => self.any("an unknown type; it became `json`"),
        }
    }

    fn string(&mut self, map: &'a Map) -> Type {
        if let Some("base64") = map.field("contentEncoding").and_then(text) {
            return Type::bytes();
        }
        match map.field("format").and_then(text) {
            Some("date-time") => Type::Datetime,
            Some("byte") => Type::bytes(),
            Some(format) => {
                self.note(&["format `", clip(format), "` is not checked"].concat());
                Type::String
            }
            None => Type::String,
        }
    }

    fn array(&mut self, map: &'a Map) -> Type {
        // Draft 7 gives a tuple's types in `items`.
        let tuple = [map.field("prefixItems"), map.field("items")].into_iter().flatten().find_map(|items| match items {
            Value::List(items) if !items.is_empty() => Some(items),
            _ => None,
        });
        if let Some(items) = tuple {
            if items.len() > MOST_OF_TUPLE {
                return self.any("a tuple has at most 64 parts; it became `json`");
            }
            let types: Vec<Type> = items.iter().map(|item| self.below("prefixItems", item)).collect();
            return Type::tuple(types);
        }
        match map.field("items") {
            Some(items) => {
                let of = self.below("items", items);
                if of == Type::U8 {
                    // A list of small numbers would be read as bytes.
                    return Type::list(Type::U16);
                }
                Type::list(of)
            }
            None => Type::list(Type::Json),
        }
    }

    fn record(&mut self, map: &'a Map) -> Type {
        let Some(Value::Map(properties)) = map.field("properties") else {
            return self.any("an object with any keys; it became `json`");
        };
        if matches!(map.field("additionalProperties"), Some(Value::Bool(true) | Value::Map(_))) {
            self.note("further keys are refused");
        }
        let required: BTreeSet<&str> = match map.field("required") {
            Some(Value::List(names)) => names.iter().filter_map(text).collect(),
            _ => BTreeSet::new(),
        };
        let mut names = Names::default();
        let mut fields = Vec::new();
        for (key, schema) in &properties.entries {
            let Key::String(json) = key else { continue };
            let ty = self.below(json, schema);
            let ty = if required.contains(&**json) { ty } else { optional(ty) };
            let docs = described(schema);
            fields.push(Field { name: names.fresh(json), json: json.clone(), ty, docs });
        }
        Type::Record(Arc::new(Record { name: None, fields }))
    }

    /// `enum` and `const`.
    fn choices(&mut self, values: &'a [Value]) -> Type {
        let mut texts: Vec<&str> = values.iter().filter_map(text).collect();
        let null = values.iter().any(|value| matches!(value, Value::Null));
        texts.dedup();
        let distinct = texts.iter().collect::<BTreeSet<_>>().len() == texts.len();
        if texts.is_empty() || !distinct || texts.len() + usize::from(null) != values.len() {
            return self.any("an enum of other values than text; it became `json`");
        }
        let mut names = Names::default();
        let labels = texts.iter().map(|text| (names.fresh(text), Arc::from(*text))).collect();
        let ty = Type::Enum(Arc::new(Labels { name: None, labels }));
        if null { optional(ty) } else { ty }
    }

    /// A choice between null and one type is an option; between objects with one key each, or bare names, a variant.
    fn one_of(&mut self, keyword: &str, schemas: &'a [Value]) -> Type {
        let is_null = |schema: &&'a Value| matches!(schema, Value::Map(map) if map.field("type").and_then(text) == Some("null"));
        let others: Vec<&Value> = schemas.iter().filter(|schema| !is_null(schema)).collect();
        let null = others.len() < schemas.len();
        if let [only] = others[..] {
            let ty = self.below(keyword, only);
            return if null { optional(ty) } else { ty };
        }
        if others.iter().any(|schema| matches!(schema, Value::Map(map) if map.field("type").and_then(text) == Some("number"))) {
            return Type::F64;
        }
        match self.variant(keyword, &others) {
            Some(ty) if null => optional(ty),
            Some(ty) => ty,
            None => self.any("a choice between types that cannot be told apart by a name; it became `json`"),
        }
    }

    fn variant(&mut self, keyword: &str, schemas: &[&'a Value]) -> Option<Type> {
        let mut names = Names::default();
        let mut cases: Vec<Case> = Vec::new();
        let mut known = BTreeSet::new();
        for schema in schemas {
            let Value::Map(map) = schema else { return None };
            let (json, payload) = case(map)?;
            if !known.insert(json) {
                return None;
            }
            let docs = described(payload.unwrap_or(schema));
            let ty = payload.map(|payload| self.below(keyword, payload));
            cases.push(Case { name: names.fresh(json), json: json.into(), ty, docs });
        }
        (!cases.is_empty()).then(|| Type::Variant(Arc::new(Variant { name: None, cases })))
    }

    /// Says which limits no type can hold.
    fn limits(&mut self, map: &Map) {
        for keyword in [
            "pattern",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "multipleOf",
            "minProperties",
            "not",
            "if",
        ] {
            if map.field(keyword).is_some() {
                self.note(&["`", keyword, "` is not checked"].concat());
            }
        }
    }

    /// `#`, `#/$defs/name`, `#/definitions/name`.
    fn resolve(&self, reference: &Value) -> Option<&'a Value> {
        let pointer = text(reference)?.strip_prefix('#')?;
        let mut target = self.root;
        for step in pointer.split('/').skip(1) {
            let Value::Map(map) = target else { return None };
            target = map.field(&step.replace("~1", "/").replace("~0", "~"))?;
        }
        Some(target)
    }
}

/// The case that an object schema with one required property, or a constant text, stands for.
fn case(map: &Map) -> Option<(&str, Option<&Value>)> {
    if let Some(name) = map.field("const").and_then(text) {
        return Some((name, None));
    }
    let (Some(Value::Map(properties)), Some(Value::List(required))) = (map.field("properties"), map.field("required")) else {
        return None;
    };
    match (&properties.entries[..], &required[..]) {
        ([(Key::String(name), payload)], [Value::String(needed)]) if name == needed => Some((name, Some(payload))),
        _ => None,
    }
}

fn integer(map: &Map) -> Type {
    let bound = |keyword: &str| match map.field(keyword) {
        Some(Value::Int(number)) => Some(i128::from(*number)),
        // Just above what an `i64` holds.
        Some(Value::Double(number)) if *number >= 18_446_744_073_709_551_615.0 => Some(i128::from(u64::MAX)),
        _ => None,
    };
    let least = bound("minimum").unwrap_or(i64::MIN.into());
    let most = bound("maximum").unwrap_or(i64::MAX.into());
    let unsigned =
        [(u8::MAX.into(), Type::U8), (u16::MAX.into(), Type::U16), (u32::MAX.into(), Type::U32), (u64::MAX.into(), Type::U64)];
    let signed: [(i128, i128, Type); 3] = [
        (i8::MIN.into(), i8::MAX.into(), Type::S8),
        (i16::MIN.into(), i16::MAX.into(), Type::S16),
        (i32::MIN.into(), i32::MAX.into(), Type::S32),
    ];
    if least >= 0 && map.field("maximum").is_some() {
        return unsigned.into_iter().find(|(fits, _)| most <= *fits).map_or(Type::U64, |(_, ty)| ty);
    }
    signed.into_iter().find(|(low, high, _)| *low <= least && most <= *high).map_or(Type::S64, |(_, _, ty)| ty)
}

fn optional(ty: Type) -> Type {
    if matches!(ty, Type::Option(_)) { ty } else { Type::option(ty) }
}

fn described(schema: &Value) -> Option<Arc<str>> {
    let Value::Map(map) = schema else { return None };
    map.field("description").and_then(text).map(Arc::from)
}

fn text(value: &Value) -> Option<&str> {
    if let Value::String(text) = value { Some(text) } else { None }
}

/// WIT names for JSON names, no two the same.
#[derive(Default)]
struct Names {
    /// Each name that was given, with how often its like was wanted: thousands that differ in nothing but signs are soon told apart.
    taken: BTreeMap<String, u64>,
}

impl Names {
    fn fresh(&mut self, json: &str) -> Arc<str> {
        let name = kebab(json);
        let mut fresh = name.clone();
        let mut count = self.taken.get(&name).copied().unwrap_or(0);
        while self.taken.contains_key(&fresh) {
            count += 1;
            fresh = name.clone() + "-n";
            crate::writer::unsigned(count + 1, &mut fresh);
        }
        self.taken.insert(name, count);
        self.taken.entry(fresh.clone()).or_insert(0);
        fresh.into()
    }
}

/// The nearest WIT name: `unitPrice` is `unit-price`, `2nd try` is `n2nd-try`.
fn kebab(json: &str) -> String {
    let mut name = String::new();
    let mut before = '-';
    for letter in clip(json).chars() {
        let start = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if (start || !letter.is_ascii_alphanumeric()) && !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if letter.is_ascii_alphanumeric() {
            if letter.is_ascii_digit() && (name.is_empty() || name.ends_with('-')) {
                name.push('n');
            }
            name.push(letter.to_ascii_lowercase());
        }
        before = letter;
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { "field".into() } else { name.into() }
}
