//! `Dear {customer.name}`: text with fields of a JSON object filled in.

use crate::{Error, bounded};
use serde_json::Value;

pub fn fill(template: &str, values: &str) -> Result<String, Error> {
    let values = serde_json::from_str(values).map_err(|error| Error::Invalid(format!("`values` is not JSON: {error}")))?;
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        let after = &rest[at + 1..];
        rest = if let Some(after) = after.strip_prefix(brace) {
            out.push_str(brace);
            after
        } else if brace == "{" {
            let (field, after) = after.split_once('}').ok_or_else(|| open_brace(template, &rest[at..]))?;
            write(&mut out, lookup(&values, field.trim())?);
            after
        } else {
            return Err(Error::BadTemplate("there is a `}` without `{` before it; write `}}` for a brace".into()));
        };
        bounded(out.len())?;
    }
    out.push_str(rest);
    bounded(out.len())?;
    Ok(out)
}

fn open_brace(template: &str, rest: &str) -> Error {
    let line = template[..template.len() - rest.len()].matches('\n').count() + 1;
    Error::BadTemplate(format!("the `{{` in line {line} is never closed; write `{{{{` for a brace"))
}

fn lookup<'v>(values: &'v Value, field: &str) -> Result<&'v Value, Error> {
    field.split('.').try_fold(values, |value, name| step(value, name)).ok_or_else(|| missing(values, field))
}

fn step<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(fields) => fields.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn missing(values: &Value, field: &str) -> Error {
    let names: Vec<&str> = values.as_object().into_iter().flat_map(|fields| fields.keys()).take(10).map(String::as_str).collect();
    let hint = if names.is_empty() { "there are no values".to_owned() } else { format!("there are: {}", names.join(", ")) };
    Error::BadTemplate(format!("there is no value for `{{{field}}}`; {hint}"))
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => out.push_str(text),
        other => out.push_str(&other.to_string()),
    }
}
