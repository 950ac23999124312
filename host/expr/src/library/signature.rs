//! Reading a signature, and matching arguments with it.

use super::SIGNATURES;
use crate::Ty;

/// What matching arguments with a function's signatures found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// It takes them, or may: some are known only at run time. Gives this.
    Takes(Ty),
    /// No signature has room for them.
    Refused,
}

/// What a function gives for arguments of these types, the receiver first.
pub(crate) fn find(name: &str, args: &[Ty]) -> Found {
    let signatures = SIGNATURES.iter().find(|(own, _)| *own == name).map_or(&[][..], |(_, signatures)| signatures);
    let mut possible: Option<Ty> = None;
    for signature in signatures {
        match matches(signature, args) {
            Some((result, true)) => return Found::Takes(possible.map_or(result.clone(), |ty| same_or_dyn(ty, &result))),
            Some((result, false)) => possible = Some(possible.map_or(result.clone(), |ty| same_or_dyn(ty, &result))),
            None => {}
        }
    }
    possible.map_or(Found::Refused, Found::Takes)
}

fn same_or_dyn(a: Ty, b: &Ty) -> Ty {
    if a == *b { a } else { Ty::Dyn }
}

/// What the type variables stand for.
#[derive(Default)]
struct Bound {
    a: Option<Ty>,
    b: Option<Ty>,
    /// False once an argument is known only at run time.
    certain: bool,
}

/// The result, and whether the arguments surely fit.
fn matches(signature: &str, args: &[Ty]) -> Option<(Ty, bool)> {
    let (parameters, result) = signature.split_once("->")?;
    let mut bound = Bound { certain: true, ..Bound::default() };
    if let Some(each) = parameters.trim().strip_suffix("...") {
        for arg in args {
            take(each, arg, &mut bound)?;
        }
    } else {
        let parameters = split(parameters);
        if parameters.len() != args.len() {
            return None;
        }
        for (parameter, arg) in parameters.into_iter().zip(args) {
            take(parameter, arg, &mut bound)?;
        }
    }
    Some((instance(result.trim(), &bound), bound.certain))
}

/// Matches one argument with one parameter.
fn take(parameter: &str, arg: &Ty, bound: &mut Bound) -> Option<()> {
    let parameter = parameter.trim();
    if *arg == Ty::Dyn && !matches!(parameter, "A" | "B" | "dyn") {
        bound.certain = false;
        return take_dyn(parameter, bound);
    }
    match (parameter, arg) {
        ("A", _) => bind(&mut bound.a, arg),
        ("B", _) => bind(&mut bound.b, arg),
        ("dyn", _) => {}
        ("number", ty) if ty.is_number() => {}
        _ => match (split_generic(parameter), arg) {
            (Some(("list", inner)), Ty::List(element)) => take(inner, element, bound)?,
            (Some(("optional", inner)), Ty::Optional(ty)) => take(inner, ty, bound)?,
            (Some(("map", inner)), Ty::Map(key, value)) => {
                let [key_name, value_name] = split(inner)[..] else { return None };
                take(key_name, key, bound)?;
                take(value_name, value, bound)?;
            }
            (Some(("map", _)), Ty::Record(_)) => {}
            (None, ty) if simple(parameter).as_ref() == Some(ty) => {}
            _ => return None,
        },
    }
    Some(())
}

/// An unknown argument: whatever is in it is unknown too.
fn take_dyn(parameter: &str, bound: &mut Bound) -> Option<()> {
    match split_generic(parameter) {
        Some((_, inner)) => split(inner).into_iter().try_for_each(|inner| take(inner, &Ty::Dyn, bound)),
        None => Some(()),
    }
}

fn bind(variable: &mut Option<Ty>, ty: &Ty) {
    *variable = Some(variable.take().map_or_else(|| ty.clone(), |bound| bound.join(ty)));
}

/// The type that a result is, with its variables filled in.
fn instance(name: &str, bound: &Bound) -> Ty {
    match (name, split_generic(name)) {
        ("A", _) => bound.a.clone().unwrap_or(Ty::Dyn),
        ("B", _) => bound.b.clone().unwrap_or(Ty::Dyn),
        (_, Some(("list", inner))) => Ty::list(instance(inner, bound)),
        (_, Some(("optional", inner))) => Ty::optional(instance(inner, bound)),
        _ => simple(name).unwrap_or(Ty::Dyn),
    }
}

fn simple(name: &str) -> Option<Ty> {
    Some(match name {
        "bool" => Ty::Bool,
        "int" => Ty::Int,
        "uint" => Ty::Uint,
        "double" => Ty::Double,
        "string" => Ty::String,
        "bytes" => Ty::Bytes,
        "timestamp" => Ty::Timestamp,
        "duration" => Ty::Duration,
        "type" => Ty::Type,
        "dyn" => Ty::Dyn,
        _ => return None,
    })
}

/// `list(int)` as `list` and `int`.
fn split_generic(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(')')?.split_once('(')
}

/// Splits at commas outside brackets.
fn split(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let outside = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    };
    list.split(outside).map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use loomwork_value::library::{ANY, FUNCTIONS};

    #[test]
    fn every_function_has_signatures_and_every_signature_a_function() {
        for row in FUNCTIONS {
            let entry = SIGNATURES.iter().find(|(name, _)| *name == row.name);
            let (_, signatures) = entry.unwrap_or_else(|| panic!("{} has no signature", row.name));
            let fits = |signature: &&str| {
                let parameters = signature.split_once("->").expect("an arrow").0;
                parameters.trim().ends_with("...") || (row.min..=row.max).contains(&split(parameters).len())
            };
            assert!(signatures.iter().any(fits), "{}", row.name);
            assert!(row.max != ANY || signatures.iter().any(|signature| signature.contains("...")), "{}", row.name);
        }
        for (name, _) in SIGNATURES {
            assert!(FUNCTIONS.iter().any(|row| row.name == *name), "{name}");
        }
    }

    #[test]
    fn finds_the_result() {
        let ints = Ty::list(Ty::Int);
        assert_eq!(find("size", std::slice::from_ref(&ints)), Found::Takes(Ty::Int));
        assert_eq!(find("first", &[ints]), Found::Takes(Ty::optional(Ty::Int)));
        assert_eq!(find("reverse", &[Ty::Dyn]), Found::Takes(Ty::Dyn));
        assert_eq!(find("charAt", &[Ty::Int, Ty::Int]), Found::Refused);
        assert_eq!(find("math.greatest", &[Ty::Int, Ty::Double]), Found::Takes(Ty::Dyn));
        assert_eq!(find("math.greatest", &[Ty::Int, Ty::Int]), Found::Takes(Ty::Int));
        assert_eq!(find("math.greatest", &[Ty::list(Ty::list(Ty::Int))]), Found::Refused);
    }
}
