//! JSON without a type.

use super::container::{elements, sort};
use super::{out_of_range, scalar, wrong};
use crate::Type;
use crate::mismatch::Answer;
use crate::reader::Reader;
use loomwork_value::{Key, Map, Value};
use std::sync::Arc;

pub(super) fn any(reader: &mut Reader<'_>) -> Answer<Value> {
    match reader.peek() {
        b'n' => reader.word("null").map(|()| Value::Null),
        b't' | b'f' => scalar::boolean(reader),
        b'"' => reader.string().map(|text| Value::String(text.as_ref().into())),
        b'[' => elements(reader, |reader, _| any(reader)).map(|elements| Value::List(elements.into())),
        b'{' => object(reader),
        b'-' | b'0'..=b'9' => number(reader),
        _ => Err(wrong(reader, &Type::Json)),
    }
}

fn number(reader: &mut Reader<'_>) -> Answer<Value> {
    let at = reader.offset();
    let number = reader.number()?;
    if number.whole
        && let Some((negative, size)) = number.integer()
        && let Some(int) = if negative { 0i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() }
    {
        return Ok(Value::Int(int));
    }
    number.double().map(Value::Double).ok_or_else(|| out_of_range(&Type::F64, number.text, at))
}

fn object(reader: &mut Reader<'_>) -> Answer<Value> {
    let mut entries: Vec<(Key, Value)> = Vec::new();
    let mut more = reader.open(b'}')?;
    while more {
        let key = reader.key()?;
        let value = any(reader).map_err(|mismatch| mismatch.in_field(&key))?;
        entries.push((Key::String(key.as_ref().into()), value));
        more = reader.another(b'}')?;
    }
    sort(&mut entries, reader.offset())?;
    Ok(Value::Map(Arc::new(Map { entries })))
}
