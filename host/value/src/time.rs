//! Instants and lengths of time: the proleptic Gregorian calendar, their texts and their bounds. No clock, no zones.

mod duration;
mod text;

use crate::Timestamp;

/// Nanoseconds in a second.
pub const SECOND: i128 = 1_000_000_000;
/// The durations arithmetic can make: what fits in an `i64` of nanoseconds.
pub(crate) const ARITHMETIC: std::ops::RangeInclusive<i128> = i64::MIN as i128..=i64::MAX as i128;

const DAY_SECONDS: i64 = 86_400;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
const FIRST_SECOND: i64 = -62_135_596_800;
const LAST_SECOND: i64 = 253_402_300_799;

impl Timestamp {
    /// The instant, if it is between the years 1 and 9999.
    pub fn checked(nanos: i128) -> Option<Self> {
        let seconds = nanos.div_euclid(SECOND);
        (i128::from(FIRST_SECOND)..=i128::from(LAST_SECOND)).contains(&seconds).then_some(Self { nanos })
    }

    /// Whole seconds since 1970, rounded down.
    pub fn seconds(self) -> i64 {
        self.nanos.div_euclid(SECOND) as i64
    }

    /// Nanoseconds after the whole second: 0 to 999 999 999.
    pub fn subsecond(self) -> i64 {
        self.nanos.rem_euclid(SECOND) as i64
    }

    /// Milliseconds since 1970, rounded down.
    pub fn millis(self) -> i64 {
        self.nanos.div_euclid(1_000_000) as i64
    }

    pub fn from_millis(millis: i64) -> Option<Self> {
        Self::checked(i128::from(millis) * 1_000_000)
    }

    /// Calendar and clock, as seen `offset` seconds east of Greenwich.
    pub fn civil(self, offset: i32) -> Civil {
        let seconds = self.seconds() + i64::from(offset);
        let (year, month, day) = date(seconds.div_euclid(DAY_SECONDS));
        let clock = seconds.rem_euclid(DAY_SECONDS);
        Civil {
            year,
            month,
            day,
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            weekday: (seconds.div_euclid(DAY_SECONDS) + 4).rem_euclid(7),
            year_day: seconds.div_euclid(DAY_SECONDS) - day_number(year, 1, 1),
        }
    }
}

/// An instant taken apart. Months and days count from 1, `year_day` and `weekday` (0 is Sunday) from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub weekday: i64,
    pub year_day: i64,
}

/// Days since 1970-01-01. Years start in March here, so that the leap day is the last.
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The reverse of [`day_number`].
fn date(day_number: i64) -> (i64, i64, i64) {
    let shifted = day_number + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_each_others_reverse() {
        for day in (-719_162..2_932_896).step_by(17) {
            let (year, month, date_day) = date(day);
            assert_eq!(day_number(year, month, date_day), day);
        }
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
    }

    #[test]
    fn knows_the_weekday() {
        let friday = Timestamp::parse("2009-02-13T23:31:30Z").expect("a timestamp").civil(0);
        assert_eq!((friday.weekday, friday.year_day), (5, 43));
    }
}
