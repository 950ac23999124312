//! RFC 3339, read and written.

use super::{DAY_SECONDS, SECOND, day_number};
use crate::Timestamp;
use std::fmt;

impl Timestamp {
    /// Reads RFC 3339, with up to nine digits of a second. `None` if it is not that, no such date, or out of range.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |from: usize, to: usize| number(bytes.get(from..to)?);
        let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
        let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
        let marks = [bytes[4], bytes[7], bytes[10].to_ascii_uppercase(), bytes[13], bytes[16]];
        let in_range = (1..=12).contains(&month) && day >= 1 && hour < 24 && minute < 60 && second < 60;
        if marks != *b"--T::" || !in_range || day > days_in(year, month) {
            return None;
        }
        let (nanos, rest) = fraction(&bytes[19..])?;
        let seconds = day_number(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset(rest)?;
        Self::checked(i128::from(seconds) * SECOND + i128::from(nanos))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with as many digits of the second as it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.civil(0);
        write!(f, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", at.year, at.month, at.day, at.hour, at.minute, at.second)?;
        write_fraction(f, self.subsecond())?;
        f.write_str("Z")
    }
}

/// `.5` for half a second in nanoseconds; nothing for none.
pub(super) fn write_fraction(f: &mut fmt::Formatter<'_>, nanos: i64) -> fmt::Result {
    if nanos == 0 {
        return Ok(());
    }
    let digits = format!("{nanos:09}");
    write!(f, ".{}", digits.trim_end_matches('0'))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

/// The nanoseconds of `.123`, and what follows.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(after) = text.strip_prefix(b".") else { return Some((0, text)) };
    let len = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&len) {
        return None;
    }
    Some((number(&after[..len])? * 10_i64.pow(9 - len as u32), &after[len..]))
}

/// Seconds east of Greenwich of `Z`, `+02:00`.
fn offset(text: &[u8]) -> Option<i64> {
    match text {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
            let seconds = hours * 3600 + minutes * 60;
            (hours < 24 && minutes < 60).then_some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    day_number(next_year, next_month, 1) - day_number(year, month, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["2009-02-13T23:31:30Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.5Z"] {
            assert_eq!(Timestamp::parse(text).map(|at| at.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Timestamp::parse("2023-02-03T23:31:20+02:00").expect("valid").to_string(), "2023-02-03T21:31:20Z");
    }

    #[test]
    fn refuses_what_is_not_a_time() {
        for text in [
            "",
            "2009-02-13",
            "2009-02-30T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "2009-02-13T24:00:00Z",
            "2009-02-13T23:31:30",
            "2009-02-13T23:31:30.Z",
            "2009-0é-13T23:31:30Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
