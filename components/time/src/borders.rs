//! Where years, months, weeks, days and hours begin and end in a zone.

use crate::{Error, Unit, zone};
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp, Unit as Round, Zoned, ZonedRound};

pub fn start(time: &Zoned, unit: Unit) -> Result<Zoned, Error> {
    let clock = match unit {
        Unit::Hour => Round::Hour,
        Unit::Minute => Round::Minute,
        Unit::Second => Round::Second,
        _ => {
            return first_day(time.date(), unit)?
                .to_zoned(time.time_zone().clone())
                .and_then(|day| day.start_of_day())
                .map_err(zone::out_of_range);
        }
    };
    time.round(ZonedRound::new().smallest(clock).mode(jiff::RoundMode::Trunc)).map_err(zone::out_of_range)
}

fn first_day(day: Date, unit: Unit) -> Result<Date, Error> {
    let first = match unit {
        Unit::Year => Ok(day.first_of_year()),
        Unit::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
        Unit::Month => Ok(day.first_of_month()),
        Unit::Week => day.checked_sub(Span::new().days(i64::from(day.weekday().to_monday_zero_offset()))),
        _ => Ok(day),
    };
    first.map_err(zone::out_of_range)
}

/// The nanosecond before the next one starts.
pub fn end(time: &Zoned, unit: Unit) -> Result<Timestamp, Error> {
    let step = match unit {
        Unit::Year => Span::new().years(1),
        Unit::Quarter => Span::new().months(3),
        Unit::Month => Span::new().months(1),
        Unit::Week => Span::new().weeks(1),
        Unit::Day => Span::new().days(1),
        Unit::Hour => Span::new().hours(1),
        Unit::Minute => Span::new().minutes(1),
        Unit::Second => Span::new().seconds(1),
    };
    let start = start(time, unit)?;
    let next = match unit {
        Unit::Hour | Unit::Minute | Unit::Second => start.checked_add(step),
        _ => start
            .date()
            .checked_add(step)
            .and_then(|day| day.to_zoned(time.time_zone().clone()))
            .and_then(|day| day.start_of_day()),
    };
    next.map_err(zone::out_of_range)?.timestamp().checked_sub(SignedDuration::from_nanos(1)).map_err(zone::out_of_range)
}
