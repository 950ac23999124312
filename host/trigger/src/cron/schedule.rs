//! A whole schedule: read from text, refused if it never fires.

use super::error::{ScheduleError, brief};
use super::field::{Field, UNITS};
use jiff::civil::Date;
use loomwork_diagnostic::Span;
use std::fmt;
use std::str::FromStr;

/// Bytes of a schedule's text.
pub const MAX_TEXT: usize = 256;

/// When something fires, in civil time; a [`Zone`](super::Zone) makes instants of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Schedule {
    text: String,
    pub(super) minute: Field,
    pub(super) hour: Field,
    pub(super) day: Field,
    pub(super) month: Field,
    pub(super) weekday: Field,
}

impl Schedule {
    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it means every so many hours that pass, rather than times of the day: its hour is written with `*`, or is every hour.
    pub fn counts_hours(&self) -> bool {
        self.hour.has_star() || self.hour.is_all(&UNITS[1])
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let whole = Span::new(0, text.len());
        if text.len() > MAX_TEXT {
            let hint = "Make two triggers of it.";
            return Err(ScheduleError::new(whole, format!("the schedule is longer than {MAX_TEXT} bytes"), hint));
        }
        let words = words(text);
        if let [(at, word)] = words[..]
            && word.starts_with('@')
        {
            let fields = stands_for(word, at)?;
            return Ok(Self { text: text.to_owned(), ..Self::from_str(fields)? });
        }
        if words.len() != UNITS.len() {
            return Err(count_mistake(&words, whole));
        }
        let field = |ix: usize| Field::parse(words[ix].1, words[ix].0, &UNITS[ix]);
        let schedule = Self {
            text: text.to_owned(),
            minute: field(0)?,
            hour: field(1)?,
            day: field(2)?,
            month: field(3)?,
            weekday: field(4)?,
        };
        // Every combination of month, day and weekday that exists comes within 28 years of this century.
        match schedule.date_from(Date::constant(2001, 1, 1)) {
            Some(_) => Ok(schedule),
            None => {
                let (from, to) = (words[2].0, words[4].0 + words[4].1.len());
                let hint = "No month named has such a day; look at the day of the month beside the month.";
                Err(ScheduleError::new(Span::new(from, to), "the schedule never fires", hint))
            }
        }
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schedule({})", self.text)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The words of a text and where each begins.
fn words(text: &str) -> Vec<(usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(|word| (word.as_ptr() as usize - start, word)).collect()
}

const MACROS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

fn stands_for(word: &str, at: usize) -> Result<&'static str, ScheduleError> {
    let found = MACROS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    found.map(|(_, fields)| *fields).ok_or_else(|| {
        let hint = match loomwork_diagnostic::nearest(word, MACROS.iter().map(|(name, _)| *name)) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "There are `@yearly`, `@monthly`, `@weekly`, `@daily` and `@hourly`.".to_owned(),
        };
        ScheduleError::new(Span::new(at, at + word.len()), format!("`{}` is no schedule", brief(word)), hint)
    })
}

fn count_mistake(words: &[(usize, &str)], whole: Span) -> ScheduleError {
    let count = words.len();
    let message = format!("a schedule has five fields, this one {count}");
    let hint = match count {
        6 | 7 => "Leave out the seconds and the year: minute, hour, day, month and weekday are what is needed.",
        _ => "Write minute, hour, day, month and weekday: `0 7 * * mon-fri` is seven o'clock on workdays.",
    };
    let extra = words.get(UNITS.len()).zip(words.last());
    let span = extra.map_or(whole, |(first, last)| Span::new(first.0, last.0 + last.1.len()));
    ScheduleError::new(span, message, hint)
}
