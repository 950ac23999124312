//! The parts of instants in UTC, and durations in whole units.

use super::mismatch;
use crate::ops::Result;
use crate::time::{Civil, SECOND};
use crate::{Meter, Value};

/// One part of a civil time, as CEL counts it: months, days of the month, of the week and of the year from 0.
pub(super) type Part = fn(&Civil) -> i64;

pub(super) const FULL_YEAR: Part = |at| at.year;
pub(super) const MONTH: Part = |at| at.month - 1;
pub(super) const DATE: Part = |at| at.day;
pub(super) const DAY_OF_MONTH: Part = |at| at.day - 1;
pub(super) const DAY_OF_WEEK: Part = |at| at.weekday;
pub(super) const DAY_OF_YEAR: Part = |at| at.year_day;
pub(super) const HOURS: Part = |at| at.hour;
pub(super) const MINUTES: Part = |at| at.minute;
pub(super) const SECONDS: Part = |at| at.second;

pub(super) fn full_year(_: &mut Meter, args: &[Value]) -> Result {
    utc("getFullYear", args, FULL_YEAR)
}

/// From 0.
pub(super) fn month(_: &mut Meter, args: &[Value]) -> Result {
    utc("getMonth", args, MONTH)
}

/// Of the month, from 1.
pub(super) fn date(_: &mut Meter, args: &[Value]) -> Result {
    utc("getDate", args, DATE)
}

/// From 0.
pub(super) fn day_of_month(_: &mut Meter, args: &[Value]) -> Result {
    utc("getDayOfMonth", args, DAY_OF_MONTH)
}

/// Sunday is 0.
pub(super) fn day_of_week(_: &mut Meter, args: &[Value]) -> Result {
    utc("getDayOfWeek", args, DAY_OF_WEEK)
}

/// From 0.
pub(super) fn day_of_year(_: &mut Meter, args: &[Value]) -> Result {
    utc("getDayOfYear", args, DAY_OF_YEAR)
}

/// The hour of an instant; all hours of a duration.
pub(super) fn hours(_: &mut Meter, args: &[Value]) -> Result {
    whole(args, 3600 * SECOND).unwrap_or_else(|| utc("getHours", args, HOURS))
}

/// The minute of an instant; all minutes of a duration.
pub(super) fn minutes(_: &mut Meter, args: &[Value]) -> Result {
    whole(args, 60 * SECOND).unwrap_or_else(|| utc("getMinutes", args, MINUTES))
}

/// The second of an instant; all seconds of a duration.
pub(super) fn seconds(_: &mut Meter, args: &[Value]) -> Result {
    whole(args, SECOND).unwrap_or_else(|| utc("getSeconds", args, SECONDS))
}

/// What an instant or a duration has beyond its last whole second.
pub(super) fn milliseconds(_: &mut Meter, args: &[Value]) -> Result {
    match &args[0] {
        Value::Timestamp(at) => Ok(Value::Int(at.subsecond() / 1_000_000)),
        Value::Duration(duration) => Ok(Value::Int((duration.nanos % SECOND / 1_000_000) as i64)),
        _ => Err(mismatch("getMilliseconds", args)),
    }
}

fn utc(name: &str, args: &[Value], part: Part) -> Result {
    match &args[0] {
        Value::Timestamp(at) => Ok(Value::Int(part(&at.civil(0)))),
        _ => Err(mismatch(name, args)),
    }
}

/// A duration in whole units.
fn whole(args: &[Value], unit: i128) -> Option<Result> {
    match &args[0] {
        Value::Duration(duration) => Some(Ok(Value::Int((duration.nanos / unit) as i64))),
        _ => None,
    }
}
