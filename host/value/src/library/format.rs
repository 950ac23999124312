//! `text.format(list)`: `%s %d %f %e %b %o %x %X %%`, with a precision for `%f` and `%e`.

use super::mismatch;
use crate::meter::check_depth;
use crate::ops::Result;
use crate::{EvalError, MAX_TEXT, Map, Meter, Value, number, text};
use Value::{Bool, Bytes, Double, Int, List, String as Text, Uint};

type Done = std::result::Result<(), EvalError>;

const DEFAULT_PRECISION: usize = 6;
const LARGEST_PRECISION: usize = 1000;

pub(super) fn format(meter: &mut Meter, args: &[Value]) -> Result {
    let [Text(pattern), List(values)] = args else { return Err(mismatch("format", args)) };
    meter.text(pattern.len())?;
    let mut out = Output { meter, text: String::new() };
    let mut values = values.iter();
    let mut rest = &**pattern;
    while let Some((before, clause)) = rest.split_once('%') {
        out.push(before)?;
        rest = if let Some(after) = clause.strip_prefix('%') {
            out.push("%")?;
            after
        } else {
            let (precision, verb, after) = parse(clause)?;
            let value = values.next().ok_or_else(|| EvalError::argument("format has more clauses than values"))?;
            write(&mut out, verb, precision, value)?;
            after
        };
    }
    out.push(rest)?;
    Ok(Value::from(out.text))
}

/// Text that is paid for as it grows.
struct Output<'a> {
    meter: &'a mut Meter,
    text: String,
}

impl Output<'_> {
    fn push(&mut self, part: &str) -> Done {
        if self.text.len() + part.len() > MAX_TEXT {
            return self.meter.text(self.text.len() + part.len());
        }
        self.meter.text(part.len())?;
        self.text.push_str(part);
        Ok(())
    }
}

/// The precision, the verb, and what follows.
fn parse(clause: &str) -> std::result::Result<(Option<usize>, char, &str), EvalError> {
    let wrong = || EvalError::argument("format has a clause that is none of %s %d %f %e %b %o %x %X %%");
    let (precision, rest) = match clause.strip_prefix('.') {
        None => (None, clause),
        Some(after) => {
            let len = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let precision = if len == 0 { Ok(0) } else { after[..len].parse() };
            let precision = precision.ok().filter(|precision| *precision <= LARGEST_PRECISION);
            (Some(precision.ok_or_else(|| EvalError::argument("format has a precision above 1000"))?), &after[len..])
        }
    };
    let verb = rest.chars().next().ok_or_else(wrong)?;
    if !"sdfeboxX".contains(verb) {
        return Err(wrong());
    }
    Ok((precision, verb, &rest[1..]))
}

fn write(out: &mut Output<'_>, verb: char, precision: Option<usize>, value: &Value) -> Done {
    let made = match verb {
        's' => return plain(out, value, 0),
        'd' => decimal(value),
        'f' => real(value, |double| format!("{double:.*}", precision.unwrap_or(DEFAULT_PRECISION))),
        'e' => real(value, |double| scientific(double, precision.unwrap_or(DEFAULT_PRECISION))),
        'b' => integer(value, |n| format!("{n:b}")).or(match value {
            Bool(bool) => Some(if *bool { "1" } else { "0" }.into()),
            _ => None,
        }),
        'o' => integer(value, |n| format!("{n:o}")),
        _ => return hexadecimal(out, value, verb == 'X'),
    };
    out.push(&made.ok_or_else(|| refused(verb, value))?)
}

fn refused(verb: char, value: &Value) -> EvalError {
    EvalError::no_overload(&format!("%{verb}"), &[value])
}

/// `%d`
fn decimal(value: &Value) -> Option<String> {
    match value {
        Int(int) => Some(int.to_string()),
        Uint(uint) => Some(uint.to_string()),
        Double(double) => Some(text::double(*double)),
        _ => None,
    }
}

/// `%f` and `%e`
fn real(value: &Value, make: impl Fn(f64) -> String) -> Option<String> {
    let double = number::as_double(value)?;
    Some(if double.is_finite() { make(double) } else { text::double(double) })
}

/// At least two digits of exponent, and its sign.
fn scientific(double: f64, precision: usize) -> String {
    let made = format!("{double:.precision$e}");
    let Some((digits, exponent)) = made.split_once('e') else { return made };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

/// An integer in another base, with its sign in front.
fn integer(value: &Value, make: impl Fn(u64) -> String) -> Option<String> {
    match value {
        Int(int) if *int < 0 => Some(format!("-{}", make(int.unsigned_abs()))),
        Int(int) => Some(make(int.unsigned_abs())),
        Uint(uint) => Some(make(*uint)),
        _ => None,
    }
}

/// `%x` and `%X`: integers, and the bytes of texts.
fn hexadecimal(out: &mut Output<'_>, value: &Value, upper: bool) -> Done {
    let bytes: &[u8] = match value {
        Text(text) => text.as_bytes(),
        Bytes(bytes) => bytes,
        other => {
            let made = integer(other, |n| if upper { format!("{n:X}") } else { format!("{n:x}") });
            return out.push(&made.ok_or_else(|| refused(if upper { 'X' } else { 'x' }, value))?);
        }
    };
    out.meter.text(bytes.len() * 2)?;
    let digits = bytes.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
    out.push(&digits.collect::<String>())
}

/// `%s`
fn plain(out: &mut Output<'_>, value: &Value, depth: usize) -> Done {
    match value {
        Value::Null => out.push("null"),
        Bool(bool) => out.push(if *bool { "true" } else { "false" }),
        Int(_) | Uint(_) | Double(_) => out.push(&decimal(value).unwrap_or_default()),
        Text(text) => out.push(text),
        Bytes(bytes) => {
            out.meter.text(bytes.len())?;
            out.push(&String::from_utf8_lossy(bytes))
        }
        List(list) => {
            check_depth(depth)?;
            out.push("[")?;
            for (index, element) in list.iter().enumerate() {
                out.push(if index == 0 { "" } else { ", " })?;
                plain(out, element, depth + 1)?;
            }
            out.push("]")
        }
        Value::Map(map) => entries(out, map, depth),
        Value::Timestamp(at) => out.push(&at.to_string()),
        Value::Duration(duration) => out.push(&duration.to_string()),
        Value::Type(name) => out.push(name),
        Value::Optional(_) => Err(refused('s', value)),
    }
}

/// A map's entries, sorted by the text of their keys.
fn entries(out: &mut Output<'_>, map: &Map, depth: usize) -> Done {
    check_depth(depth)?;
    out.meter.elements(map.len())?;
    let mut sorted: Vec<_> = map.entries.iter().map(|(key, value)| (key.to_text(), value)).collect();
    crate::order::sort(&mut sorted, |(a, _), (b, _)| a.cmp(b));
    out.push("{")?;
    for (index, (key, value)) in sorted.iter().enumerate() {
        out.push(if index == 0 { "" } else { ", " })?;
        out.push(key)?;
        out.push(": ")?;
        plain(out, value, depth + 1)?;
    }
    out.push("}")
}
