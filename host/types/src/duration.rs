//! Lengths of time as text: `1h30m`, `250ms`, `2d`, `-1.5s`. Months and years are not lengths, so they are not here.

use crate::writer;
use loomwork_value::Duration;

/// Name and nanoseconds, largest first.
const UNITS: [(&str, i128); 7] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// About 10 000 years, as for the expressions' durations.
const MOST: i128 = 315_576_000_000 * 1_000_000_000;

/// None if it is not a duration, or longer than 10 000 years. Each part is a number, which may have a fraction, and a unit; the
/// fraction must come out in whole nanoseconds. `0` needs no unit.
pub fn parse(text: &str) -> Option<Duration> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest == "0" {
        return Some(Duration { nanos: 0 });
    }
    let mut nanos = 0i128;
    loop {
        let (part, after) = part(rest)?;
        nanos = nanos.checked_add(part).filter(|&nanos| nanos <= MOST)?;
        rest = after;
        if rest.is_empty() {
            return Some(Duration { nanos: if negative { -nanos } else { nanos } });
        }
    }
}

/// Reads one number with its unit; answers nanoseconds and what follows.
fn part(text: &str) -> Option<(i128, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let (number, rest) = text.split_at(end);
    let letters = rest.find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(letters);
    let unit = if unit == "µs" || unit == "μs" { "us" } else { unit };
    let (_, nanos) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    // Nineteen digits of nanoseconds are more than 10 000 years of any unit could need.
    if whole.is_empty() || fraction.is_empty() || number.len() > 19 {
        return None;
    }
    let scale = 10i128.pow(fraction.len() as u32);
    let of_fraction = fraction.parse::<i128>().ok()?.checked_mul(nanos)?;
    if of_fraction % scale != 0 {
        return None;
    }
    Some((whole.parse::<i128>().ok()?.checked_mul(nanos)? + of_fraction / scale, rest))
}

/// Writes a duration in the largest units that leave no fraction: `90s` is `1m30s`; nothing is `0s`.
pub fn print(duration: Duration, out: &mut String) {
    if duration.nanos < 0 {
        out.push('-');
    }
    let mut rest = duration.nanos.unsigned_abs();
    if rest == 0 {
        out.push_str("0s");
    }
    for (name, nanos) in UNITS {
        let count = rest / nanos.unsigned_abs();
        rest %= nanos.unsigned_abs();
        if count > 0 {
            writer::unsigned(u64::try_from(count).unwrap_or(u64::MAX), out);
            out.push_str(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(text: &str) -> Option<String> {
        let mut out = String::new();
        print(parse(text)?, &mut out);
        Some(out)
    }

    #[test]
    fn reads_parts_and_writes_the_largest_units() {
        let cases = [
            ("1h30m", "1h30m"),
            ("90s", "1m30s"),
            ("1.5h", "1h30m"),
            ("250ms", "250ms"),
            ("48h", "2d"),
            ("0", "0s"),
            ("0s", "0s"),
            ("-1.5s", "-1s500ms"),
            ("3µs", "3us"),
            ("1d1ns", "1d1ns"),
            ("30m1h", "1h30m"),
        ];
        for (text, printed) in cases {
            assert_eq!(round(text).as_deref(), Some(printed), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_duration() {
        let wrong = [
            "",
            "-",
            "5",
            "1y",
            "1 h",
            "h",
            "1.h",
            ".5h",
            "1..5s",
            "0.5ns",
            "+1s",
            "1h-3m",
            "99999999999999999d",
            "3652501d",
            "1.23456789012345678901s",
            "１h",
        ];
        for text in wrong {
            assert_eq!(round(text), None, "{text}");
        }
    }
}
