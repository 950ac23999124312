//! The text form of `loom:types/types.duration`: `1h30m`, `250ms`, `2d`, `-15s`, `1.5h`.
//!
//! Days are 24 hours. Knows no calendar: weeks, months and years belong to the time node.

const UNITS: [(&str, i128); 8] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("ms", 1_000_000),
    ("m", 60_000_000_000),
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("s", 1_000_000_000),
];

/// Reads a duration as nanoseconds; an `Err` is a sentence for people.
pub fn parse(text: &str) -> Result<i64, String> {
    let trimmed = text.trim();
    let (sign, mut rest) = match trimmed.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, trimmed),
    };
    let wrong = || format!("`{}` is not a duration; write it as `1h30m`, `250ms` or `2d`", shown(text));
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let (nanos, after) = part(rest).ok_or_else(wrong)?;
        total = total.checked_add(nanos).ok_or_else(wrong)?;
        rest = after;
    }
    i64::try_from(sign * total).map_err(|_| format!("`{}` is longer than 292 years", shown(text)))
}

/// A number and its unit, and what comes after them.
fn part(text: &str) -> Option<(i128, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let (_, nanos, rest) = UNITS
        .iter()
        .filter_map(|&(name, nanos)| Some((name, nanos, rest.strip_prefix(name)?)))
        .max_by_key(|(name, ..)| name.len())?;
    if whole.is_empty() || whole.len() > 18 || fraction.len() > 9 || fraction.contains('.') {
        return None;
    }
    let scale = 10_i128.pow(fraction.len() as u32);
    let fraction: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let value = whole.parse::<i128>().ok()?.checked_mul(scale)?.checked_add(fraction)?;
    Some((value.checked_mul(nanos)? / scale, rest))
}

/// Writes nanoseconds with the largest units that fit: `1d2h`, `1m30s`, `250ms`, `0s`.
pub fn format(nanos: i64) -> String {
    let mut rest = i128::from(nanos).unsigned_abs();
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut text = String::from(if nanos < 0 { "-" } else { "" });
    for (unit, size) in
        [("d", UNITS[0].1), ("h", UNITS[1].1), ("m", UNITS[3].1), ("s", UNITS[7].1), ("ms", UNITS[2].1), ("us", 1_000), ("ns", 1)]
    {
        let size = size.unsigned_abs();
        if rest >= size {
            text.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    text
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn reads_and_writes() {
        for (text, nanos, written) in [
            ("1h30m", 5_400_000_000_000, "1h30m"),
            ("250ms", 250_000_000, "250ms"),
            ("1.5h", 5_400_000_000_000, "1h30m"),
            ("-2d", -172_800_000_000_000, "-2d"),
            ("0s", 0, "0s"),
            ("7us3ns", 7_003, "7us3ns"),
        ] {
            assert_eq!(parse(text), Ok(nanos));
            assert_eq!(format(nanos), written);
        }
    }

    #[test]
    fn refuses() {
        for text in ["", "-", "1", "h", "1x", "1.2.3s", "1 h", "99999999999d", "9999999999999999999s", "1.s.", "١s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
