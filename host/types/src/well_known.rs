//! Records of `loom:types` that mean something to a host. Every flow can name them without writing them down; they are recognised
//! by that name, so no flow can give it to a type of its own.

use crate::{Field, Record, Type};
use std::sync::{Arc, LazyLock};

const HTTP_HEADER: &str = "http-header";
const HTTP_RESPONSE: &str = "http-response";

/// WIT names, for hints.
pub(crate) const NAMES: [&str; 2] = [HTTP_HEADER, HTTP_RESPONSE];

/// The record that `loom:types/types` has under this WIT name.
pub fn well_known(name: &str) -> Option<Type> {
    match name {
        HTTP_HEADER => Some(HEADER.clone()),
        HTTP_RESPONSE => Some(RESPONSE.clone()),
        _ => None,
    }
}

static HEADER: LazyLock<Type> =
    LazyLock::new(|| record(HTTP_HEADER, vec![Field::new("name", Type::String), Field::new("value", Type::String)]));

static RESPONSE: LazyLock<Type> = LazyLock::new(|| {
    let fields = vec![
        Field::new("status", Type::U16),
        Field::new("headers", Type::option(Type::list(HEADER.clone()))),
        Field::new("body", Type::Json),
        Field::new("bytes", Type::option(Type::bytes())),
    ];
    record(HTTP_RESPONSE, fields)
});

fn record(name: &str, fields: Vec<Field>) -> Type {
    Type::Record(Arc::new(Record { name: Some(name.into()), fields }))
}

impl Type {
    /// What a flow gives to say how its HTTP trigger answers: `http-response`.
    pub fn is_http_response(&self) -> bool {
        matches!(self, Type::Record(record) if record.name.as_deref() == Some(HTTP_RESPONSE))
    }
}
