//! Times as clock and calendar show them, and as counts since 1970.

use crate::{Error, Precision, Reading, Weekday, zone};
use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

pub fn read(time: &Zoned) -> Reading {
    let week = time.date().iso_week_date();
    Reading {
        year: time.year(),
        month: time.month() as u8,
        day: time.day() as u8,
        hour: time.hour() as u8,
        minute: time.minute() as u8,
        second: time.second() as u8,
        nanosecond: time.subsec_nanosecond() as u32,
        weekday: weekday(time.weekday()),
        day_of_year: time.day_of_year() as u16,
        week: week.week() as u8,
        week_year: week.year(),
        quarter: (time.month() as u8 - 1) / 3 + 1,
        zone: time.time_zone().iana_name().map_or_else(|| offset(time), str::to_owned),
        offset: offset(time),
        date: time.date().to_string(),
        clock: format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second()),
    }
}

fn offset(time: &Zoned) -> String {
    let seconds = time.offset().seconds();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

pub fn weekday(day: civil::Weekday) -> Weekday {
    match day {
        civil::Weekday::Monday => Weekday::Monday,
        civil::Weekday::Tuesday => Weekday::Tuesday,
        civil::Weekday::Wednesday => Weekday::Wednesday,
        civil::Weekday::Thursday => Weekday::Thursday,
        civil::Weekday::Friday => Weekday::Friday,
        civil::Weekday::Saturday => Weekday::Saturday,
        civil::Weekday::Sunday => Weekday::Sunday,
    }
}

/// `clock` is hour, minute and second.
pub fn build(year: i16, month: u8, day: u8, clock: [u8; 3], zone: TimeZone) -> Result<String, Error> {
    let [hour, minute, second] = clock.map(|part| i8::try_from(part).unwrap_or(i8::MAX));
    let (month, day) = (i8::try_from(month).unwrap_or(i8::MAX), i8::try_from(day).unwrap_or(i8::MAX));
    let local = DateTime::new(year, month, day, hour, minute, second, 0)
        .map_err(|error| Error::Invalid(format!("there is no such time: {error}")))?;
    zone::write(zone.to_timestamp(local).map_err(zone::out_of_range)?)
}

pub fn from_unix(count: i64, precision: Precision) -> Result<String, Error> {
    let instant = match precision {
        Precision::Seconds => Timestamp::from_second(count),
        Precision::Milliseconds => Timestamp::from_millisecond(count),
    };
    zone::write(instant.map_err(zone::out_of_range)?)
}
