//! Schedules of five fields: minute, hour, day of the month, month, day of the week.
//!
//! Each field is a list of `*`, `7`, `mon`, `1-5`, any of them with a step (`*/15`). Days of the month know `L` (the last), `L-2` (two
//! before it), `15W` (the weekday nearest to the 15th) and `LW`; days of the week know `friL` (the last Friday) and `mon#2` (the second
//! Monday). `@yearly`, `@monthly`, `@weekly`, `@daily` and `@hourly` stand for what they say. If both day fields are narrowed, a day
//! needs to fit one of them; if one of them begins with `*`, it needs to fit both.
//!
//! **When clocks change.** A schedule whose hour is written with `*` means every so many hours that pass: it fires in both passes of an
//! hour that comes twice, and not for times that do not come. Any other schedule means times of the day: a time that does not come
//! fires at the instant at which the clock jumps over it, and a time that comes twice fires the first time only.

mod days;
mod describe;
mod error;
mod field;
mod missed;
mod next;
mod schedule;
mod zone;

pub use error::{ScheduleError, ZoneError};
pub use missed::{Due, MAX_CATCH_UP, Missed};
pub use schedule::{MAX_TEXT, Schedule};
pub use zone::Zone;
