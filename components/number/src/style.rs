//! Numbers as people write and read them.

use crate::{Error, Rounding, Style, decimal, finite};

const MAX_DIGITS: u8 = 20;
const MAX_MARK: usize = 32;

pub fn format(value: f64, style: Option<Style>) -> Result<String, Error> {
    let style = style.unwrap_or(Style { digits: None, decimal: None, thousands: None, prefix: None, suffix: None, plus: None });
    checked(&style)?;
    finite(value)?;
    let plain = match style.digits {
        Some(digits) => format!("{:.*}", usize::from(digits), decimal::round(value, digits as i8, Rounding::HalfUp)?.abs()),
        None => format!("{}", value.abs()),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let nothing = plain.bytes().all(|byte| byte == b'0' || byte == b'.');
    let sign = match value.is_sign_negative() && !nothing {
        true => "-",
        false if style.plus == Some(true) => "+",
        false => "",
    };
    let whole = grouped(whole, style.thousands.as_deref().unwrap_or_default());
    let fraction =
        if fraction.is_empty() { String::new() } else { format!("{}{fraction}", style.decimal.as_deref().unwrap_or(".")) };
    Ok(format!(
        "{sign}{}{whole}{fraction}{}",
        style.prefix.as_deref().unwrap_or_default(),
        style.suffix.as_deref().unwrap_or_default()
    ))
}

fn checked(style: &Style) -> Result<(), Error> {
    if style.digits.is_some_and(|digits| digits > MAX_DIGITS) {
        return Err(Error::Invalid(format!("`digits` is at most {MAX_DIGITS}")));
    }
    let marks = [&style.decimal, &style.thousands, &style.prefix, &style.suffix];
    if marks.into_iter().flatten().any(|mark| mark.len() > MAX_MARK) {
        return Err(Error::Invalid(format!("`decimal`, `thousands`, `prefix` and `suffix` have at most {MAX_MARK} bytes")));
    }
    Ok(())
}

fn grouped(digits: &str, separator: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    out
}

pub fn parse(text: &str, decimal: &str, thousands: &str) -> Result<f64, Error> {
    if decimal == thousands {
        return Err(Error::Invalid("`decimal` and `thousands` are the same".into()));
    }
    let wrong = || Error::NotANumber(format!("`{}` is not a number", text.chars().take(40).collect::<String>()));
    if text.len() > 400 {
        return Err(wrong());
    }
    let mut plain = text.trim().replace('−', "-");
    plain.retain(|c| !c.is_whitespace() && !"$€£¥%".contains(c));
    if !thousands.is_empty() {
        plain = without_thousands(&plain, thousands, decimal).ok_or_else(wrong)?;
    }
    if decimal != "." && !decimal.is_empty() {
        if plain.contains('.') {
            return Err(wrong());
        }
        plain = plain.replacen(decimal, ".", 1);
    }
    let numeric = plain.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = numeric.then(|| plain.parse::<f64>().ok()).flatten().ok_or_else(wrong)?;
    finite(number)
}

/// Separators stand in the whole part only, before groups of three digits (or two, as in India).
fn without_thousands(text: &str, thousands: &str, decimal: &str) -> Option<String> {
    let (whole, fraction) = match text.split_once(decimal) {
        Some((whole, fraction)) if !decimal.is_empty() => (whole, format!("{decimal}{fraction}")),
        _ => (text, String::new()),
    };
    let mut groups = whole.split(thousands);
    let first = groups.next()?.to_owned();
    let rest: Vec<&str> = groups.collect();
    let right = rest.last().is_none_or(|last| last.len() == 3) && rest.iter().all(|group| (2..=3).contains(&group.len()));
    right.then(|| format!("{first}{}{fraction}", rest.concat()))
}

pub fn bytes(value: u64) -> String {
    if value < 1024 {
        return format!("{value} B");
    }
    let mut size = value as f64;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
        if size < 1023.95 {
            break;
        }
        size /= 1024.0;
        unit = next;
    }
    let text = format!("{size:.1}");
    format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
}

pub fn ordinal(value: i64) -> String {
    let last = value.unsigned_abs() % 100;
    let ending = match (last / 10, last % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{value}{ending}")
}
