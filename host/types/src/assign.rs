//! Whether every value of one type is, as JSON, a value of another. Type names do not count, only shapes.

use crate::{Case, MAX_DEPTH, Type, short};

/// The answer of [`assignable`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignable {
    /// Every value fits.
    Yes,
    /// Some values fit; which, is seen when it runs. Says what has to hold.
    AtRunTime(String),
    /// No value fits, or only by accident. Says why: "field `lines`: element: expected a number, found text".
    No(String),
}

/// Whether values of type `from` can be given where `to` is expected.
pub fn assignable(from: &Type, to: &Type) -> Assignable {
    judge(from, to, 0)
}

impl Assignable {
    /// The worse of the two.
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Assignable::No(_) => self,
            Assignable::Yes => other(),
            Assignable::AtRunTime(_) => match other() {
                no @ Assignable::No(_) => no,
                _ => self,
            },
        }
    }

    fn within(self, place: impl FnOnce() -> String) -> Self {
        match self {
            Assignable::Yes => self,
            Assignable::AtRunTime(reason) => Assignable::AtRunTime(place() + ": " + &reason),
            Assignable::No(reason) => Assignable::No(place() + ": " + &reason),
        }
    }
}

fn judge(from: &Type, to: &Type, depth: usize) -> Assignable {
    if depth > MAX_DEPTH {
        return Assignable::AtRunTime("the types are nested too deeply to compare".into());
    }
    if from == to {
        return Assignable::Yes;
    }
    let depth = depth + 1;
    match (from, to) {
        // NaN and the infinities are refused when they appear; a type that allows them is not.
        (_, Type::Json) => Assignable::Yes,
        (Type::Json, _) => Assignable::AtRunTime(["it has to be `", &short(to), "`"].concat()),
        // An option inside an option is written `{"some": …}`, which no plain value is.
        (Type::Option(given), Type::Option(wanted)) if is_option(given) && **wanted != Type::Json && !is_option(wanted) => {
            no(from, to)
        }
        (_, Type::Option(wanted)) if is_option(wanted) && !matches!(from, Type::Option(given) if is_option(given)) => {
            no(from, to)
        }
        (Type::Option(from), Type::Option(to)) => judge(from, to, depth),
        (Type::Option(given), _) if is_option(given) => no(from, to),
        (Type::Option(from), _) => judge(from, to, depth).and(|| Assignable::AtRunTime("it may be null".into())),
        (_, Type::Option(to)) => judge(from, to, depth),
        // Bytes are base64 text, other lists are not.
        (Type::List(_), Type::List(_)) if from.is_bytes() => no(from, to),
        (Type::List(from), Type::List(to)) => judge(from, to, depth).within(|| "element".into()),
        (Type::List(given), Type::Tuple(to)) if !from.is_bytes() => {
            let elements = all(to.iter().map(|to| (&**given, to)), depth);
            elements.and(|| Assignable::AtRunTime(format!("the list has to have {} elements", to.len())))
        }
        (Type::Tuple(from), Type::List(to)) => all(from.iter().map(|from| (from, &**to)), depth),
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => all(from.iter().zip(to.iter()), depth),
        (Type::Result(from), Type::Result(to)) => {
            let ok = payload(from.ok.as_ref(), to.ok.as_ref(), depth).within(|| "ok".into());
            ok.and(|| payload(from.err.as_ref(), to.err.as_ref(), depth).within(|| "err".into()))
        }
        (Type::Record(_) | Type::Blob, Type::Record(_) | Type::Blob) => record(from, to, depth),
        (Type::Variant(from), Type::Variant(to)) => from.cases.iter().fold(Assignable::Yes, |so_far, case| {
            so_far.and(|| same_case(case, to.cases.iter().find(|other| other.json == case.json), depth))
        }),
        (Type::Enum(from), Type::Variant(to)) => from.labels.iter().fold(Assignable::Yes, |so_far, (name, json)| {
            let case = Case { name: name.clone(), json: json.clone(), ty: None, docs: None };
            so_far.and(|| same_case(&case, to.cases.iter().find(|other| other.json == case.json), depth))
        }),
        (Type::Enum(from), Type::Enum(to)) | (Type::Flags(from), Type::Flags(to)) => {
            match from.labels.iter().find(|(_, json)| !to.labels.iter().any(|(_, other)| other == json)) {
                Some((_, json)) => Assignable::AtRunTime(["`", json, "` is not among its names"].concat()),
                None => Assignable::Yes,
            }
        }
        _ => scalar(from, to),
    }
}

fn all<'a>(pairs: impl Iterator<Item = (&'a Type, &'a Type)>, depth: usize) -> Assignable {
    pairs.enumerate().fold(Assignable::Yes, |so_far, (index, (from, to))| {
        so_far.and(|| judge(from, to, depth).within(|| format!("element {index}")))
    })
}

fn payload(from: Option<&Type>, to: Option<&Type>, depth: usize) -> Assignable {
    match (from, to) {
        (None, None) => Assignable::Yes,
        (Some(from), Some(to)) => judge(from, to, depth),
        (None, Some(_)) => Assignable::No("it has no payload".into()),
        (Some(_), None) => Assignable::No("it has a payload, and none is expected".into()),
    }
}

fn same_case(from: &Case, to: Option<&Case>, depth: usize) -> Assignable {
    match to {
        Some(to) => payload(from.ty.as_ref(), to.ty.as_ref(), depth).within(|| format!("case `{}`", from.json)),
        None => Assignable::AtRunTime(format!("case `{}` is not among its cases", from.json)),
    }
}

fn record(from: &Type, to: &Type, depth: usize) -> Assignable {
    let fields = |ty: &Type| match ty {
        Type::Record(of) => of.fields.clone(),
        _ => Type::blob_record().fields.clone(),
    };
    let (given, wanted) = (fields(from), fields(to));
    if let Some(extra) = given.iter().find(|field| !wanted.iter().any(|other| other.json == field.json)) {
        return Assignable::No(format!("field `{}` is not expected", extra.json));
    }
    let fits = wanted.iter().fold(Assignable::Yes, |so_far, field| {
        so_far.and(|| match given.iter().find(|other| other.json == field.json) {
            Some(from) => judge(&from.ty, &field.ty, depth).within(|| format!("field `{}`", field.json)),
            None if matches!(field.ty, Type::Option(_)) => Assignable::Yes,
            None => Assignable::No(format!("field `{}` is missing", field.json)),
        })
    });
    match to {
        Type::Blob => fits.and(|| Assignable::AtRunTime("its digest has to be one".into())),
        _ => fits,
    }
}

fn scalar(from: &Type, to: &Type) -> Assignable {
    if let (Some(given), Some(wanted)) = (range(from), range(to)) {
        return match wanted.0 <= given.0 && given.1 <= wanted.1 {
            true => Assignable::Yes,
            false => Assignable::AtRunTime(["the number has to fit ", to.noun()].concat()),
        };
    }
    match (from, to) {
        (_, Type::F32 | Type::F64) if range(from).is_some() => Assignable::Yes,
        (Type::F32 | Type::F64, Type::F32 | Type::F64) => match to {
            Type::F64 => Assignable::Yes,
            _ => Assignable::AtRunTime("the number has to fit f32".into()),
        },
        (Type::F32 | Type::F64, _) if range(to).is_some() => Assignable::AtRunTime("the number has to be whole".into()),
        (Type::Char | Type::Datetime | Type::Duration | Type::Enum(_), Type::String) => Assignable::Yes,
        (_, Type::String) if from.is_bytes() => {
            Assignable::No("expected text, found bytes; write `string(…)` or `base64.encode(…)` around it".into())
        }
        (Type::String, Type::Char) => Assignable::AtRunTime("it has to be one character".into()),
        (Type::String, Type::Datetime | Type::Duration) => Assignable::AtRunTime(["it has to be ", to.noun()].concat()),
        (Type::String, Type::Enum(_)) => Assignable::AtRunTime("it has to be one of the enum's names".into()),
        (Type::String, _) if to.is_bytes() => Assignable::AtRunTime("it has to be base64".into()),
        _ => no(from, to),
    }
}

fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Option(_))
}

fn no(from: &Type, to: &Type) -> Assignable {
    if to.noun() == from.noun() {
        return Assignable::No(format!("expected `{}`, found `{}`", short(to), short(from)));
    }
    Assignable::No(format!("expected {}, found {}", to.noun(), from.noun()))
}

/// Least and greatest whole number.
fn range(ty: &Type) -> Option<(i128, i128)> {
    Some(match ty {
        Type::S8 => (i8::MIN.into(), i8::MAX.into()),
        Type::S16 => (i16::MIN.into(), i16::MAX.into()),
        Type::S32 => (i32::MIN.into(), i32::MAX.into()),
        Type::S64 => (i64::MIN.into(), i64::MAX.into()),
        Type::U8 => (0, u8::MAX.into()),
        Type::U16 => (0, u16::MAX.into()),
        Type::U32 => (0, u32::MAX.into()),
        Type::U64 => (0, u64::MAX.into()),
        _ => return None,
    })
}
