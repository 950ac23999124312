//! The value model of expressions: the whole of CEL's, and nothing more.

use std::sync::Arc;

/// A value. Cloning is cheap: everything large is shared.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(Arc<str>),
    Bytes(Arc<[u8]>),
    List(Arc<[Value]>),
    Map(Arc<Map>),
    Timestamp(Timestamp),
    Duration(Duration),
    /// A type as a value, by its CEL name: `int`, `list`, `google.protobuf.Timestamp`.
    Type(Arc<str>),
    Optional(Option<Arc<Value>>),
}

/// A map, sorted by key, so that iteration has one order everywhere.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// Sorted by [`Key`], no key twice.
    pub entries: Vec<(Key, Value)>,
}

/// A map key. `Int(1)` and `Uint(1)` are the same key, as CEL's numeric equality says.
#[derive(Clone, Debug)]
pub enum Key {
    Bool(bool),
    Int(i64),
    Uint(u64),
    String(Arc<str>),
}

/// An instant: nanoseconds since 1970-01-01T00:00:00Z, from year 1 to year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    pub nanos: i128,
}

/// A length of time in nanoseconds; CEL bounds it to about ±10 000 years, and to what fits in an `i64` of nanoseconds in arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    pub nanos: i128,
}
