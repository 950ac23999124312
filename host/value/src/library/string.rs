//! Texts. Positions count code points from 0.

use super::mismatch;
use crate::ops::Result;
use crate::text::offset_of;
use crate::{EvalError, Meter, Value};
use Value::{Bool, Int, List, String as Text};

pub(super) fn contains(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, part) = texts(meter, "contains", args)?;
    Ok(Bool(text.contains(part)))
}

pub(super) fn starts_with(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, part) = texts(meter, "startsWith", args)?;
    Ok(Bool(text.starts_with(part)))
}

pub(super) fn ends_with(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, part) = texts(meter, "endsWith", args)?;
    Ok(Bool(text.ends_with(part)))
}

/// The character at a position; empty at the end.
pub(super) fn char_at(meter: &mut Meter, args: &[Value]) -> Result {
    let [Text(text), Int(position)] = args else { return Err(mismatch("charAt", args)) };
    meter.text(text.len())?;
    let rest = &text[offset(text, *position)?..];
    let len = rest.chars().next().map_or(0, char::len_utf8);
    Ok(Value::from(&rest[..len]))
}

/// The position of the first occurrence at or after a position, -1 if there is none.
pub(super) fn index_of(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, part) = texts(meter, "indexOf", args)?;
    let from = position_argument("indexOf", args)?.unwrap_or(0);
    if part.is_empty() {
        return Ok(Int(from));
    }
    let start = offset(text, from)?;
    let found = text[start..].find(part).map(|at| start + at);
    Ok(Int(found.map_or(-1, |at| text[..at].chars().count() as i64)))
}

/// The position of the last occurrence that begins at or before a position, -1 if there is none.
pub(super) fn last_index_of(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, part) = texts(meter, "lastIndexOf", args)?;
    let from = position_argument("lastIndexOf", args)?;
    if part.is_empty() {
        return Ok(Int(from.unwrap_or_else(|| text.chars().count() as i64)));
    }
    let end = match from {
        None => text.len(),
        Some(from) => (offset(text, from)? + part.len()).min(text.len()),
    };
    let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
    let limit = from.map_or(Ok(text.len()), |from| offset(text, from))?;
    let found = text[..end].rfind(part).filter(|at| *at <= limit);
    Ok(Int(found.map_or(-1, |at| text[..at].chars().count() as i64)))
}

/// `text.substring(from)`, `text.substring(from, to)`
pub(super) fn substring(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, from, to) = match args {
        [Text(text), Int(from)] => (text, *from, None),
        [Text(text), Int(from), Int(to)] => (text, *from, Some(*to)),
        _ => return Err(mismatch("substring", args)),
    };
    meter.text(text.len())?;
    let start = offset(text, from)?;
    let end = to.map_or(Ok(text.len()), |to| offset(text, to))?;
    let part = text.get(start..end).ok_or_else(|| EvalError::argument("a substring that ends before it begins"))?;
    Ok(Value::from(part))
}

/// `text.replace(old, new)`, with a limit as the third argument; a negative limit is none.
pub(super) fn replace(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, old, new, limit) = match args {
        [Text(text), Text(old), Text(new)] => (text, old, new, -1),
        [Text(text), Text(old), Text(new), Int(limit)] => (text, old, new, *limit),
        _ => return Err(mismatch("replace", args)),
    };
    meter.text(text.len() + old.len())?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let count = text.matches(&**old).take(limit).count();
    meter.text((text.len() - count * old.len()).saturating_add(count.saturating_mul(new.len())))?;
    Ok(Value::from(text.replacen(&**old, new, count)))
}

/// `text.split(separator)`, with the largest number of parts as the second argument; an empty separator splits into characters.
pub(super) fn split(meter: &mut Meter, args: &[Value]) -> Result {
    let (text, separator) = texts(meter, "split", args)?;
    let limit = match position_argument("split", args)? {
        None => usize::MAX,
        Some(0) => return Ok(Value::list(Vec::new())),
        Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let count = if separator.is_empty() { text.chars().count() } else { text.matches(separator).count() + 1 };
    meter.elements(count.min(limit))?;
    if !separator.is_empty() {
        return Ok(List(text.splitn(limit, separator).map(Value::from).collect()));
    }
    let (characters, rest) = text.split_at(offset_of(text, limit - 1).unwrap_or(text.len()));
    let each = characters.char_indices().map(|(at, c)| Value::from(&characters[at..at + c.len_utf8()]));
    Ok(List(each.chain((!rest.is_empty()).then(|| Value::from(rest))).collect()))
}

/// `list.join()`, `list.join(separator)`: of a list of texts.
pub(super) fn join(meter: &mut Meter, args: &[Value]) -> Result {
    let (list, separator) = match args {
        [List(list)] => (list, ""),
        [List(list), Text(separator)] => (list, &**separator),
        _ => return Err(mismatch("join", args)),
    };
    meter.elements(list.len())?;
    let mut len = list.len().saturating_sub(1) * separator.len();
    for element in list.iter() {
        let Text(text) = element else { return Err(mismatch("join", std::slice::from_ref(element))) };
        len += text.len();
    }
    meter.text(len)?;
    let mut out = String::with_capacity(len);
    for (index, element) in list.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { separator });
        if let Text(text) = element {
            out.push_str(text);
        }
    }
    Ok(Value::from(out))
}

/// Removes white space at both ends, as Unicode defines it.
pub(super) fn trim(meter: &mut Meter, args: &[Value]) -> Result {
    made(meter, "trim", args, |text| text.trim().to_owned())
}

pub(super) fn lower_ascii(meter: &mut Meter, args: &[Value]) -> Result {
    made(meter, "lowerAscii", args, str::to_ascii_lowercase)
}

pub(super) fn upper_ascii(meter: &mut Meter, args: &[Value]) -> Result {
    made(meter, "upperAscii", args, str::to_ascii_uppercase)
}

/// The characters of a text, or the elements of a list, from the last to the first.
pub(super) fn reverse(meter: &mut Meter, args: &[Value]) -> Result {
    if let List(list) = &args[0] {
        meter.elements(list.len())?;
        return Ok(List(list.iter().rev().cloned().collect()));
    }
    made(meter, "reverse", args, |text| text.chars().rev().collect())
}

/// The text in double quotes, with escapes for what cannot be seen.
pub(super) fn quote(meter: &mut Meter, args: &[Value]) -> Result {
    let Text(text) = &args[0] else { return Err(mismatch("strings.quote", args)) };
    meter.text(text.len() * 2 + 2)?;
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
    Ok(Value::from(out))
}

/// The first two arguments, read once.
fn texts<'a>(meter: &mut Meter, name: &str, args: &'a [Value]) -> std::result::Result<(&'a str, &'a str), EvalError> {
    match args {
        [Text(text), Text(part), ..] => {
            meter.text(text.len() + part.len())?;
            Ok((text, part))
        }
        _ => Err(mismatch(name, args)),
    }
}

/// The third argument, if it is there.
fn position_argument(name: &str, args: &[Value]) -> std::result::Result<Option<i64>, EvalError> {
    match args.get(2) {
        None => Ok(None),
        Some(Int(position)) => Ok(Some(*position)),
        Some(_) => Err(mismatch(name, args)),
    }
}

/// The byte offset of a position, which must be in the text or at its end.
fn offset(text: &str, position: i64) -> std::result::Result<usize, EvalError> {
    let found = usize::try_from(position).ok().and_then(|position| offset_of(text, position));
    found.ok_or_else(|| EvalError::new("expr.index", format!("position {position} is outside the text")))
}

fn made(meter: &mut Meter, name: &str, args: &[Value], make: impl Fn(&str) -> String) -> Result {
    let Text(text) = &args[0] else { return Err(mismatch(name, args)) };
    meter.text(text.len())?;
    Ok(Value::from(make(text)))
}
