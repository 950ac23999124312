//! Types that are not declared: of literals, of expressions, of results.

use crate::draft::Kind;
use crate::plan::OnError;
use loomwork_expr::Ty;
use loomwork_flow::Json;
use loomwork_types::{Field, Type};

/// The output types that need no look at parameters. Nothing for those that are worked out.
pub(super) fn declared_output(kind: &Kind<'_>) -> Option<Type> {
    match kind {
        Kind::Function { function, .. } => Some(function.output.clone().unwrap_or(Type::Json)),
        Kind::Branch => Some(Type::String),
        Kind::Emit | Kind::Respond | Kind::Return | Kind::Fail | Kind::Unknown => Some(Type::Json),
        Kind::Wait | Kind::Call | Kind::Each | Kind::Repeat | Kind::Try | Kind::Set | Kind::Value => None,
    }
}

/// The type that values of an expression are written as, where nothing else is asked for.
pub(super) fn type_of(ty: &Ty) -> Type {
    match ty {
        Ty::Bool => Type::Bool,
        Ty::Int => Type::S64,
        Ty::Uint => Type::U64,
        Ty::Double => Type::F64,
        Ty::String => Type::String,
        Ty::Bytes => Type::bytes(),
        Ty::Timestamp => Type::Datetime,
        Ty::Duration => Type::Duration,
        Ty::List(of) => Type::list(type_of(of)),
        Ty::Record(fields) => record(fields.iter().map(|(name, ty)| (&**name, type_of(ty)))),
        Ty::Nullable(of) => nullable(type_of(of)),
        Ty::Dyn | Ty::Null | Ty::Type | Ty::Map(..) | Ty::Optional(_) => Type::Json,
    }
}

/// The type of a JSON literal.
pub(super) fn type_of_literal(json: &Json) -> Type {
    match json {
        Json::Null => Type::Json,
        Json::Bool(_) => Type::Bool,
        Json::Number(digits) if digits.parse::<i64>().is_ok() => Type::S64,
        Json::Number(digits) if digits.parse::<u64>().is_ok() => Type::U64,
        Json::Number(_) => Type::F64,
        Json::String(_) => Type::String,
        Json::List(items) => list_of(items.iter().map(type_of_literal)),
        Json::Object(members) => record(members.iter().map(|(name, value)| (name.as_str(), type_of_literal(value)))),
    }
}

/// A list whose elements have these types.
pub(super) fn list_of(types: impl Iterator<Item = Type>) -> Type {
    Type::list(types.reduce(common).unwrap_or(Type::Json))
}

/// The type that both can be written as.
pub(super) fn common(a: Type, b: Type) -> Type {
    match (&a, &b) {
        _ if a == b => a,
        (Type::Option(inner), other) | (other, Type::Option(inner)) if **inner == *other => Type::option(other.clone()),
        (Type::S64 | Type::F64, Type::S64 | Type::F64) => Type::F64,
        _ => Type::Json,
    }
}

/// A record by JSON names.
pub(super) fn record<'a>(fields: impl Iterator<Item = (&'a str, Type)>) -> Type {
    let field = |(name, ty): (&str, Type)| Field { name: name.into(), json: name.into(), ty, docs: None };
    Type::record(fields.map(field).collect::<Vec<_>>())
}

/// The type with null allowed.
pub(super) fn nullable(ty: Type) -> Type {
    if ty.may_be_null() { ty } else { Type::option(ty) }
}

fn absent_or(ty: Type) -> Type {
    if matches!(ty, Type::Option(_)) { ty } else { Type::option(ty) }
}

/// `{code, message, data}`
pub(super) fn fault() -> Type {
    record([("code", Type::String), ("message", Type::String), ("data", Type::Json)].into_iter())
}

/// What an `each` gives, by what its body gives.
pub(super) fn each_output(result: Type, on_error: OnError) -> Type {
    match on_error {
        OnError::Fail | OnError::Skip => Type::list(result),
        OnError::Collect => {
            // Always an option, also of `json`: the one that did not happen is left out.
            let fields = [("ok", absent_or(result)), ("error", absent_or(fault()))];
            Type::list(record(fields.into_iter()))
        }
    }
}
