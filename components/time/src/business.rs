//! Days on which business is done.

use crate::{Calendar, Error, Weekday, clock, zone};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use std::collections::BTreeSet;

const MAX_DAYS: u32 = 100_000;
const MAX_HOLIDAYS: usize = 10_000;

pub struct Days {
    weekend: Vec<Weekday>,
    holidays: BTreeSet<Date>,
}

impl Days {
    /// What a calendar says, and its zone.
    pub fn new(calendar: Option<Calendar>) -> Result<(Self, TimeZone), Error> {
        let calendar = calendar.unwrap_or(Calendar { zone: None, holidays: None, weekend: None });
        let weekend = calendar.weekend.unwrap_or_else(|| vec![Weekday::Saturday, Weekday::Sunday]);
        let kinds: BTreeSet<u8> = weekend.iter().map(|&day| day as u8).collect();
        if kinds.len() == 7 {
            return Err(Error::Invalid("all days are `weekend`: there is no business day".into()));
        }
        let holidays = calendar.holidays.unwrap_or_default();
        if holidays.len() > MAX_HOLIDAYS {
            return Err(Error::Invalid(format!("there are {} holidays; at most {MAX_HOLIDAYS} are allowed", holidays.len())));
        }
        let holidays = holidays.iter().map(|text| date(text)).collect::<Result<_, _>>()?;
        Ok((Self { weekend, holidays }, zone::find(calendar.zone)?))
    }

    pub fn open(&self, day: Date) -> bool {
        self.usual(day) && !self.holidays.contains(&day)
    }

    fn usual(&self, day: Date) -> bool {
        !self.weekend.contains(&clock::weekday(day.weekday()))
    }

    /// Business days after `start` up to `end`.
    pub fn between(&self, start: Date, end: Date) -> i32 {
        if end < start {
            return -self.between(end, start);
        }
        let days = start.until(end).map_or(0, |span| span.get_days());
        let per_week = 7 - self.weekend.iter().map(|&day| day as u8).collect::<BTreeSet<_>>().len() as i32;
        let rest = (1..=days % 7).filter(|&at| day_after(start, at).is_some_and(|day| self.usual(day))).count() as i32;
        let off = self.holidays.range(start..=end).filter(|&&day| day > start && self.usual(day)).count() as i32;
        days / 7 * per_week + rest - off
    }
}

fn date(text: &str) -> Result<Date, Error> {
    text.trim().parse().map_err(|_| {
        Error::BadTime(format!("the holiday `{}` is not a date such as `2026-12-25`", text.chars().take(40).collect::<String>()))
    })
}

fn day_after(day: Date, days: i32) -> Option<Date> {
    day.checked_add(Span::new().days(days)).ok()
}

pub fn add(time: &Zoned, days: i32, calendar: &Days) -> Result<String, Error> {
    if days.unsigned_abs() > MAX_DAYS {
        return Err(Error::Invalid(format!("`days` is {days}; at most {MAX_DAYS} are allowed")));
    }
    let mut day = time.date();
    let mut left = days.unsigned_abs();
    while left > 0 {
        day = day_after(day, days.signum())
            .ok_or_else(|| Error::OutOfRange("the time is not within the years 1 to 9999".into()))?;
        left -= u32::from(calendar.open(day));
    }
    let moved = time.with().date(day).build().map_err(zone::out_of_range)?;
    zone::write(moved.timestamp())
}
