//! Options, results, variants, enums and flags as JSON, by type.

use super::{deeper, dynamic, list, write, wrong};
use crate::decode::{some_of, unknown_case};
use crate::mismatch::{Answer, Mismatch};
use crate::{Labels, ResultType, Type, Variant, writer};
use loomwork_value::{Key, Value};

/// See the rule at `decode`'s option: what could be mistaken stands in `{"some": …}`.
pub(super) fn option(value: &Value, of: &Type, out: &mut String, depth: usize) -> Answer<()> {
    let (inner, optional, depth) = match value {
        Value::Null | Value::Optional(None) => {
            out.push_str("null");
            return Ok(());
        }
        Value::Optional(Some(inner)) => (&**inner, true, deeper(depth)?),
        other => (other, false, depth),
    };
    match of {
        Type::Option(_) => {
            let inner = if optional { inner } else { some_of(inner).ok_or_else(|| unwrapped(inner))? };
            wrapped(inner, of, out, depth)
        }
        Type::Json => {
            let mistaken = |value: &Value| matches!(value, Value::Null | Value::Optional(None)) || some_of(value).is_some();
            let inner = if optional { inner } else { some_of(inner).unwrap_or(inner) };
            if mistaken(inner) { wrapped(inner, of, out, depth) } else { dynamic::write(inner, out, depth) }
        }
        _ => write(inner, of, out, depth),
    }
}

fn wrapped(inner: &Value, of: &Type, out: &mut String, depth: usize) -> Answer<()> {
    out.push_str("{\"some\":");
    write(inner, of, out, deeper(depth)?).map_err(|mismatch| mismatch.in_field("some"))?;
    out.push('}');
    Ok(())
}

fn unwrapped(value: &Value) -> Box<Mismatch> {
    Mismatch::new("type.mismatch", 0, ["expected null or `{\"some\": …}`, found ", super::noun(value)].concat())
}

pub(super) fn result(value: &Value, ty: &Type, cases: &ResultType, out: &mut String, depth: usize) -> Answer<()> {
    let (given, payload) = case_of(value).ok_or_else(|| wrong(value, ty))?;
    match given {
        "ok" => case("ok", cases.ok.as_ref(), payload, out, depth),
        "err" => case("err", cases.err.as_ref(), payload, out, depth),
        _ => Err(unknown_case(given, ["ok", "err"].into_iter(), 0)),
    }
}

pub(super) fn variant(value: &Value, ty: &Type, of: &Variant, out: &mut String, depth: usize) -> Answer<()> {
    let (given, payload) = case_of(value).ok_or_else(|| wrong(value, ty))?;
    match of.cases.iter().find(|case| &*case.json == given) {
        Some(found) => case(&found.json, found.ty.as_ref(), payload, out, depth),
        None => Err(unknown_case(given, of.cases.iter().map(|case| &*case.json), 0)),
    }
}

/// The case that a value names, and its payload: text, or a map with one key.
fn case_of(value: &Value) -> Option<(&str, Option<&Value>)> {
    match value {
        Value::String(name) => Some((name, None)),
        Value::Map(map) => match &map.entries[..] {
            [(Key::String(name), payload)] => Some((name, Some(payload))),
            _ => None,
        },
        _ => None,
    }
}

fn case(name: &str, ty: Option<&Type>, payload: Option<&Value>, out: &mut String, depth: usize) -> Answer<()> {
    match (ty, payload) {
        (None, None | Some(Value::Null)) => {
            writer::string(name, out);
            Ok(())
        }
        (None, Some(_)) => Err(Mismatch::new("type.mismatch", 0, ["case `", name, "` has no payload"].concat())),
        (Some(ty), None) => {
            let message = ["case `", name, "` needs a payload: `{\"", name, "\": …}`, ", ty.noun()].concat();
            Err(Mismatch::new("type.mismatch", 0, message))
        }
        (Some(ty), Some(payload)) => {
            out.push('{');
            writer::string(name, out);
            out.push(':');
            write(payload, ty, out, deeper(depth)?).map_err(|mismatch| mismatch.in_field(name))?;
            out.push('}');
            Ok(())
        }
    }
}

pub(super) fn label<'t>(value: &Value, ty: &Type, of: &'t Labels) -> Answer<&'t str> {
    let Value::String(given) = value else { return Err(wrong(value, ty)) };
    let found = of.labels.iter().map(|(_, json)| &**json).find(|json| *json == &**given);
    found.ok_or_else(|| unknown_case(given, of.labels.iter().map(|(_, json)| &**json), 0))
}

pub(super) fn flags(value: &Value, ty: &Type, of: &Labels, out: &mut String) -> Answer<()> {
    let Value::List(given) = value else { return Err(wrong(value, ty)) };
    let one = Type::String;
    for (index, flag) in given.iter().enumerate() {
        label(flag, &one, of).map_err(|mismatch| mismatch.in_element(index))?;
    }
    let set = |json: &str| given.iter().any(|flag| matches!(flag, Value::String(flag) if &**flag == json));
    let labels: Vec<Value> =
        of.labels.iter().filter(|(_, json)| set(json)).map(|(_, json)| Value::String(json.clone())).collect();
    list(&labels, out, |flag, _, out| write(flag, &one, out, 0))
}
