//! JSON text to values, by type. The table is in `docs/values.md`.

mod choice;
mod container;
mod dynamic;
mod scalar;

pub(crate) use choice::{some_of, unknown_case};
pub(crate) use container::{duplicate, is_blob, missing_field, unknown_field};
pub(crate) use scalar::BASE64;

use crate::mismatch::{Answer, Mismatch, clip};
use crate::reader::Reader;
use crate::{Mismatch as Refused, Type};
use loomwork_value::Value;

/// The value that `json` stands for, if it is of type `ty`.
pub fn decode(ty: &Type, json: &str) -> Result<Value, Refused> {
    let mut reader = Reader::new(json);
    let value = value(&mut reader, ty).map_err(|mismatch| *mismatch)?;
    reader.end().map_err(|mismatch| *mismatch)?;
    Ok(value)
}

/// The value of any JSON text: numbers without fraction and exponent that fit are ints, all others doubles.
pub fn decode_dynamic(json: &str) -> Result<Value, Refused> {
    decode(&Type::Json, json)
}

fn value(reader: &mut Reader<'_>, ty: &Type) -> Answer<Value> {
    match ty {
        Type::Json => dynamic::any(reader),
        Type::Bool => scalar::boolean(reader),
        Type::S8 => scalar::signed(reader, ty, i8::MIN.into(), i8::MAX.into()),
        Type::S16 => scalar::signed(reader, ty, i16::MIN.into(), i16::MAX.into()),
        Type::S32 => scalar::signed(reader, ty, i32::MIN.into(), i32::MAX.into()),
        Type::S64 => scalar::signed(reader, ty, i64::MIN, i64::MAX),
        Type::U8 => scalar::signed(reader, ty, 0, u8::MAX.into()),
        Type::U16 => scalar::signed(reader, ty, 0, u16::MAX.into()),
        Type::U32 => scalar::signed(reader, ty, 0, u32::MAX.into()),
        Type::U64 => scalar::unsigned(reader),
        Type::F32 | Type::F64 => scalar::float(reader, ty),
        Type::Char => scalar::character(reader),
        Type::String => scalar::text(reader, ty).map(|text| Value::String(text.as_ref().into())),
        Type::Datetime => scalar::datetime(reader),
        Type::Duration => scalar::duration(reader),
        Type::Blob => container::blob(reader),
        Type::List(of) => container::list(reader, ty, of),
        Type::Option(of) => choice::option(reader, of),
        Type::Result(cases) => {
            let payload = |name: &str| match name {
                "ok" => Some(("ok".into(), cases.ok.as_ref())),
                "err" => Some(("err".into(), cases.err.as_ref())),
                _ => None,
            };
            choice::one_of(reader, ty, payload, &|| vec!["ok", "err"])
        }
        Type::Tuple(of) => container::tuple(reader, ty, of),
        Type::Record(of) => container::record(reader, ty, of),
        Type::Variant(of) => choice::variant(reader, ty, of),
        Type::Enum(of) => Ok(Value::String(choice::label(reader, ty, of)?)),
        Type::Flags(of) => choice::flags(reader, ty, of),
    }
}

/// "expected text, found a number".
fn wrong(reader: &mut Reader<'_>, ty: &Type) -> Box<Mismatch> {
    let found = match reader.peek() {
        b'"' => "text",
        b'{' => "an object",
        b'[' => "a list",
        b't' | b'f' => "true or false",
        b'n' => "null",
        b'-' | b'0'..=b'9' => "a number",
        _ => return reader.syntax("expected a JSON value"),
    };
    Mismatch::new("type.mismatch", reader.offset(), ["expected ", ty.noun(), ", found ", found].concat())
}

fn expected(ty: &Type, at: usize) -> Box<Mismatch> {
    Mismatch::new("type.mismatch", at, ["expected ", ty.noun()].concat())
}

fn out_of_range(ty: &Type, number: &str, at: usize) -> Box<Mismatch> {
    Mismatch::new("type.range", at, [clip(number), " does not fit ", ty.noun()].concat())
}
