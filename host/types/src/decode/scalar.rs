//! Booleans, numbers, text, times and bytes.

use super::{expected, out_of_range, wrong};
use crate::mismatch::{Answer, Mismatch, clip};
use crate::reader::Reader;
use crate::{Type, datetime as instant, duration as length, writer};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use loomwork_value::Value;
use std::borrow::Cow;

/// Padding may be left out; everything else is as RFC 4648 §4 says.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn boolean(reader: &mut Reader<'_>) -> Answer<Value> {
    match reader.peek() {
        b't' => reader.word("true").map(|()| Value::Bool(true)),
        b'f' => reader.word("false").map(|()| Value::Bool(false)),
        _ => Err(wrong(reader, &Type::Bool)),
    }
}

/// Sign and size of a whole number.
fn integer(reader: &mut Reader<'_>, ty: &Type) -> Answer<(bool, u64)> {
    if !matches!(reader.peek(), b'-' | b'0'..=b'9') {
        return Err(wrong(reader, ty));
    }
    let at = reader.offset();
    let number = reader.number()?;
    number.integer().ok_or_else(|| match number.whole {
        true => out_of_range(ty, number.text, at),
        false => Mismatch::new("type.mismatch", at, ["expected ", ty.noun(), ", found ", clip(number.text)].concat()),
    })
}

pub(super) fn signed(reader: &mut Reader<'_>, ty: &Type, least: i64, most: i64) -> Answer<Value> {
    reader.peek();
    let at = reader.offset();
    let (negative, size) = integer(reader, ty)?;
    let number = if negative { 0i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() };
    match number.filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(Value::Int(number)),
        None => {
            let mut text = String::from(if negative { "-" } else { "" });
            writer::unsigned(size, &mut text);
            Err(out_of_range(ty, &text, at))
        }
    }
}

pub(super) fn unsigned(reader: &mut Reader<'_>) -> Answer<Value> {
    reader.peek();
    let at = reader.offset();
    match integer(reader, &Type::U64)? {
        (false, size) => Ok(Value::Uint(size)),
        (true, _) => Err(out_of_range(&Type::U64, "a negative number", at)),
    }
}

pub(super) fn float(reader: &mut Reader<'_>, ty: &Type) -> Answer<Value> {
    let first = reader.peek();
    let at = reader.offset();
    if first == b'"' {
        let number = match &*reader.string()? {
            "NaN" => f64::NAN,
            "Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            _ => return Err(expected(ty, at).hint("As text a number can only be \"NaN\", \"Infinity\" or \"-Infinity\".")),
        };
        return Ok(Value::Double(number));
    }
    if !matches!(first, b'-' | b'0'..=b'9') {
        return Err(wrong(reader, ty));
    }
    let number = reader.number()?;
    let read = match ty {
        // Read as a single, so that it is rounded once.
        Type::F32 => number.text.parse::<f32>().ok().filter(|number| number.is_finite()).map(f64::from),
        _ => number.double(),
    };
    read.map(Value::Double).ok_or_else(|| out_of_range(ty, number.text, at))
}

pub(super) fn text<'a>(reader: &mut Reader<'a>, ty: &Type) -> Answer<Cow<'a, str>> {
    if reader.peek() != b'"' {
        return Err(wrong(reader, ty));
    }
    reader.string()
}

pub(super) fn character(reader: &mut Reader<'_>) -> Answer<Value> {
    let at = reader.offset();
    let text = text(reader, &Type::Char)?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(_), None) => Ok(Value::String(text.as_ref().into())),
        _ => Err(expected(&Type::Char, at)),
    }
}

pub(super) fn datetime(reader: &mut Reader<'_>) -> Answer<Value> {
    let at = reader.offset();
    instant::parse(&text(reader, &Type::Datetime)?).map(Value::Timestamp).ok_or_else(|| expected(&Type::Datetime, at))
}

pub(super) fn duration(reader: &mut Reader<'_>) -> Answer<Value> {
    let at = reader.offset();
    length::parse(&text(reader, &Type::Duration)?).map(Value::Duration).ok_or_else(|| expected(&Type::Duration, at))
}

/// Base64 text; the quote is next.
pub(super) fn bytes(reader: &mut Reader<'_>) -> Answer<Value> {
    let at = reader.offset();
    let text = reader.string()?;
    let bytes = BASE64.decode(text.as_bytes());
    bytes.map(|bytes| Value::Bytes(bytes.into())).map_err(|_| expected(&Type::bytes(), at))
}
