//! What a function returned, as a value of its type and as JSON.

use crate::trap::{BAD_RESULT, too_large};
use loomwork_types::{Fault, Field, Type, decode_dynamic};
use loomwork_value::{Key, Map, Value};
use std::sync::Arc;

/// A value as it lay in the guest's memory: its shape without names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raw {
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Char(char),
    Text(String),
    Bytes(Vec<u8>),
    /// A list, a tuple, or a record's fields.
    List(Vec<Raw>),
    /// An option, result, variant or enum: the case and its payload.
    Case(u32, Option<Box<Raw>>),
    Flags(Vec<u32>),
}

/// The JSON of a result; `limit.output` above `limit` bytes.
pub(crate) fn to_json(raw: Option<Raw>, ty: Option<&Type>, limit: usize) -> Result<String, Fault> {
    let (raw, ty) = match (raw, ty) {
        (None, _) | (_, None) => return Ok(String::from("null")),
        (Some(raw), Some(ty)) => (raw, ty),
    };
    let value = value(raw, ty)?;
    let mut out = String::new();
    loomwork_types::encode(&value, ty, &mut out).map_err(|mismatch| bad(mismatch.sentence().into_owned()))?;
    if out.len() > limit { Err(too_large()) } else { Ok(out) }
}

fn bad(message: impl Into<String>) -> Fault {
    Fault::new(BAD_RESULT, message)
}

fn other_type() -> Fault {
    bad("the component's function has another type than its package says")
}

/// The value that `encode` writes as `ty`.
fn value(raw: Raw, ty: &Type) -> Result<Value, Fault> {
    Ok(match (ty, raw) {
        (Type::Json, Raw::Text(text)) => {
            decode_dynamic(&text).map_err(|mismatch| bad(format!("a result that is no JSON: {mismatch}")))?
        }
        (Type::Char, Raw::Char(letter)) => Value::from(&*letter.encode_utf8(&mut [0; 4])),
        (Type::String | Type::Datetime | Type::Duration, Raw::Text(text)) => Value::String(text.into()),
        (Type::List(_), Raw::Bytes(bytes)) => Value::Bytes(bytes.into()),
        (Type::List(of), Raw::List(elements)) => {
            Value::List(elements.into_iter().map(|raw| value(raw, of)).collect::<Result<_, _>>()?)
        }
        (Type::Tuple(of), Raw::List(parts)) if of.len() == parts.len() => {
            Value::List(parts.into_iter().zip(of.iter()).map(|(raw, ty)| value(raw, ty)).collect::<Result<_, _>>()?)
        }
        (Type::Record(of), Raw::List(parts)) => record(parts, &of.fields)?,
        (Type::Blob, Raw::List(parts)) => record(parts, &Type::blob_record().fields)?,
        (Type::Option(_), Raw::Case(0, _)) => Value::Null,
        (Type::Option(of), Raw::Case(_, Some(raw))) => Value::some(value(*raw, of)?),
        (Type::Result(of), Raw::Case(case, payload)) => {
            let (name, ty) = if case == 0 { ("ok", &of.ok) } else { ("err", &of.err) };
            case_value(name.into(), payload, ty.as_ref())?
        }
        (Type::Variant(of), Raw::Case(case, payload)) => {
            let case = of.cases.get(case as usize).ok_or_else(other_type)?;
            case_value(case.json.clone(), payload, case.ty.as_ref())?
        }
        (Type::Enum(of), Raw::Case(case, _)) => {
            let (_, json) = of.labels.get(case as usize).ok_or_else(other_type)?;
            Value::String(json.clone())
        }
        (Type::Flags(of), Raw::Flags(words)) => {
            let set = |place: usize| words.get(place / 32).is_some_and(|word| word >> (place % 32) & 1 == 1);
            let labels = of.labels.iter().enumerate().filter(|(place, _)| set(*place));
            Value::List(labels.map(|(_, (_, json))| Value::String(json.clone())).collect())
        }
        (_, Raw::Bool(truth)) => Value::Bool(truth),
        (_, Raw::Signed(number)) => Value::Int(number),
        (_, Raw::Unsigned(number)) => Value::Uint(number),
        (_, Raw::Float(number)) => Value::Double(number),
        _ => return Err(other_type()),
    })
}

fn record(parts: Vec<Raw>, fields: &[Field]) -> Result<Value, Fault> {
    if parts.len() != fields.len() {
        return Err(other_type());
    }
    let entry = |(raw, field): (Raw, &Field)| Ok((Key::String(field.json.clone()), value(raw, &field.ty)?));
    let mut entries = parts.into_iter().zip(fields).map(entry).collect::<Result<Vec<_>, Fault>>()?;
    entries.sort_unstable_by(|(a, _), (b, _)| text_of(a).cmp(text_of(b)));
    Ok(Value::Map(Arc::new(Map { entries })))
}

fn text_of(key: &Key) -> &str {
    if let Key::String(name) = key { name } else { "" }
}

fn case_value(name: Arc<str>, payload: Option<Box<Raw>>, ty: Option<&Type>) -> Result<Value, Fault> {
    match (payload, ty) {
        (None, None) => Ok(Value::String(name)),
        (Some(raw), Some(ty)) => Ok(Value::Map(Arc::new(Map { entries: vec![(Key::String(name), value(*raw, ty)?)] }))),
        _ => Err(other_type()),
    }
}
