//! Time zones, and instants as text.

use crate::{Error, Zone};
use jiff::civil::DateTime;
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, Zoned};

/// The zone of this name or offset; UTC if there is none.
pub fn find(zone: Zone) -> Result<TimeZone, Error> {
    let Some(name) = zone.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(TimeZone::UTC);
    };
    if name.eq_ignore_ascii_case("z") {
        return Ok(TimeZone::UTC);
    }
    if name.starts_with(['+', '-']) {
        return offset(name).ok_or_else(|| unknown(name));
    }
    TimeZone::get(name).map_err(|_| unknown(name))
}

/// `+02`, `+02:00` or `+0200`.
fn offset(text: &str) -> Option<TimeZone> {
    let digits: String = text[1..].chars().filter(|&c| c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("00").parse().unwrap_or(0);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    let signed = if text.starts_with('-') { -seconds } else { seconds };
    tz::Offset::from_seconds(signed).ok().map(TimeZone::fixed)
}

fn unknown(name: &str) -> Error {
    let shown: String = name.chars().take(60).collect();
    let city = shown.rsplit('/').next().unwrap_or_default().to_lowercase();
    let like = names(&city);
    let hint = match like.first() {
        Some(near) if city.len() > 2 => format!("did you mean `{near}`?"),
        _ => "it is a name such as `Europe/Berlin` or an offset such as `+02:00`".to_owned(),
    };
    Error::UnknownZone(format!("there is no time zone `{shown}`; {hint}"))
}

pub fn names(containing: &str) -> Vec<String> {
    let wanted = containing.trim().to_lowercase().replace(' ', "_");
    let all = tz::db().available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = all.filter(|name| name.to_lowercase().contains(&wanted)).collect();
    names.sort();
    names
}

/// Reads a parameter of type `datetime`.
pub fn instant(text: &str) -> Result<Timestamp, Error> {
    let shown = || text.chars().take(60).collect::<String>();
    text.trim().parse().map_err(|_| match text.trim().trim_end_matches('Z').parse::<DateTime>() {
        // The last hours of 9999 are a day later somewhere, and no calendar goes further.
        Ok(_) => Error::OutOfRange(format!("`{}` is after 9999-12-30T22:00:00Z, the last time to calculate with", shown())),
        Err(_) => Error::BadTime(format!("`{}` is not a time; it is written like `2026-05-01T12:00:00Z`", shown())),
    })
}

pub fn at(text: &str, zone: Zone) -> Result<Zoned, Error> {
    in_zone(text, find(zone)?)
}

pub fn in_zone(text: &str, zone: TimeZone) -> Result<Zoned, Error> {
    Ok(instant(text)?.to_zoned(zone))
}

pub fn both(start: &str, end: &str, zone: Zone) -> Result<(Zoned, Zoned), Error> {
    let zone = find(zone)?;
    Ok((in_zone(start, zone.clone())?, in_zone(end, zone)?))
}

/// Writes a result of type `datetime`: years 1 to 9999.
pub fn write(instant: Timestamp) -> Result<String, Error> {
    let text = instant.to_string();
    if text.starts_with(['-', '+']) || text.starts_with("0000") {
        return Err(Error::OutOfRange("the time is not within the years 1 to 9999".into()));
    }
    Ok(text)
}

/// The error of a calculation that leaves the calendar.
pub fn out_of_range(error: jiff::Error) -> Error {
    Error::OutOfRange(format!("the time is not within the years 1 to 9999: {error}"))
}
