//! A function's own errors as faults: the `err` of its `result`.

use super::returned::{Raw, to_json};
use loomwork_types::{Fault, Type, names::snake};

/// The fault that an `err` stands for. Its code is the package's short name and the variant's case, `http.too_large`, or
/// `http.failed` where there are no cases. The message is the text it carries; `data` is the payload's JSON.
pub(crate) fn failed(package: &str, raw: Option<Raw>, ty: Option<&Type>, limit: usize) -> Fault {
    let package = short(package);
    let (Some(raw), Some(ty)) = (raw, ty) else {
        return Fault::new(format!("{package}.failed"), "the function failed without saying why");
    };
    let (case, payload) = match (raw, ty) {
        (Raw::Case(case, payload), Type::Variant(of)) => match of.cases.get(case as usize) {
            Some(case) => (case.name.clone(), payload.map(|raw| *raw).zip(case.ty.as_ref())),
            None => ("failed".into(), None),
        },
        (Raw::Case(case, _), Type::Enum(of)) => {
            (of.labels.get(case as usize).map_or("failed".into(), |(name, _)| name.clone()), None)
        }
        (raw, ty) => ("failed".into(), Some((raw, ty))),
    };
    let message = payload.as_ref().and_then(|(raw, ty)| message(raw, ty)).unwrap_or_else(|| case.replace('-', " "));
    let fault = Fault::new(format!("{package}.{}", snake(&case)), message);
    match payload.map(|(raw, ty)| to_json(Some(raw), Some(ty), limit)) {
        Some(Ok(data)) => fault.data(data),
        Some(Err(worse)) => worse,
        None => fault,
    }
}

/// `http` of `loom:http@0.1.0`.
fn short(package: &str) -> &str {
    let name = package.split('@').next().unwrap_or(package);
    name.rsplit([':', '/']).next().unwrap_or(name)
}

/// Text, or the field `message` of a record.
fn message(raw: &Raw, ty: &Type) -> Option<String> {
    match (raw, ty) {
        (Raw::Text(text), Type::String) => Some(text.clone()),
        (Raw::List(parts), Type::Record(of)) => {
            let (place, _) = of.field("message")?;
            let Some(Raw::Text(text)) = parts.get(place) else {
                return None;
            };
            Some(text.clone())
        }
        _ => None,
    }
}
