//! Options, results, variants, enums and flags.

use super::container::elements;
use super::{dynamic, expected, value, wrong};
use crate::mismatch::{Answer, Mismatch, clip};
use crate::names::suggest;
use crate::reader::Reader;
use crate::{Labels, Type, Variant};
use loomwork_value::{Key, Map, Value};
use std::sync::Arc;

/// An option that cannot be mistaken is null or its value. In an option of an option the value stands in `{"some": …}`. In an
/// option of `json` it does so where it would be mistaken: if it is null, or an object with the one key `some`.
pub(super) fn option(reader: &mut Reader<'_>, of: &Type) -> Answer<Value> {
    if reader.null()? {
        return Ok(Value::Null);
    }
    match of {
        Type::Option(_) if reader.peek() == b'{' => {
            let payload = |name: &str| (name == "some").then(|| ("some".into(), Some(of)));
            one_of(reader, of, payload, &|| vec!["some"])
        }
        Type::Option(_) => Err(Mismatch::new("type.mismatch", reader.offset(), "expected null or `{\"some\": …}`")),
        Type::Json => dynamic::any(reader).map(without_needless_some),
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

pub(super) fn variant(reader: &mut Reader<'_>, ty: &Type, of: &Variant) -> Answer<Value> {
    let find = |name: &str| of.cases.iter().find(|case| &*case.json == name).map(|case| (case.json.clone(), case.ty.as_ref()));
    one_of(reader, ty, find, &|| of.cases.iter().map(|case| &*case.json).collect())
}

/// `{"case": payload}`, or `"case"` where there is no payload.
pub(super) fn one_of<'t>(
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

pub(super) fn label(reader: &mut Reader<'_>, ty: &Type, of: &Labels) -> Answer<Arc<str>> {
    if reader.peek() != b'"' {
        return Err(wrong(reader, ty));
    }
    let at = reader.offset();
    let given = reader.string()?;
    let found = of.labels.iter().find(|(_, json)| **json == *given);
    found.map(|(_, json)| json.clone()).ok_or_else(|| unknown_case(&given, of.labels.iter().map(|(_, json)| &**json), at))
}

/// The labels that are set, in the type's order, whatever order they were given in.
pub(super) fn flags(reader: &mut Reader<'_>, ty: &Type, of: &Labels) -> Answer<Value> {
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
