//! From civil times to instants: which firing comes after a moment, in a zone whose clocks may jump.
//!
//! The zone's time is walked stretch by stretch: within one, clocks run evenly, so the next civil time is the next instant. Only between
//! stretches do the rules for times that are left out or come twice apply.

use super::schedule::Schedule;
use super::zone::Zone;
use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;

impl Schedule {
    /// The first firing strictly after `after`, both in milliseconds since the epoch. None only at the calendar's end (the year 9999).
    pub fn next_after(&self, after: i64, zone: &Zone) -> Option<i64> {
        let after = Timestamp::from_millisecond(after).ok()?;
        self.next_timestamp(after, zone).map(Timestamp::as_millisecond)
    }

    /// The firings after `after` and up to `until`, the first `limit` of them.
    pub fn between(&self, after: i64, until: i64, limit: usize, zone: &Zone) -> Vec<i64> {
        let first = self.next_after(after, zone);
        std::iter::successors(first, |last| self.next_after(*last, zone)).take_while(|at| *at <= until).take(limit).collect()
    }

    fn next_timestamp(&self, after: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let mut transitions = zone.zone.following(after);
        let mut offset = zone.zone.to_offset(after);
        let mut from = next_minute(offset.to_datetime(after))?;
        loop {
            let change = transitions.next();
            let stretch_end = change.as_ref().map(|change| change.timestamp());
            if let Some(found) = self.within(from, offset, stretch_end, zone) {
                return Some(found);
            }
            let change = change?;
            let (at, before) = (change.timestamp(), offset);
            offset = change.offset();
            from = whole_minute(offset.to_datetime(at))?;
            if !self.counts_hours() && self.skipped_between(before.to_datetime(at), offset.to_datetime(at)) {
                return Some(at);
            }
        }
    }

    /// The first firing from a civil time on, in a stretch of one offset that ends before `end`.
    fn within(&self, mut from: DateTime, offset: Offset, end: Option<Timestamp>, zone: &Zone) -> Option<Timestamp> {
        loop {
            let civil = self.civil_from(from)?;
            let at = offset.to_timestamp(civil).ok()?;
            if end.is_some_and(|end| at >= end) {
                return None;
            }
            if self.counts_hours() || is_first_pass(civil, at, zone) {
                return Some(at);
            }
            from = next_minute(civil)?;
        }
    }

    /// Whether the clock jumped over a civil time of this schedule: one from `before` on and earlier than `after`.
    fn skipped_between(&self, before: DateTime, after: DateTime) -> bool {
        before < after && whole_minute(before).and_then(|from| self.civil_from(from)).is_some_and(|civil| civil < after)
    }

    /// The first civil time of this schedule from `from` on.
    fn civil_from(&self, from: DateTime) -> Option<DateTime> {
        let mut date = self.date_from(from.date())?;
        let mut time = if date == from.date() { from.time() } else { Time::midnight() };
        loop {
            if let Some(time) = self.time_from(time) {
                return Some(date.to_datetime(time));
            }
            date = self.date_from(date.tomorrow().ok()?)?;
            time = Time::midnight();
        }
    }

    /// The first time of a day from `from` on.
    fn time_from(&self, from: Time) -> Option<Time> {
        let (hour, minute) = (from.hour() as u32, from.minute() as u32);
        let same_hour = self.hour.has(hour).then(|| first_from(self.minute.bits, minute)).flatten().map(|minute| (hour, minute));
        let later = || Some((first_from(self.hour.bits, hour + 1)?, first_from(self.minute.bits, 0)?));
        let (hour, minute) = same_hour.or_else(later)?;
        Time::new(hour as i8, minute as i8, 0, 0).ok()
    }
}

/// Whether an instant is the first at which the clock shows this time.
fn is_first_pass(civil: DateTime, at: Timestamp, zone: &Zone) -> bool {
    zone.zone.to_ambiguous_timestamp(civil).earlier().is_ok_and(|first| first == at)
}

/// The least number of a set that is not below `from`.
fn first_from(bits: u64, from: u32) -> Option<u32> {
    let rest = bits.checked_shr(from)? << from;
    (rest != 0).then(|| rest.trailing_zeros())
}

/// The first whole minute after a time.
fn next_minute(time: DateTime) -> Option<DateTime> {
    let start = time.with().second(0).subsec_nanosecond(0).build().ok()?;
    start.checked_add(jiff::SignedDuration::from_mins(1)).ok()
}

/// The time itself if it is a whole minute, else the next.
fn whole_minute(time: DateTime) -> Option<DateTime> {
    if time.second() == 0 && time.subsec_nanosecond() == 0 { Some(time) } else { next_minute(time) }
}
