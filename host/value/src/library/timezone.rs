//! The parts of instants in a time zone.

use super::mismatch;
use super::time::{DATE, DAY_OF_MONTH, DAY_OF_WEEK, DAY_OF_YEAR, FULL_YEAR, HOURS, MINUTES, MONTH, Part, SECONDS};
use crate::ops::Result;
use crate::{Meter, Value, zone};

/// Finding a zone in the database is work.
const ZONE_COST: u64 = 50;

pub(super) fn full_year(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getFullYear", args, FULL_YEAR)
}

pub(super) fn month(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getMonth", args, MONTH)
}

pub(super) fn date(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getDate", args, DATE)
}

pub(super) fn day_of_month(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getDayOfMonth", args, DAY_OF_MONTH)
}

pub(super) fn day_of_week(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getDayOfWeek", args, DAY_OF_WEEK)
}

pub(super) fn day_of_year(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getDayOfYear", args, DAY_OF_YEAR)
}

pub(super) fn hours(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getHours", args, HOURS)
}

pub(super) fn minutes(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getMinutes", args, MINUTES)
}

pub(super) fn seconds(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getSeconds", args, SECONDS)
}

/// The same in every zone; the zone must exist.
pub(super) fn milliseconds(meter: &mut Meter, args: &[Value]) -> Result {
    zoned(meter, "getMilliseconds", args, |_| 0)?;
    super::time::milliseconds(meter, args)
}

fn zoned(meter: &mut Meter, name: &str, args: &[Value], part: Part) -> Result {
    let [Value::Timestamp(at), Value::String(zone)] = args else { return Err(mismatch(name, args)) };
    meter.charge(ZONE_COST)?;
    let offset = zone::offset(zone, *at)?;
    Ok(Value::Int(part(&at.civil(offset))))
}
