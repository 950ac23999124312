//! The static types of expressions: CEL's types, with records as known from WIT.

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
