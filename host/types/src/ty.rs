//! The types of a flow: WIT's value types, `json`, and the named types of `loom:types`.

use std::sync::Arc;

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
