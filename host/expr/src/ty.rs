//! The static types of expressions: CEL's types, with records as known from WIT.

use loomwork_types::Type;
use std::fmt;
use std::sync::Arc;

/// What the checker knows of a value. `Dyn` is "known only when it runs".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    /// A type as a value.
    Type,
    List(Arc<Ty>),
    Map(Arc<Ty>, Arc<Ty>),
    /// A map with known string keys, all present.
    Record(Arc<Vec<(Arc<str>, Ty)>>),
    Optional(Arc<Ty>),
    /// A value that may be null instead: a WIT `option` field.
    Nullable(Arc<Ty>),
}

impl Ty {
    pub fn list(element: Ty) -> Self {
        Ty::List(Arc::new(element))
    }

    pub fn map(key: Ty, value: Ty) -> Self {
        Ty::Map(Arc::new(key), Arc::new(value))
    }

    pub fn optional(inner: Ty) -> Self {
        Ty::Optional(Arc::new(inner))
    }

    pub fn record<'a>(fields: impl IntoIterator<Item = (&'a str, Ty)>) -> Self {
        Ty::Record(Arc::new(fields.into_iter().map(|(name, ty)| (name.into(), ty)).collect()))
    }

    /// The type, or null. Twice is once, and null in `Dyn` is nothing new.
    pub fn nullable(inner: Ty) -> Self {
        match inner {
            Ty::Dyn | Ty::Null | Ty::Nullable(_) => inner,
            inner => Ty::Nullable(Arc::new(inner)),
        }
    }

    /// The type of the values that a WIT type's values become in expressions.
    pub fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Ty::Bool,
            Type::S8 | Type::S16 | Type::S32 | Type::S64 | Type::U8 | Type::U16 | Type::U32 => Ty::Int,
            Type::U64 => Ty::Uint,
            Type::F32 | Type::F64 => Ty::Double,
            Type::Char | Type::String | Type::Enum(_) => Ty::String,
            Type::Datetime => Ty::Timestamp,
            Type::Duration => Ty::Duration,
            Type::List(element) if **element == Type::U8 => Ty::Bytes,
            Type::List(element) => Ty::list(Ty::of(element)),
            Type::Option(inner) => match &**inner {
                Type::Option(_) | Type::Json => Ty::Dyn,
                inner => Ty::nullable(Ty::of(inner)),
            },
            Type::Record(record) => {
                Ty::Record(Arc::new(record.fields.iter().map(|field| (field.json.clone(), Ty::of(&field.ty))).collect()))
            }
            Type::Flags(_) => Ty::list(Ty::String),
            Type::Json | Type::Blob | Type::Result(_) | Type::Tuple(_) | Type::Variant(_) => Ty::Dyn,
        }
    }

    /// The smallest type that holds the values of both.
    pub fn join(&self, other: &Ty) -> Ty {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Ty::Null, Ty::Nullable(_)) => other.clone(),
            (Ty::Nullable(_), Ty::Null) => self.clone(),
            (Ty::Null, ty) | (ty, Ty::Null) => Ty::nullable(ty.clone()),
            (Ty::Nullable(a), b) | (b, Ty::Nullable(a)) => match a.join(b.inner()) {
                Ty::Dyn => Ty::Dyn,
                ty => Ty::nullable(ty),
            },
            (Ty::List(a), Ty::List(b)) => Ty::list(a.join(b)),
            (Ty::Optional(a), Ty::Optional(b)) => Ty::optional(a.join(b)),
            (Ty::Map(k, v), Ty::Map(l, w)) => Ty::map(k.join(l), v.join(w)),
            (Ty::Record(a), Ty::Record(b)) => join_records(a, b),
            (Ty::Record(_), Ty::Map(key, _)) | (Ty::Map(key, _), Ty::Record(_)) => Ty::map(key.join(&Ty::String), Ty::Dyn),
            _ => Ty::Dyn,
        }
    }

    /// A field's type, of a record that has it.
    pub fn field(&self, name: &str) -> Option<&Ty> {
        match self {
            Ty::Record(fields) => fields.iter().find(|(own, _)| **own == *name).map(|(_, ty)| ty),
            _ => None,
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Ty::Int | Ty::Uint | Ty::Double)
    }

    /// Without `Nullable`.
    pub(crate) fn inner(&self) -> &Ty {
        match self {
            Ty::Nullable(inner) => inner,
            ty => ty,
        }
    }
}

/// The same fields joined; records with different fields are only maps with text keys.
fn join_records(a: &[(Arc<str>, Ty)], b: &[(Arc<str>, Ty)]) -> Ty {
    let field = |name: &str| b.iter().find(|(own, _)| **own == *name).map(|(_, ty)| ty);
    let joined: Option<Vec<_>> = a.iter().map(|(name, ty)| Some((name.clone(), ty.join(field(name)?)))).collect();
    match joined.filter(|joined| joined.len() == b.len()) {
        Some(joined) => Ty::Record(Arc::new(joined)),
        None => Ty::map(Ty::String, Ty::Dyn),
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Dyn => f.write_str("any value"),
            Ty::Null => f.write_str("null"),
            Ty::Bool => f.write_str("bool"),
            Ty::Int => f.write_str("int"),
            Ty::Uint => f.write_str("uint"),
            Ty::Double => f.write_str("double"),
            Ty::String => f.write_str("string"),
            Ty::Bytes => f.write_str("bytes"),
            Ty::Timestamp => f.write_str("timestamp"),
            Ty::Duration => f.write_str("duration"),
            Ty::Type => f.write_str("type"),
            Ty::List(element) => write!(f, "list<{element}>"),
            Ty::Map(key, value) => write!(f, "map<{key}, {value}>"),
            Ty::Record(fields) => {
                let shown: Vec<&str> = fields.iter().take(5).map(|(name, _)| &**name).collect();
                let more = if fields.len() > 5 { ", …" } else { "" };
                write!(f, "record{{{}{more}}}", shown.join(", "))
            }
            Ty::Optional(inner) => write!(f, "optional<{inner}>"),
            Ty::Nullable(inner) => write!(f, "{inner} or null"),
        }
    }
}
