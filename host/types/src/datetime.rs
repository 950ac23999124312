//! Instants as RFC 3339 text: `2026-05-01T12:00:00Z`. Any offset is read, UTC is written.

use crate::writer;
use loomwork_value::Timestamp;

const NANOS: i128 = 1_000_000_000;
const DAY: i64 = 86_400;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

/// None if it is not RFC 3339, or outside the years 1 to 9999. Digits past nanoseconds are dropped.
pub fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let (date, rest) = bytes.split_at_checked(10)?;
    let (time, rest) = rest.split_at_checked(9)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else { return None };
    let [b'T' | b't' | b' ', h1, h2, b':', n1, n2, b':', s1, s2] = *time else { return None };
    let year = i64::from(pair(y1, y2)?) * 100 + i64::from(pair(y3, y4)?);
    let (month, day) = (pair(m1, m2)?, pair(d1, d2)?);
    let (hour, minute, second) = (pair(h1, h2)?, pair(n1, n2)?, pair(s1, s2)?);
    if !(1..=12).contains(&month) || day == 0 || day > days_in(year, month) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, rest) = fraction(rest)?;
    let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    let seconds = days(year, month, day) * DAY + clock - offset(rest)?;
    (FIRST..=LAST).contains(&seconds).then(|| Timestamp { nanos: i128::from(seconds) * NANOS + i128::from(fraction) })
}

/// Writes an instant in UTC, with as many digits after the second as it needs. Instants outside the years 1 to 9999 are refused.
pub fn print(instant: Timestamp, out: &mut String) -> Option<()> {
    let seconds = i64::try_from(instant.nanos.div_euclid(NANOS)).ok()?;
    if !(FIRST..=LAST).contains(&seconds) {
        return None;
    }
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let clock = seconds.rem_euclid(DAY) as u32;
    push(year / 100, out);
    push(year % 100, out);
    for (mark, part) in [('-', month), ('-', day), ('T', clock / 3600), (':', clock / 60 % 60), (':', clock % 60)] {
        out.push(mark);
        push(part, out);
    }
    print_fraction(instant.nanos.rem_euclid(NANOS) as u32, out);
    out.push('Z');
    Some(())
}

/// Writes `.` and nine digits without the zeros at the end; nothing for zero.
pub(crate) fn print_fraction(nanos: u32, out: &mut String) {
    if nanos == 0 {
        return;
    }
    let start = out.len();
    writer::unsigned(u64::from(nanos) + 1_000_000_000, out);
    out.replace_range(start..start + 1, ".");
    out.truncate(out.trim_end_matches('0').len());
}

fn pair(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

fn push(two_digits: u32, out: &mut String) {
    out.push((b'0' + (two_digits / 10) as u8) as char);
    out.push((b'0' + (two_digits % 10) as u8) as char);
}

/// `.5` in nanoseconds, and what follows.
fn fraction(rest: &[u8]) -> Option<(u32, &[u8])> {
    let Some(digits) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(count);
    let nine = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    (count > 0).then(|| (nine.fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0')), rest))
}

/// `Z` or `+02:00`, in seconds.
fn offset(rest: &[u8]) -> Option<i64> {
    match *rest {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (pair(h1, h2)?, pair(m1, m2)?);
            let seconds = i64::from(hours * 3600 + minutes * 60);
            (hours < 24 && minutes < 60).then_some(if sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01. Years are counted from March, so that the leap day is the last.
fn days(year: i64, month: u32, day: u32) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = i64::from((153 * ((month + 9) % 12) + 2) / 5 + day - 1);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01, within the years 1 to 9999.
fn civil(days: i64) -> (u32, u32, u32) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year as u32, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(text: &str) -> Option<String> {
        let mut out = String::new();
        print(parse(text)?, &mut out)?;
        Some(out)
    }

    #[test]
    fn reads_any_offset_and_writes_utc() {
        assert_eq!(round("2026-05-01T12:00:00Z").as_deref(), Some("2026-05-01T12:00:00Z"));
        assert_eq!(round("2026-05-01t14:30:00.250+02:30").as_deref(), Some("2026-05-01T12:00:00.25Z"));
        assert_eq!(round("1969-12-31T23:59:59.999999999Z").as_deref(), Some("1969-12-31T23:59:59.999999999Z"));
        assert_eq!(round("0001-01-01T00:00:00Z").as_deref(), Some("0001-01-01T00:00:00Z"));
        assert_eq!(round("9999-12-31T23:59:59Z").as_deref(), Some("9999-12-31T23:59:59Z"));
        assert_eq!(round("2024-02-29T00:00:00-00:00").as_deref(), Some("2024-02-29T00:00:00Z"));
    }

    #[test]
    fn refuses_what_is_no_instant() {
        let wrong = [
            "",
            "2026-05-01",
            "2026-05-01T12:00:00",
            "2026-13-01T12:00:00Z",
            "2025-02-29T12:00:00Z",
            "2026-05-01T24:00:00Z",
            "2026-05-01T12:00:60Z",
            "2026-05-01T12:00:00.Z",
            "2026-05-01T12:00:00+2:00",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "+026-05-01T12:00:00Z",
            "2026-05-01T12:00:00Zé",
            "２026-05-01T12:00:00Z",
        ];
        for text in wrong {
            assert_eq!(round(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_is_its_own_inverse() {
        let (first, last) = (days(1, 1, 1), days(9999, 12, 31));
        for day in (first..=last).step_by(13) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(i64::from(year), month, of_month), day);
        }
    }
}
