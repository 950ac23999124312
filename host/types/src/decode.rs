//! JSON text to values, by type. The table is in `docs/values.md`.

use crate::mismatch::{Answer, Mismatch, clip};
use crate::names::suggest;
use crate::reader::Reader;
use crate::{Field, Labels, Record, Type, Variant, datetime, duration};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use loomwork_value::{Key, Map, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// Padding may be left out; everything else is as RFC 4648 §4 says.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The value that `json` stands for, if it is of type `ty`.
pub fn decode(ty: &Type, json: &str) -> Result<Value, Mismatch> {
    let mut reader = Reader::new(json);
    let value = value(&mut reader, ty).map_err(|mismatch| *mismatch)?;
    reader.end().map_err(|mismatch| *mismatch)?;
    Ok(value)
}

/// The value of any JSON text: numbers without fraction and exponent that fit are ints, all others doubles.
pub fn decode_dynamic(json: &str) -> Result<Value, Mismatch> {
    decode(&Type::Json, json)
}

fn value(reader: &mut Reader<'_>, ty: &Type) -> Answer<Value> {
    match ty {
        Type::Json => dynamic(reader),
        Type::Bool => boolean(reader),
        Type::S8 => signed(reader, ty, i8::MIN.into(), i8::MAX.into()),
        Type::S16 => signed(reader, ty, i16::MIN.into(), i16::MAX.into()),
        Type::S32 => signed(reader, ty, i32::MIN.into(), i32::MAX.into()),
        Type::S64 => signed(reader, ty, i64::MIN, i64::MAX),
        Type::U8 => signed(reader, ty, 0, u8::MAX.into()),
        Type::U16 => signed(reader, ty, 0, u16::MAX.into()),
        Type::U32 => signed(reader, ty, 0, u32::MAX.into()),
        Type::U64 => unsigned(reader),
        Type::F32 | Type::F64 => float(reader, ty),
        Type::Char => character(reader),
        Type::String => Ok(Value::String(text(reader, ty)?.as_ref().into())),
        Type::Datetime => {
            let at = reader.offset();
            datetime::parse(&text(reader, ty)?).map(Value::Timestamp).ok_or_else(|| expected(ty, at))
        }
        Type::Duration => {
            let at = reader.offset();
            duration::parse(&text(reader, ty)?).map(Value::Duration).ok_or_else(|| expected(ty, at))
        }
        Type::Blob => blob(reader),
        Type::List(of) => list(reader, ty, of),
        Type::Option(of) => option(reader, of),
        Type::Result(cases) => {
            let payload = |name: &str| match name {
                "ok" => Some(("ok".into(), cases.ok.as_ref())),
                "err" => Some(("err".into(), cases.err.as_ref())),
                _ => None,
            };
            one_of(reader, ty, payload, &|| vec!["ok", "err"])
        }
        Type::Tuple(of) => tuple(reader, ty, of),
        Type::Record(of) => record(reader, ty, of),
        Type::Variant(of) => variant(reader, ty, of),
        Type::Enum(of) => Ok(Value::String(label(reader, ty, of)?)),
        Type::Flags(of) => flags(reader, ty, of),
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

fn boolean(reader: &mut Reader<'_>) -> Answer<Value> {
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

fn out_of_range(ty: &Type, number: &str, at: usize) -> Box<Mismatch> {
    Mismatch::new("type.range", at, [clip(number), " does not fit ", ty.noun()].concat())
}

fn signed(reader: &mut Reader<'_>, ty: &Type, least: i64, most: i64) -> Answer<Value> {
    reader.peek();
    let at = reader.offset();
    let (negative, size) = integer(reader, ty)?;
    let number = if negative { 0i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() };
    match number.filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(Value::Int(number)),
        None => Err(out_of_range(ty, "the number", at)),
    }
}

fn unsigned(reader: &mut Reader<'_>) -> Answer<Value> {
    reader.peek();
    let at = reader.offset();
    match integer(reader, &Type::U64)? {
        (false, size) => Ok(Value::Uint(size)),
        (true, _) => Err(out_of_range(&Type::U64, "a negative number", at)),
    }
}

fn float(reader: &mut Reader<'_>, ty: &Type) -> Answer<Value> {
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

fn text<'a>(reader: &mut Reader<'a>, ty: &Type) -> Answer<std::borrow::Cow<'a, str>> {
    if reader.peek() != b'"' {
        return Err(wrong(reader, ty));
    }
    reader.string()
}

fn character(reader: &mut Reader<'_>) -> Answer<Value> {
    let at = reader.offset();
    let text = text(reader, &Type::Char)?;
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(_), None) => Ok(Value::String(text.as_ref().into())),
        _ => Err(expected(&Type::Char, at)),
    }
}

fn blob(reader: &mut Reader<'_>) -> Answer<Value> {
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
        (Key::String(key), Value::String(digest)) if &**key == "digest" => digest.strip_prefix("sha256:").is_some_and(|hex| {
            hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        }),
        _ => false,
    })
}

fn list(reader: &mut Reader<'_>, ty: &Type, of: &Type) -> Answer<Value> {
    match reader.peek() {
        b'"' if ty.is_bytes() => bytes(reader),
        b'[' => {
            let elements = elements(reader, |reader, _| value(reader, of))?;
            Ok(if ty.is_bytes() { Value::Bytes(octets(&elements).into()) } else { Value::List(elements.into()) })
        }
        _ => Err(wrong(reader, ty)),
    }
}

fn bytes(reader: &mut Reader<'_>) -> Answer<Value> {
    let at = reader.offset();
    let text = reader.string()?;
    let bytes = BASE64.decode(text.as_bytes());
    bytes.map(|bytes| Value::Bytes(bytes.into())).map_err(|_| expected(&Type::bytes(), at))
}

/// Elements already known to be `u8`s.
fn octets(elements: &[Value]) -> Vec<u8> {
    let octet = |element: &Value| if let Value::Int(number) = element { *number as u8 } else { 0 };
    elements.iter().map(octet).collect()
}

fn elements<'a>(reader: &mut Reader<'a>, mut read: impl FnMut(&mut Reader<'a>, usize) -> Answer<Value>) -> Answer<Vec<Value>> {
    let mut elements = Vec::new();
    let mut more = reader.open(b']')?;
    while more {
        let index = elements.len();
        elements.push(read(reader, index).map_err(|mismatch| mismatch.in_element(index))?);
        more = reader.another(b']')?;
    }
    Ok(elements)
}

fn tuple(reader: &mut Reader<'_>, ty: &Type, of: &[Type]) -> Answer<Value> {
    if reader.peek() != b'[' {
        return Err(wrong(reader, ty));
    }
    let at = reader.offset();
    let length = |reader: &Reader<'_>| Mismatch::new("type.mismatch", reader.offset(), "the list has the wrong length for a tuple");
    let elements = elements(reader, |reader, index| match of.get(index) {
        Some(ty) => value(reader, ty),
        None => Err(length(reader)),
    })?;
    if elements.len() < of.len() {
        return Err(Mismatch::new("type.mismatch", at, "the list has the wrong length for a tuple"));
    }
    Ok(Value::List(elements.into()))
}

/// An option that cannot be mistaken is null or its value. In an option of an option the value stands in `{"some": …}`. In an
/// option of `json` it does so where it would be mistaken: if it is null, or an object with the one key `some`.
fn option(reader: &mut Reader<'_>, of: &Type) -> Answer<Value> {
    if reader.null()? {
        return Ok(Value::Null);
    }
    match of {
        Type::Option(_) if reader.peek() == b'{' => {
            let payload = |name: &str| (name == "some").then(|| ("some".into(), Some(of)));
            one_of(reader, of, payload, &|| vec!["some"])
        }
        Type::Option(_) => Err(Mismatch::new("type.mismatch", reader.offset(), "expected null or `{\"some\": …}`")),
        Type::Json => dynamic(reader).map(without_needless_some),
        _ => value(reader, of),
    }
}

/// The value of `option<json>` in the form in which it is kept.
fn without_needless_some(value: Value) -> Value {
    match some_of(&value) {
        Some(inner) if !matches!(inner, Value::Null) && some_of(inner).is_none() => inner.clone(),
        _ => value,
    }
}

/// What a map with the one key `some` holds.
pub(crate) fn some_of(value: &Value) -> Option<&Value> {
    let Value::Map(map) = value else { return None };
    match &map.entries[..] {
        [(Key::String(key), inner)] if &**key == "some" => Some(inner),
        _ => None,
    }
}

fn record(reader: &mut Reader<'_>, ty: &Type, of: &Record) -> Answer<Value> {
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

/// The text of a key that came from JSON.
fn name(key: &Key) -> &str {
    if let Key::String(name) = key { name } else { "" }
}

/// Sorts an object's entries and refuses a key that appears twice.
fn sort(entries: &mut [(Key, Value)], at: usize) -> Answer<()> {
    if entries.is_sorted_by(|a, b| name(&a.0) < name(&b.0)) {
        return Ok(());
    }
    entries.sort_unstable_by(|a, b| name(&a.0).cmp(name(&b.0)));
    let twice = entries.windows(2).find(|pair| name(&pair[0].0).cmp(name(&pair[1].0)) == Ordering::Equal);
    twice.map_or(Ok(()), |pair| Err(duplicate(name(&pair[0].0), at)))
}

fn variant(reader: &mut Reader<'_>, ty: &Type, of: &Variant) -> Answer<Value> {
    let find = |name: &str| of.cases.iter().find(|case| &*case.json == name).map(|case| (case.json.clone(), case.ty.as_ref()));
    one_of(reader, ty, find, &|| of.cases.iter().map(|case| &*case.json).collect())
}

/// `{"case": payload}`, or `"case"` where there is no payload.
fn one_of<'t>(
    reader: &mut Reader<'_>,
    ty: &Type,
    find: impl Fn(&str) -> Option<(Arc<str>, Option<&'t Type>)>,
    names: &dyn Fn() -> Vec<&'t str>,
) -> Answer<Value> {
    let bare = match reader.peek() {
        b'"' => true,
        b'{' => false,
        _ => return Err(wrong(reader, ty)),
    };
    let at = reader.offset();
    if !bare && !reader.open(b'}')? {
        return Err(expected(ty, at));
    }
    let given = if bare { reader.string()? } else { reader.key()? };
    let (case, payload) = find(&given).ok_or_else(|| unknown_case(&given, names().into_iter(), at))?;
    let value = match (bare, payload) {
        (true, None) => return Ok(Value::String(case)),
        (true, Some(payload)) => {
            let message = ["case `", &case, "` needs a payload: `{\"", &case, "\": …}`, ", payload.noun()].concat();
            return Err(Mismatch::new("type.mismatch", at, message));
        }
        (false, None) if reader.null()? => Value::String(case),
        (false, None) => return Err(Mismatch::new("type.mismatch", at, ["case `", &case, "` has no payload"].concat())),
        (false, Some(payload)) => {
            let value = value(reader, payload).map_err(|mismatch| mismatch.in_field(&case))?;
            Value::Map(Arc::new(Map { entries: vec![(Key::String(case), value)] }))
        }
    };
    if reader.another(b'}')? {
        return Err(Mismatch::new("type.mismatch", at, "an object that names a case has one key only"));
    }
    Ok(value)
}

pub(crate) fn unknown_case<'a>(given: &str, names: impl Iterator<Item = &'a str> + Clone, at: usize) -> Box<Mismatch> {
    let mismatch = Mismatch::new("type.unknown_case", at, ["there is no `", clip(given), "` among its names"].concat());
    if let Some(near) = suggest(given, names.clone()) {
        return mismatch.hint(["Did you mean `", near, "`?"].concat());
    }
    let some: Vec<&str> = names.take(12).collect();
    mismatch.hint(["It is one of: ", &some.join(", "), "."].concat())
}

fn label(reader: &mut Reader<'_>, ty: &Type, of: &Labels) -> Answer<Arc<str>> {
    if reader.peek() != b'"' {
        return Err(wrong(reader, ty));
    }
    let at = reader.offset();
    let given = reader.string()?;
    let found = of.labels.iter().find(|(_, json)| **json == *given);
    found.map(|(_, json)| json.clone()).ok_or_else(|| unknown_case(&given, of.labels.iter().map(|(_, json)| &**json), at))
}

/// The labels that are set, in the type's order, whatever order they were given in.
fn flags(reader: &mut Reader<'_>, ty: &Type, of: &Labels) -> Answer<Value> {
    if reader.peek() != b'[' {
        return Err(wrong(reader, ty));
    }
    let mut set = vec![false; of.labels.len()];
    let given = elements(reader, |reader, _| label(reader, ty, of).map(Value::String))?;
    for flag in &given {
        let Value::String(flag) = flag else { continue };
        let place = of.labels.iter().position(|(_, json)| json == flag);
        set[place.expect("label() answers with a label of the type")] = true;
    }
    let labels = of.labels.iter().zip(set).filter(|(_, set)| *set);
    Ok(Value::List(labels.map(|((_, json), _)| Value::String(json.clone())).collect()))
}

fn dynamic(reader: &mut Reader<'_>) -> Answer<Value> {
    match reader.peek() {
        b'n' => reader.word("null").map(|()| Value::Null),
        b't' | b'f' => boolean(reader),
        b'"' => reader.string().map(|text| Value::String(text.as_ref().into())),
        b'[' => elements(reader, |reader, _| dynamic(reader)).map(|elements| Value::List(elements.into())),
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
        let value = dynamic(reader).map_err(|mismatch| mismatch.in_field(&key))?;
        entries.push((Key::String(key.as_ref().into()), value));
        more = reader.another(b'}')?;
    }
    sort(&mut entries, reader.offset())?;
    Ok(Value::Map(Arc::new(Map { entries })))
}
