//! The value model of expressions: the whole of CEL's, and nothing more.

use crate::Map;
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

/// The names of types as values, as `type(x)` gives them.
pub const TYPE_NAMES: [&str; 13] = [
    "null_type",
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "list",
    "map",
    "google.protobuf.Timestamp",
    "google.protobuf.Duration",
    "type",
    "optional_type",
];

impl Value {
    /// The CEL name of the value's type: one of [`TYPE_NAMES`].
    pub fn type_name(&self) -> &'static str {
        let index = match self {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Int(_) => 2,
            Value::Uint(_) => 3,
            Value::Double(_) => 4,
            Value::String(_) => 5,
            Value::Bytes(_) => 6,
            Value::List(_) => 7,
            Value::Map(_) => 8,
            Value::Timestamp(_) => 9,
            Value::Duration(_) => 10,
            Value::Type(_) => 11,
            Value::Optional(_) => 12,
        };
        TYPE_NAMES[index]
    }

    pub fn none() -> Self {
        Value::Optional(None)
    }

    pub fn some(value: Value) -> Self {
        Value::Optional(Some(Arc::new(value)))
    }

    pub fn list(elements: Vec<Value>) -> Self {
        Value::List(elements.into())
    }

    /// A map with text keys. The last of two equal keys wins.
    pub fn record<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        let mut map = Map::default();
        for (name, value) in fields {
            map.insert(crate::Key::String(name.into()), value);
        }
        map.into()
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Value::Uint(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Value::Double(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::String(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::String(value.into())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Value::Bytes(value.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Value::List(value.into())
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Self {
        Value::Map(Arc::new(value))
    }
}
