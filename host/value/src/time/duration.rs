//! The text of durations: `1h30m`, `250ms`, `-1.5s`, `2d`.

use super::SECOND;
use super::text::write_fraction;
use crate::Duration;
use std::fmt;

/// Ten thousand years, as protocol buffers bound it.
const LARGEST: i128 = 315_576_000_000 * SECOND;
const LONGEST_TEXT: usize = 256;

impl Duration {
    /// The duration, if it is within ±10 000 years.
    pub fn checked(nanos: i128) -> Option<Self> {
        (-LARGEST..=LARGEST).contains(&nanos).then_some(Self { nanos })
    }

    /// Reads a sum of amounts with units (`d h m s ms us µs ns`), with an optional sign, or a bare `0`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let (negative, mut rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Some(Self { nanos: 0 });
        }
        let mut nanos: i128 = 0;
        while {
            let (amount, after) = amount(rest)?;
            nanos += amount;
            rest = after;
            !rest.is_empty()
        } {}
        Self::checked(if negative { -nanos } else { nanos })
    }
}

impl fmt::Display for Duration {
    /// Seconds with a fraction, as CEL writes it: `5400s`, `0.25s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.nanos.unsigned_abs();
        let second = SECOND.unsigned_abs();
        if self.nanos < 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", size / second)?;
        write_fraction(f, (size % second) as i64)?;
        f.write_str("s")
    }
}

/// One amount with its unit in nanoseconds, and what follows. Parts of a nanosecond are dropped.
fn amount(text: &str) -> Option<(i128, &str)> {
    let (whole, after) = digits(text);
    let (part, after) = match after.strip_prefix('.') {
        Some(after) => digits(after),
        None => ("", after),
    };
    if whole.is_empty() && part.is_empty() || whole.len() > 21 {
        return None;
    }
    let (unit, after) = unit(after)?;
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part = &part[..part.len().min(15)];
    let fraction: i128 = if part.is_empty() { 0 } else { part.parse().ok()? };
    Some((whole * unit + fraction * unit / 10_i128.pow(part.len() as u32), after))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn unit(text: &str) -> Option<(i128, &str)> {
    const UNITS: [(&str, i128); 9] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", SECOND),
        ("m", 60 * SECOND),
        ("h", 3600 * SECOND),
        ("d", 86_400 * SECOND),
    ];
    UNITS.iter().find_map(|(name, nanos)| Some((*nanos, text.strip_prefix(name)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sums_signs_and_fractions() {
        for (text, seconds) in [
            ("1h45m47s", "6347s"),
            ("-1.5h", "-5400s"),
            ("250ms", "0.25s"),
            ("0", "0s"),
            ("2d", "172800s"),
            (".5s", "0.5s"),
            ("-320ns", "-0.00000032s"),
        ] {
            assert_eq!(Duration::parse(text).map(|d| d.to_string()).as_deref(), Some(seconds), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in ["", "-", "1", "s", "1x", "1h ", "320000000000s", "99999999999999999999999999s", "1.s2", "1é"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }
}
