//! The whole request as a flow's input: `{method, path, query, params, headers, body, raw}`, of these what the input's type has.

use super::body::{Media, base64, form, json_string, looks_like_json, media, text};
use super::fields::{Fields, query_fields};
use super::{Incoming, field, is_field, parameters, without_option};
use crate::problem::Problem;
use http::{HeaderMap, HeaderName, StatusCode, header};
use loomwork_types::{Limits, Type, names::snake, scan, writer};

/// The request as JSON text.
pub(crate) fn whole(request: &Incoming<'_>, ty: &Type) -> Result<String, Problem> {
    let mut out = Object::new(ty);
    out.text("method", request.method.as_str());
    out.text("path", request.path);
    out.with("query", |ty| Ok(declared(query_fields(request.query)?, ty).json(ty)))?;
    out.with("params", |ty| Ok(declared(parameters(request), ty).json(ty)))?;
    out.with("headers", |ty| Ok(headers(request.headers, ty)))?;
    out.with("body", |ty| body(request, ty))?;
    // Only where the type asks for it: everything would travel twice.
    if field(ty, "raw").is_some() {
        out.with("raw", |ty| raw(request.body, ty))?;
    }
    Ok(out.end())
}

/// Members of an object, of which those are written that the type has.
struct Object<'a> {
    ty: &'a Type,
    json: String,
}

impl<'a> Object<'a> {
    fn new(ty: &'a Type) -> Self {
        Self { ty, json: String::from("{") }
    }

    fn text(&mut self, name: &str, text: &str) {
        if is_field(self.ty, name) {
            self.member(name, &json_string(text));
        }
    }

    fn with(&mut self, name: &str, json: impl FnOnce(&Type) -> Result<String, Problem>) -> Result<(), Problem> {
        if is_field(self.ty, name) {
            let ty = field(self.ty, name).map_or(&Type::Json, |field| &field.ty);
            let json = json(ty)?;
            self.member(name, &json);
        }
        Ok(())
    }

    fn member(&mut self, name: &str, json: &str) {
        if self.json.len() > 1 {
            self.json.push(',');
        }
        writer::string(name, &mut self.json);
        self.json.push(':');
        self.json.push_str(json);
    }

    fn end(mut self) -> String {
        self.json.push('}');
        self.json
    }
}

/// Of pairs those that the type has.
fn declared(pairs: impl Iterator<Item = (String, String)>, ty: &Type) -> Fields {
    Fields::of(pairs.filter(|(name, _)| is_field(ty, name)))
}

/// By name in small letters; a record has `-` as `_` in its names. A header that came several times is one text, as HTTP reads it.
fn headers(headers: &HeaderMap, ty: &Type) -> String {
    let named = matches!(without_option(ty), Type::Record(_));
    let header = |name: &HeaderName| {
        let between = if *name == header::COOKIE { "; " } else { ", " };
        let values: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        let name = if named { snake(name.as_str()).to_string() } else { name.to_string() };
        (!values.is_empty()).then(|| (name, values.join(between)))
    };
    declared(headers.keys().filter_map(header), ty).json(ty)
}

/// What the body says by its content type: JSON its value, a form its fields, text a text; anything else, and no body, null.
fn body(request: &Incoming<'_>, ty: &Type) -> Result<String, Problem> {
    let bytes = request.body;
    match media(request.headers) {
        _ if bytes.is_empty() => Ok("null".to_owned()),
        Media::Json => json(bytes),
        Media::Form if looks_like_json(bytes) => json(bytes),
        Media::Form => Ok(form(bytes)?.json(ty)),
        Media::Text => Ok(json_string(text(bytes)?)),
        Media::Unsaid => Ok(json(bytes).or_else(|_| text(bytes).map(json_string)).unwrap_or_else(|_| "null".to_owned())),
        Media::Other => Ok("null".to_owned()),
    }
}

/// JSON that may be put into other JSON.
fn json(bytes: &[u8]) -> Result<String, Problem> {
    let scanned = scan(bytes, &Limits::default());
    let wrong = |mistake: loomwork_types::Mismatch| Problem::new(StatusCode::BAD_REQUEST, mistake.code, mistake.to_string());
    scanned.map(|text| text.trim().to_owned()).map_err(wrong)
}

/// The body as it came: as text if the type says so, else as bytes.
fn raw(bytes: &[u8], ty: &Type) -> Result<String, Problem> {
    match without_option(ty) {
        Type::String => text(bytes).map(json_string),
        _ => Ok(base64(bytes)),
    }
}
