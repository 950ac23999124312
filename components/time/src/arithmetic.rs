//! Adding and subtracting, by the calendar and exactly.

use crate::{Distance, Error, Span, Unit, zone};
use jiff::{SignedDuration, Timestamp, Zoned, ZonedDifference};

/// Months by the calendar, then days by the calendar, then the rest exactly. Each has its own sign.
pub fn add(time: &Zoned, span: &Span) -> Result<String, Error> {
    let field = |value: Option<i32>| i64::from(value.unwrap_or(0));
    let months = jiff::Span::new().try_months(field(span.years) * 12 + field(span.months)).map_err(too_long)?;
    let days = jiff::Span::new().try_days(field(span.weeks) * 7 + field(span.days)).map_err(too_long)?;
    let moved = time.checked_add(months).and_then(|time| time.checked_add(days)).map_err(zone::out_of_range)?;
    zone::write(moved.checked_add(exact(span)?).map_err(zone::out_of_range)?.timestamp())
}

fn exact(span: &Span) -> Result<SignedDuration, Error> {
    let part = |value: Option<i64>, millis: i128| i128::from(value.unwrap_or(0)) * millis;
    let hours = part(span.hours.map(i64::from), 3_600_000) + part(span.minutes, 60_000);
    let millis = hours + part(span.seconds, 1000) + part(span.milliseconds, 1);
    i64::try_from(millis).map(SignedDuration::from_millis).map_err(|_| Error::OutOfRange("the span is too long".into()))
}

fn too_long(error: jiff::Error) -> Error {
    Error::OutOfRange(format!("the span is too long: {error}"))
}

pub fn shift(time: Timestamp, nanos: i64) -> Result<String, Error> {
    zone::write(time.checked_add(SignedDuration::from_nanos(nanos)).map_err(zone::out_of_range)?)
}

pub fn difference(start: &Zoned, end: &Zoned, largest: Unit) -> Result<Distance, Error> {
    let largest = match largest {
        Unit::Quarter => jiff::Unit::Month,
        Unit::Week => jiff::Unit::Day,
        other => unit(other),
    };
    let span = start.until(ZonedDifference::new(end).largest(largest)).map_err(zone::out_of_range)?;
    Ok(Distance {
        years: i32::from(span.get_years()),
        months: span.get_months(),
        days: span.get_days(),
        hours: span.get_hours(),
        minutes: span.get_minutes(),
        seconds: span.get_seconds(),
        milliseconds: span.get_milliseconds(),
    })
}

pub fn measure(start: &Zoned, end: &Zoned, wanted: Unit) -> Result<f64, Error> {
    let exact = end.timestamp().duration_since(start.timestamp()).as_secs_f64();
    let (unit, per) = match wanted {
        Unit::Second => return Ok(exact),
        Unit::Minute => return Ok(exact / 60.0),
        Unit::Hour => return Ok(exact / 3600.0),
        Unit::Quarter => (jiff::Unit::Month, 3.0),
        Unit::Week => (jiff::Unit::Day, 7.0),
        other => (unit(other), 1.0),
    };
    let span = start.until(ZonedDifference::new(end).largest(unit)).map_err(zone::out_of_range)?;
    Ok(span.total((unit, start)).map_err(zone::out_of_range)? / per)
}

fn unit(unit: Unit) -> jiff::Unit {
    match unit {
        Unit::Year => jiff::Unit::Year,
        Unit::Quarter | Unit::Month => jiff::Unit::Month,
        Unit::Week => jiff::Unit::Week,
        Unit::Day => jiff::Unit::Day,
        Unit::Hour => jiff::Unit::Hour,
        Unit::Minute => jiff::Unit::Minute,
        Unit::Second => jiff::Unit::Second,
    }
}
