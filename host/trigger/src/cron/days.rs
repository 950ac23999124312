//! On which days a schedule fires.

use super::field::{Field, Item};
use super::schedule::Schedule;
use jiff::civil::{Date, Weekday};

/// Years in which a date that exists at all comes round: leap days on a given weekday skip one in a century.
const YEARS: i16 = 48;

impl Schedule {
    /// The first day from `from` on, that day included; none if it never fires (or not before the calendar's end).
    pub(super) fn date_from(&self, from: Date) -> Option<Date> {
        let last_year = from.year().saturating_add(YEARS);
        let mut date = from;
        while date.year() <= last_year {
            if !self.month.has(date.month() as u32) {
                date = date.last_of_month().tomorrow().ok()?;
            } else if self.fires_on(date) {
                return Some(date);
            } else {
                date = date.tomorrow().ok()?;
            }
        }
        None
    }

    pub(super) fn fires_on(&self, date: Date) -> bool {
        let day = month_day_fits(&self.day, date);
        let weekday = weekday_fits(&self.weekday, date);
        self.month.has(date.month() as u32) && if self.needs_both() { day && weekday } else { day || weekday }
    }

    /// Whether a day must fit both fields: one of them begins with `*`.
    pub(super) fn needs_both(&self) -> bool {
        self.day.starts_with_star() || self.weekday.starts_with_star()
    }
}

fn month_day_fits(field: &Field, date: Date) -> bool {
    let day = date.day() as u32;
    let last = date.days_in_month() as u32;
    field.has(day)
        || field.items.iter().any(|item| match *item {
            Item::Last { before } => day + before == last,
            Item::Nearest(wanted) => wanted <= last && day == nearest_workday(date, wanted),
            Item::NearestLast => day == nearest_workday_back(date, last),
            _ => false,
        })
}

fn weekday_fits(field: &Field, date: Date) -> bool {
    let day = date.day() as u32;
    let today = date.weekday().to_sunday_zero_offset() as u32;
    field.has(today)
        || field.items.iter().any(|item| match *item {
            Item::LastWeekday(weekday) => today == weekday && day + 7 > date.days_in_month() as u32,
            Item::NthWeekday { weekday, nth } => today == weekday && day.div_ceil(7) == nth,
            _ => false,
        })
}

/// Saturday goes back a day and Sunday on, but not into another month.
fn nearest_workday(month: Date, day: u32) -> u32 {
    let last = month.days_in_month() as u32;
    match weekday_of(month, day) {
        Weekday::Saturday if day > 1 => day - 1,
        Weekday::Saturday => day + 2,
        Weekday::Sunday if day < last => day + 1,
        Weekday::Sunday => day - 2,
        _ => day,
    }
}

fn nearest_workday_back(month: Date, day: u32) -> u32 {
    match weekday_of(month, day) {
        Weekday::Saturday => day - 1,
        Weekday::Sunday => day - 2,
        _ => day,
    }
}

/// The weekday of another day of the same month.
fn weekday_of(date: Date, day: u32) -> Weekday {
    let forward = day as i32 - i32::from(date.day());
    date.weekday().wrapping_add(forward)
}
