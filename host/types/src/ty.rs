//! The types of a flow: WIT's value types, `json`, and the named types of `loom:types`.

use crate::names::snake;
use std::sync::{Arc, OnceLock};

/// How deep types nest at most, and values too: JSON, expression values, wire bytes and schemas alike.
pub const MAX_DEPTH: usize = 128;

/// A type whose values can be written as JSON. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    Bool,
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Char,
    String,
    /// Any JSON value: WIT `loom:types/types.json`, a string holding JSON text.
    Json,
    /// `loom:types/types.datetime`: RFC 3339 text.
    Datetime,
    /// `loom:types/types.duration`: text such as `1h30m`, `250ms`, `2d`.
    Duration,
    /// `loom:types/types.blob`: a reference to bytes kept outside the run.
    Blob,
    /// `list<u8>` is this with [`Type::U8`]; its JSON is base64 text.
    List(Arc<Type>),
    Option(Arc<Type>),
    Result(Arc<ResultType>),
    Tuple(Arc<[Type]>),
    Record(Arc<Record>),
    Variant(Arc<Variant>),
    Enum(Arc<Labels>),
    Flags(Arc<Labels>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResultType {
    pub ok: Option<Type>,
    pub err: Option<Type>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// The WIT name, if it has one.
    pub name: Option<Arc<str>>,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// WIT's name, kebab-case.
    pub name: Arc<str>,
    /// The name in JSON and in expressions: snake_case unless the flow's own type says otherwise.
    pub json: Arc<str>,
    pub ty: Type,
    pub docs: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    pub name: Option<Arc<str>>,
    pub cases: Vec<Case>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    pub name: Arc<str>,
    pub json: Arc<str>,
    pub ty: Option<Type>,
    pub docs: Option<Arc<str>>,
}

/// The labels of an enum or of flags, in WIT's order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Labels {
    pub name: Option<Arc<str>>,
    /// (WIT name, JSON name)
    pub labels: Vec<(Arc<str>, Arc<str>)>,
}

impl Type {
    pub fn list(of: Type) -> Self {
        Type::List(Arc::new(of))
    }

    pub fn option(of: Type) -> Self {
        Type::Option(Arc::new(of))
    }

    pub fn result(ok: Option<Type>, err: Option<Type>) -> Self {
        Type::Result(Arc::new(ResultType { ok, err }))
    }

    pub fn tuple(of: impl Into<Arc<[Type]>>) -> Self {
        Type::Tuple(of.into())
    }

    /// A record without a name of its own.
    pub fn record(fields: impl Into<Vec<Field>>) -> Self {
        Type::Record(Arc::new(Record { name: None, fields: fields.into() }))
    }

    /// `list<u8>`, whose JSON is base64 text and whose value is bytes.
    pub fn bytes() -> Self {
        Type::list(Type::U8)
    }

    pub fn is_bytes(&self) -> bool {
        matches!(self, Type::List(of) if **of == Type::U8)
    }

    /// True if the JSON `null` can be a value of this type, so that an option of it needs `{"some": …}`.
    pub fn may_be_null(&self) -> bool {
        matches!(self, Type::Json | Type::Option(_))
    }

    /// The fields of [`Type::Blob`].
    pub fn blob_record() -> &'static Record {
        static BLOB: OnceLock<Record> = OnceLock::new();
        BLOB.get_or_init(|| Record {
            name: Some("blob".into()),
            fields: vec![
                Field::new("digest", Type::String),
                Field::new("size", Type::U64),
                Field::new("media-type", Type::String),
            ],
        })
    }

    /// What a person calls a value of this type: `text`, `a whole number (u32)`.
    pub fn noun(&self) -> &'static str {
        match self {
            Type::Bool => "true or false",
            Type::S8 => "a whole number (s8)",
            Type::S16 => "a whole number (s16)",
            Type::S32 => "a whole number (s32)",
            Type::S64 => "a whole number (s64)",
            Type::U8 => "a whole number (u8)",
            Type::U16 => "a whole number (u16)",
            Type::U32 => "a whole number (u32)",
            Type::U64 => "a whole number (u64)",
            Type::F32 | Type::F64 => "a number",
            Type::Char => "text of one character",
            Type::String => "text",
            Type::Json => "any JSON",
            Type::Datetime => "a date and time such as `2026-05-01T12:00:00Z`",
            Type::Duration => "a duration such as `1h30m`",
            Type::Blob => "a blob",
            Type::List(of) if **of == Type::U8 => "base64 text",
            Type::List(_) => "a list",
            Type::Option(of) => of.noun(),
            Type::Result(_) => "a result: `{\"ok\": …}` or `{\"err\": …}`",
            Type::Tuple(_) => "a list of fixed length",
            Type::Record(_) => "an object",
            Type::Variant(_) => "a variant: `{\"case\": payload}` or a case's name",
            Type::Enum(_) => "one of the enum's names",
            Type::Flags(_) => "a list of flags",
        }
    }
}

impl Record {
    /// The field with this JSON name, and its place.
    pub fn field(&self, json: &str) -> Option<(usize, &Field)> {
        self.fields.iter().enumerate().find(|(_, field)| &*field.json == json)
    }
}

impl Field {
    /// A field whose JSON name is the snake_case of its WIT name.
    pub fn new(name: &str, ty: Type) -> Self {
        Self { name: name.into(), json: snake(name), ty, docs: None }
    }
}

impl Case {
    pub fn new(name: &str, ty: Option<Type>) -> Self {
        Self { name: name.into(), json: snake(name), ty, docs: None }
    }
}

impl Labels {
    /// Labels without a type name, each with the snake_case of its WIT name in JSON.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { name: None, labels: names.into_iter().map(|name| (name.into(), snake(name))).collect() }
    }
}
