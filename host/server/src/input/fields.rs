//! Names and texts: from the query, the path, or a form. Each text becomes the JSON that its field expects.

use super::{field, without_option};
use crate::problem::Problem;
use crate::routes::percent_decode;
use http::StatusCode;
use loomwork_types::{Type, writer};
use serde_json::Value;
use std::collections::HashMap;

/// Fields in the order in which they came; a name that came several times has several texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, Vec<String>)>);

/// The pairs of a query or a form: `name=text&name=text`, percent-encoded, `+` for a space.
pub(super) fn query_fields(text: &str) -> Result<impl Iterator<Item = (String, String)>, Problem> {
    let decode = |text: &str| percent_decode(&text.replace('+', " "));
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decode(name)?, decode(value)?))
    };
    let pairs: Option<Vec<_>> = text.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, "http.query", "the query or the form is not UTF-8 text");
    pairs.map(Vec::into_iter).ok_or_else(wrong)
}

/// A field's name without the `[]` that forms put behind the name of a list.
pub(super) fn bare(name: &str) -> &str {
    name.strip_suffix("[]").unwrap_or(name)
}

impl Fields {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Pairs of one source; those of the same name are one field.
    pub fn of(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut places = HashMap::new();
        let mut fields: Vec<(String, Vec<String>)> = Vec::new();
        for (name, text) in pairs {
            let place = *places.entry(name.clone()).or_insert(fields.len());
            match fields.get_mut(place) {
                Some((_, texts)) => texts.push(text),
                None => fields.push((name, vec![text])),
            }
        }
        Self(fields)
    }

    /// These and those of another source, which stay apart: a name that both have is there twice, and refused where it is read.
    pub fn and(mut self, others: Fields) -> Fields {
        self.0.extend(others.0);
        self
    }

    /// With the lists that did not come: forms send nothing where nothing was chosen.
    pub fn complete(mut self, ty: &Type) -> Fields {
        let Type::Record(record) = ty else { return self };
        let is_list = |ty: &Type| matches!(ty, Type::List(_)) && !ty.is_bytes();
        for field in record.fields.iter().filter(|field| is_list(&field.ty)) {
            if self.0.iter().all(|(name, _)| bare(name) != &*field.json) {
                self.0.push((field.json.to_string(), Vec::new()));
            }
        }
        self
    }

    /// A JSON object, each field as `ty` has it.
    pub fn json(&self, ty: &Type) -> String {
        let mut out = String::from("{");
        for (name, texts) in &self.0 {
            if out.len() > 1 {
                out.push(',');
            }
            writer::string(bare(name), &mut out);
            out.push(':');
            let ty = field(ty, bare(name)).map(|field| &field.ty);
            out.push_str(&value(ty, texts, name.ends_with("[]")).to_string());
        }
        out.push('}');
        out
    }
}

/// A list where the type says so, where the name says so, or where there are several and no type to say otherwise.
fn value(ty: Option<&Type>, texts: &[String], list: bool) -> Value {
    match ty.map(without_option) {
        Some(bytes) if bytes.is_bytes() && texts.len() == 1 => texts[0].clone().into(),
        Some(Type::List(of)) => texts.iter().map(|text| scalar(Some(of), text)).collect(),
        _ if list || texts.len() > 1 => texts.iter().map(|text| scalar(None, text)).collect(),
        _ => texts.first().map_or(Value::Null, |text| scalar(ty, text)),
    }
}

/// One text as the JSON that its type expects; what does not fit stays text, for the type check to name.
fn scalar(ty: Option<&Type>, text: &str) -> Value {
    let optional = matches!(ty, Some(Type::Option(_)));
    match ty.map(without_option) {
        None | Some(Type::String | Type::Char | Type::Datetime | Type::Duration | Type::Enum(_) | Type::Json) => text.into(),
        // A form sends what was left empty as empty text.
        Some(_) if optional && text.is_empty() => Value::Null,
        Some(_) => {
            let parsed = serde_json::from_str::<Value>(text).ok();
            parsed.filter(|value| value.is_number() || value.is_boolean()).unwrap_or_else(|| text.into())
        }
    }
}
