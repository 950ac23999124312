//! What a request gives a flow: the JSON text of its input, shaped by the flow's own type. Pure: no sockets, no clock.
//!
//! Whether the text fits the type is looked at once, where runs start; here is only said what HTTP has to say.

mod body;
mod fields;
mod whole;

use crate::problem::Problem;
use body::Body;
use fields::{Fields, query_fields};
use http::{HeaderMap, Method, StatusCode};
use loomwork_types::{Field, Type};

pub(crate) use whole::whole;

/// One request, read to its end.
#[derive(Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    /// What the route's `{name}` segments are here.
    pub parameters: &'a [(&'a str, String)],
    pub body: &'a [u8],
}

/// The body as the flow's input, with the path's parameters and those of the query that the input has as fields.
pub(crate) fn from_body(request: &Incoming<'_>, ty: &Type) -> Result<String, Problem> {
    let body = Body::read(request, ty)?;
    let takes_query = matches!(ty, Type::Record(_)) || matches!(body, Body::Absent | Body::Form(_));
    let query = query_fields(if takes_query { request.query } else { "" })?.filter(|(name, _)| is_field(ty, name));
    let fields = Fields::of(query).and(Fields::of(parameters(request)));
    match body {
        Body::Absent if fields.is_empty() && !matches!(ty, Type::Record(_)) => Ok("null".to_owned()),
        Body::Absent => Ok(fields.complete(ty).json(ty)),
        Body::Form(form) => Ok(form.and(fields).complete(ty).json(ty)),
        Body::Json(text) if fields.is_empty() => Ok(text.to_owned()),
        Body::Json(text) => joined(&fields.json(ty), text),
        Body::Value(json) if fields.is_empty() => Ok(json),
        Body::Value(_) => Err(no_object()),
    }
}

fn parameters(request: &Incoming<'_>) -> impl Iterator<Item = (String, String)> {
    request.parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone()))
}

/// Two objects as one. A name that both have stands there twice, and is refused where the input is read.
fn joined(fields: &str, body: &str) -> Result<String, Problem> {
    let rest = body.trim_start().strip_prefix('{').ok_or_else(no_object)?;
    let comma = if rest.trim_start().starts_with('}') { "" } else { "," };
    Ok(format!("{}{comma}{rest}", &fields[..fields.len() - 1]))
}

fn no_object() -> Problem {
    let message = "the body must be a JSON object, because the path or the query gives fields too";
    Problem::new(StatusCode::BAD_REQUEST, "http.body", message)
}

fn field<'a>(ty: &'a Type, json: &str) -> Option<&'a Field> {
    match without_option(ty) {
        Type::Record(record) => record.field(json).map(|(_, field)| field),
        _ => None,
    }
}

/// Whether an input of this type has the field; one without declared fields has any.
fn is_field(ty: &Type, json: &str) -> bool {
    !matches!(without_option(ty), Type::Record(_)) || field(ty, fields::bare(json)).is_some()
}

fn without_option(ty: &Type) -> &Type {
    match ty {
        Type::Option(inner) => without_option(inner),
        ty => ty,
    }
}

#[cfg(test)]
mod tests;
