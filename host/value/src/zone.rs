//! Time zones: a fixed offset (`+02:00`, `-08:00`, `02:00`), `UTC`, or a name of the IANA database.

use crate::{EvalError, Timestamp};

/// Seconds east of Greenwich in a zone at an instant.
pub(crate) fn offset(zone: &str, at: Timestamp) -> Result<i32, EvalError> {
    if let Some(fixed) = fixed(zone) {
        return Ok(fixed);
    }
    named(zone, at).ok_or_else(|| {
        let shown: String = zone.chars().take(40).collect();
        EvalError::new("expr.time_zone", format!("{shown:?} is not a time zone"))
    })
}

/// The zones that need no database.
fn fixed(zone: &str) -> Option<i32> {
    if matches!(zone, "" | "UTC" | "Z" | "GMT" | "Etc/UTC") {
        return Some(0);
    }
    let (sign, clock) = match zone.as_bytes()[0] {
        b'-' => (-1, &zone[1..]),
        b'+' => (1, &zone[1..]),
        _ => (1, zone),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let part = |text: &str, below: i32| text.parse().ok().filter(|n| text.len() == 2 && (0..below).contains(n));
    Some(sign * (part(hours, 24)? * 3600 + part(minutes, 60)? * 60))
}

#[cfg(feature = "zones")]
fn named(zone: &str, at: Timestamp) -> Option<i32> {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).ok()?;
    let at = jiff::Timestamp::from_second(at.seconds()).ok()?;
    Some(zone.to_offset(at).seconds())
}

#[cfg(not(feature = "zones"))]
fn named(_: &str, _: Timestamp) -> Option<i32> {
    None
}

#[cfg(test)]
mod tests {
    use super::offset;
    use crate::Timestamp;

    #[test]
    fn knows_offsets_and_names() {
        let at = Timestamp::parse("2009-02-13T23:31:30Z").expect("a timestamp");
        for (zone, seconds) in [("UTC", 0), ("02:00", 7200), ("-08:30", -30_600), ("+01:00", 3600)] {
            assert_eq!(offset(zone, at), Ok(seconds), "{zone}");
        }
        assert!(offset("Nowhere/Else", at).is_err());
        assert!(offset("é1:00", at).is_err());
    }

    #[cfg(feature = "zones")]
    #[test]
    fn follows_daylight_saving() {
        let winter = Timestamp::parse("2024-01-15T12:00:00Z").expect("a timestamp");
        let summer = Timestamp::parse("2024-07-15T12:00:00Z").expect("a timestamp");
        assert_eq!((offset("Europe/Berlin", winter), offset("Europe/Berlin", summer)), (Ok(3600), Ok(7200)));
        assert_eq!(offset("US/Central", winter), Ok(-21_600));
    }
}
