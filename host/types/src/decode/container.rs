//! Lists, tuples, records and the one record that is known by name.

use super::{scalar, value, wrong};
use crate::mismatch::{Answer, Mismatch, clip};
use crate::names::suggest;
use crate::reader::Reader;
use crate::{Field, Record, Type};
use loomwork_value::{Key, Map, Value};
use std::cmp::Ordering;
use std::sync::Arc;

pub(super) fn list(reader: &mut Reader<'_>, ty: &Type, of: &Type) -> Answer<Value> {
    match reader.peek() {
        b'"' if ty.is_bytes() => scalar::bytes(reader),
        b'[' => {
            let elements = elements(reader, |reader, _| value(reader, of))?;
            Ok(if ty.is_bytes() { Value::Bytes(octets(&elements).into()) } else { Value::List(elements.into()) })
        }
        _ => Err(wrong(reader, ty)),
    }
}

/// Elements already known to be `u8`s.
fn octets(elements: &[Value]) -> Vec<u8> {
    let octet = |element: &Value| if let Value::Int(number) = element { *number as u8 } else { 0 };
    elements.iter().map(octet).collect()
}

pub(super) fn elements<'a>(
    reader: &mut Reader<'a>,
    mut read: impl FnMut(&mut Reader<'a>, usize) -> Answer<Value>,
) -> Answer<Vec<Value>> {
    let mut elements = Vec::new();
    let mut more = reader.open(b']')?;
    while more {
        let index = elements.len();
        elements.push(read(reader, index).map_err(|mismatch| mismatch.in_element(index))?);
        more = reader.another(b']')?;
    }
    Ok(elements)
}

pub(super) fn tuple(reader: &mut Reader<'_>, ty: &Type, of: &[Type]) -> Answer<Value> {
    if reader.peek() != b'[' {
        return Err(wrong(reader, ty));
    }
    let at = reader.offset();
    let length =
        |reader: &Reader<'_>| Mismatch::new("type.mismatch", reader.offset(), "the list has the wrong length for a tuple");
    let elements = elements(reader, |reader, index| match of.get(index) {
        Some(ty) => value(reader, ty),
        None => Err(length(reader)),
    })?;
    if elements.len() < of.len() {
        return Err(Mismatch::new("type.mismatch", at, "the list has the wrong length for a tuple"));
    }
    Ok(Value::List(elements.into()))
}

pub(super) fn record(reader: &mut Reader<'_>, ty: &Type, of: &Record) -> Answer<Value> {
    if reader.peek() != b'{' {
        return Err(wrong(reader, ty));
    }
    let start = reader.offset();
    let mut entries: Vec<(Key, Value)> = Vec::with_capacity(of.fields.len());
    let mut more = reader.open(b'}')?;
    while more {
        let at = reader.offset();
        let key = reader.key()?;
        // Fields mostly come in the type's order.
        let expected = of.fields.get(entries.len()).filter(|field| *field.json == *key);
        let Some(field) = expected.or_else(|| of.field(&key).map(|(_, field)| field)) else {
            return Err(unknown_field(of, &key, at));
        };
        if entries.len() == of.fields.len() {
            return Err(duplicate(&key, at));
        }
        let value = value(reader, &field.ty).map_err(|mismatch| mismatch.in_field(&key))?;
        entries.push((Key::String(field.json.clone()), value));
        more = reader.another(b'}')?;
    }
    let given = entries.len();
    sort(&mut entries, reader.offset())?;
    if given < of.fields.len() {
        complete(&mut entries, &of.fields, start)?;
    }
    Ok(Value::Map(Arc::new(Map { entries })))
}

/// Adds null for the options that are absent.
fn complete(entries: &mut Vec<(Key, Value)>, fields: &[Field], at: usize) -> Answer<()> {
    for field in fields {
        let Err(place) = entries.binary_search_by(|(key, _)| name(key).cmp(&field.json)) else { continue };
        if !matches!(field.ty, Type::Option(_)) {
            return Err(missing_field(field, at));
        }
        entries.insert(place, (Key::String(field.json.clone()), Value::Null));
    }
    Ok(())
}

/// Sorts an object's entries and refuses a key that appears twice.
pub(super) fn sort(entries: &mut [(Key, Value)], at: usize) -> Answer<()> {
    if entries.is_sorted_by(|a, b| name(&a.0) < name(&b.0)) {
        return Ok(());
    }
    loomwork_value::order::sort(entries, |a, b| name(&a.0).cmp(name(&b.0)));
    let twice = entries.windows(2).find(|pair| name(&pair[0].0).cmp(name(&pair[1].0)) == Ordering::Equal);
    twice.map_or(Ok(()), |pair| Err(duplicate(name(&pair[0].0), at)))
}

/// The text of a key that came from JSON.
fn name(key: &Key) -> &str {
    if let Key::String(name) = key { name } else { "" }
}

pub(super) fn blob(reader: &mut Reader<'_>) -> Answer<Value> {
    reader.peek();
    let at = reader.offset();
    let value = record(reader, &Type::Blob, Type::blob_record())?;
    if is_blob(&value) {
        return Ok(value);
    }
    Err(Mismatch::new("type.mismatch", at, "expected `sha256:` and 64 hexadecimal digits").in_field("digest"))
}

/// True if a blob's digest is one.
pub(crate) fn is_blob(value: &Value) -> bool {
    let Value::Map(map) = value else { return false };
    map.entries.iter().any(|(key, value)| match (key, value) {
        (Key::String(key), Value::String(digest)) if &**key == "digest" => digest
            .strip_prefix("sha256:")
            .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))),
        _ => false,
    })
}

pub(crate) fn missing_field(field: &Field, at: usize) -> Box<Mismatch> {
    Mismatch::new("type.missing_field", at, ["field `", &field.json, "` is missing"].concat())
}

pub(crate) fn unknown_field(of: &Record, key: &str, at: usize) -> Box<Mismatch> {
    let mismatch = Mismatch::new("type.unknown_field", at, ["there is no field `", clip(key), "`"].concat());
    match suggest(key, of.fields.iter().map(|field| &*field.json)) {
        Some(near) => mismatch.hint(["Did you mean `", near, "`?"].concat()),
        None => mismatch,
    }
}

pub(crate) fn duplicate(key: &str, at: usize) -> Box<Mismatch> {
    Mismatch::new("json.duplicate_key", at, ["key `", clip(key), "` appears twice"].concat())
}
