//! A type as JSON Schema: what the mapping accepts, as far as a schema can say it.

use crate::{Labels, Record, Type, Variant, writer};

/// A schema of draft 2020-12, as JSON text.
pub fn export(ty: &Type) -> String {
    let mut out = String::from("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"");
    let mut own = String::new();
    members(ty, None, &mut own);
    if !own.is_empty() {
        out.push(',');
        out.push_str(&own);
    }
    out.push('}');
    out
}

/// The schema with its braces.
fn schema(ty: &Type, docs: Option<&str>, out: &mut String) {
    out.push('{');
    members(ty, docs, out);
    out.push('}');
}

/// The schema's members, without braces. Without any it allows everything.
fn members(ty: &Type, docs: Option<&str>, out: &mut String) {
    let start = out.len();
    match ty {
        Type::Json => {}
        Type::Bool => out.push_str(r#""type":"boolean""#),
        Type::S8 => whole(i8::MIN.into(), i8::MAX as u64, out),
        Type::S16 => whole(i16::MIN.into(), i16::MAX as u64, out),
        Type::S32 => whole(i32::MIN.into(), i32::MAX as u64, out),
        Type::S64 => whole(i64::MIN, i64::MAX as u64, out),
        Type::U8 => whole(0, u8::MAX.into(), out),
        Type::U16 => whole(0, u16::MAX.into(), out),
        Type::U32 => whole(0, u32::MAX.into(), out),
        Type::U64 => whole(0, u64::MAX, out),
        Type::F32 | Type::F64 => out.push_str(r#""anyOf":[{"type":"number"},{"enum":["NaN","Infinity","-Infinity"]}]"#),
        Type::Char => out.push_str(r#""type":"string","minLength":1,"maxLength":1"#),
        Type::String => out.push_str(r#""type":"string""#),
        Type::Datetime => out.push_str(r#""type":"string","format":"date-time""#),
        Type::Duration => out.push_str(r#""type":"string","pattern":"^-?(0|([0-9]+(\\.[0-9]+)?(d|h|m|s|ms|us|ns))+)$""#),
        Type::Blob => record(Type::blob_record(), out),
        Type::List(_) if ty.is_bytes() => out.push_str(r#""type":"string","contentEncoding":"base64""#),
        Type::List(of) => {
            out.push_str(r#""type":"array","items":"#);
            schema(of, None, out);
        }
        Type::Option(of) => option(of, out),
        Type::Result(of) => one_of([("ok", of.ok.as_ref(), None), ("err", of.err.as_ref(), None)].into_iter(), out),
        Type::Tuple(of) => {
            out.push_str(r#""type":"array","prefixItems":["#);
            separated(of.iter(), out, |ty, out| schema(ty, None, out));
            out.push_str(r#"],"items":false,"minItems":"#);
            writer::unsigned(of.len() as u64, out);
        }
        Type::Record(of) => record(of, out),
        Type::Variant(of) => variant(of, out),
        Type::Enum(of) => labels(of, out),
        Type::Flags(of) => {
            out.push_str(r#""type":"array","items":{"#);
            labels(of, out);
            out.push('}');
        }
    }
    if let Some(docs) = docs {
        if out.len() > start {
            out.push(',');
        }
        out.push_str("\"description\":");
        writer::string(docs, out);
    }
}

fn whole(least: i64, most: u64, out: &mut String) {
    out.push_str(r#""type":"integer","minimum":"#);
    writer::signed(least, out);
    out.push_str(",\"maximum\":");
    writer::unsigned(most, out);
}

/// Null, or the value; see the mapping for options of options and of `json`.
fn option(of: &Type, out: &mut String) {
    match of {
        Type::Json => {}
        Type::Option(_) => {
            out.push_str(r#""anyOf":[{"type":"null"},"#);
            case("some", Some(of), None, out);
            out.push(']');
        }
        _ => {
            out.push_str(r#""anyOf":[{"type":"null"},"#);
            schema(of, None, out);
            out.push(']');
        }
    }
}

fn record(of: &Record, out: &mut String) {
    out.push_str(r#""type":"object","properties":{"#);
    separated(of.fields.iter(), out, |field, out| {
        writer::string(&field.json, out);
        out.push(':');
        schema(&field.ty, field.docs.as_deref(), out);
    });
    out.push_str("},\"required\":[");
    let required = of.fields.iter().filter(|field| !matches!(field.ty, Type::Option(_)));
    separated(required, out, |field, out| writer::string(&field.json, out));
    out.push_str("],\"additionalProperties\":false");
}

fn variant(of: &Variant, out: &mut String) {
    one_of(of.cases.iter().map(|case| (&*case.json, case.ty.as_ref(), case.docs.as_deref())), out);
}

fn one_of<'a>(cases: impl Iterator<Item = (&'a str, Option<&'a Type>, Option<&'a str>)>, out: &mut String) {
    out.push_str("\"oneOf\":[");
    separated(cases, out, |(name, ty, docs), out| case(name, ty, docs, out));
    out.push(']');
}

/// `{"name": payload}`, or the bare name.
fn case(name: &str, ty: Option<&Type>, docs: Option<&str>, out: &mut String) {
    let Some(ty) = ty else {
        out.push_str("{\"const\":");
        writer::string(name, out);
        if let Some(docs) = docs {
            out.push_str(",\"description\":");
            writer::string(docs, out);
        }
        out.push('}');
        return;
    };
    out.push_str(r#"{"type":"object","properties":{"#);
    writer::string(name, out);
    out.push(':');
    schema(ty, docs, out);
    out.push_str("},\"required\":[");
    writer::string(name, out);
    out.push_str("],\"additionalProperties\":false}");
}

fn labels(of: &Labels, out: &mut String) {
    out.push_str("\"enum\":[");
    separated(of.labels.iter(), out, |(_, json), out| writer::string(json, out));
    out.push(']');
}

fn separated<T>(items: impl Iterator<Item = T>, out: &mut String, mut write: impl FnMut(T, &mut String)) {
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
}
