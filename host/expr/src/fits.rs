//! Whether the value of an expression can be written as a WIT type.

use crate::Ty;
use loomwork_types::{Record, Type};

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Never.
    No,
    /// It depends on the value: asked again when it runs.
    Maybe,
    /// Always.
    Yes,
}

/// Whether values of the static type can be written as values of the WIT type.
pub fn fits(from: &Ty, to: &Type) -> Fit {
    match (from, to) {
        (Ty::Dyn, _) => Fit::Maybe,
        (Ty::Optional(_) | Ty::Type, _) => Fit::No,
        (from, Type::Json) => json(from),
        (Ty::Null, Type::Option(_)) => Fit::Yes,
        (Ty::Nullable(inner), Type::Option(to)) => fits(inner, to),
        (Ty::Nullable(inner), to) => fits(inner, to).min(Fit::Maybe),
        (from, Type::Option(to)) if !matches!(**to, Type::Option(_)) => fits(from, to),
        (Ty::Bool, Type::Bool) | (Ty::String, Type::String) => Fit::Yes,
        (Ty::Int, Type::S64) | (Ty::Uint, Type::U64) | (Ty::Double, Type::F64) => Fit::Yes,
        (Ty::Int | Ty::Uint, Type::S8 | Type::S16 | Type::S32 | Type::S64) => Fit::Maybe,
        (Ty::Int | Ty::Uint, Type::U8 | Type::U16 | Type::U32 | Type::U64) => Fit::Maybe,
        (Ty::Int | Ty::Uint, Type::F32 | Type::F64) => Fit::Yes,
        (Ty::Double, Type::F32) => Fit::Yes,
        (Ty::Double, ty) if is_integer(ty) => Fit::Maybe,
        (Ty::String, Type::Char | Type::Enum(_) | Type::Datetime | Type::Duration) => Fit::Maybe,
        (Ty::Timestamp, Type::Datetime) | (Ty::Duration, Type::Duration) => Fit::Yes,
        (Ty::Timestamp | Ty::Duration, Type::String) => Fit::Maybe,
        (Ty::Bytes, Type::List(element)) if **element == Type::U8 => Fit::Yes,
        (Ty::String, Type::List(element)) if **element == Type::U8 => Fit::Maybe,
        (Ty::List(from), Type::List(to)) => element(from, to),
        (Ty::List(_), Type::Tuple(_) | Type::Flags(_)) => Fit::Maybe,
        (Ty::Record(_), Type::Record(record)) => fields(from, record),
        (Ty::Map(key, _), Type::Record(_)) if matches!(**key, Ty::String | Ty::Dyn) => Fit::Maybe,
        (Ty::Record(_) | Ty::Map(..), Type::Result(_) | Type::Variant(_) | Type::Blob) => Fit::Maybe,
        (Ty::String, Type::Variant(_) | Type::Result(_)) => Fit::Maybe,
        (Ty::Record(_) | Ty::Map(..), Type::Option(_)) => Fit::Maybe,
        _ => Fit::No,
    }
}

/// Everything but NaN, optionals and types is JSON.
fn json(from: &Ty) -> Fit {
    match from {
        Ty::Double => Fit::Maybe,
        Ty::List(element) => json_part(element),
        Ty::Map(key, value) => json_part(value).min(if **key == Ty::String { Fit::Yes } else { Fit::Maybe }),
        Ty::Record(fields) => fields.iter().map(|(_, ty)| json_part(ty)).min().unwrap_or(Fit::Yes),
        Ty::Nullable(inner) => json_part(inner),
        _ => Fit::Yes,
    }
}

fn json_part(from: &Ty) -> Fit {
    fits(from, &Type::Json)
}

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::S8 | Type::S16 | Type::S32 | Type::S64 | Type::U8 | Type::U16 | Type::U32 | Type::U64)
}

/// An empty list fits every list.
fn element(from: &Ty, to: &Type) -> Fit {
    match fits(from, to) {
        Fit::No if *from == Ty::Dyn => Fit::Maybe,
        fit => fit,
    }
}

/// Every field that must be there is there and fits; there are no others.
fn fields(from: &Ty, to: &Record) -> Fit {
    let Ty::Record(own) = from else { return Fit::No };
    if own.iter().any(|(name, _)| !to.fields.iter().any(|field| field.json == *name)) {
        return Fit::No;
    }
    let fit = |field: &loomwork_types::Field| match from.field(&field.json) {
        Some(ty) => fits(ty, &field.ty),
        None if matches!(field.ty, Type::Option(_)) => Fit::Yes,
        None => Fit::No,
    };
    to.fields.iter().map(fit).min().unwrap_or(Fit::Yes)
}
