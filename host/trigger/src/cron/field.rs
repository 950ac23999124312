//! One of the five fields: a list of items, and the set of numbers that the plain ones stand for.

use super::error::{ScheduleError, brief};
use loomwork_diagnostic::Span;

/// What a field counts.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) least: u32,
    pub(super) most: u32,
    /// Words for numbers, from the least on.
    words: &'static [&'static str],
    /// Correct items, for hints.
    examples: &'static str,
    /// Which of `L`, `W` and `#` it knows.
    special: Special,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    None,
    MonthDay,
    Weekday,
}

pub(super) const UNITS: [Unit; 5] = [
    Unit { name: "minute", least: 0, most: 59, words: &[], examples: "`*`, `0`, `*/15`, `0,30`", special: Special::None },
    Unit { name: "hour", least: 0, most: 23, words: &[], examples: "`*`, `7`, `9-17`, `*/2`", special: Special::None },
    Unit {
        name: "day of the month",
        least: 1,
        most: 31,
        words: &[],
        examples: "`*`, `1`, `1,15`, `L` (the last day), `15W` (the weekday nearest to the 15th)",
        special: Special::MonthDay,
    },
    Unit {
        name: "month",
        least: 1,
        most: 12,
        words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        examples: "`*`, `1`, `jan`, `mar-oct`",
        special: Special::None,
    },
    Unit {
        name: "day of the week",
        least: 0,
        most: 7,
        words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
        examples: "`*`, `mon`, `mon-fri`, `friL` (the last Friday), `mon#2` (the second Monday)",
        special: Special::Weekday,
    },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// `*`, `*/2`.
    All { step: u32 },
    /// `7` (one number), `1-5`, `1-9/2`, `7/2` (from 7 on).
    Range { from: u32, to: u32, step: u32 },
    /// `L`, `L-2`: days before the last of the month.
    Last { before: u32 },
    /// `15W`: the weekday nearest to a day, within its month.
    Nearest(u32),
    /// `LW`: the last weekday (Monday to Friday) of the month.
    NearestLast,
    /// `friL`.
    LastWeekday(u32),
    /// `mon#2`.
    NthWeekday { weekday: u32, nth: u32 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) items: Vec<Item>,
    /// Bit `n` is set if a plain item holds `n`; Sunday is 0.
    pub(super) bits: u64,
}

impl Field {
    /// Reads a field whose text begins at byte `at` of the schedule.
    pub(super) fn parse(text: &str, at: usize, unit: &Unit) -> Result<Self, ScheduleError> {
        let mut field = Field { items: Vec::new(), bits: 0 };
        let mut start = at;
        for part in text.split(',') {
            let item = Part { text: part, at: start, unit }.item()?;
            field.bits |= bits(item, unit);
            field.items.push(item);
            start += part.len() + 1;
        }
        Ok(field)
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.bits >> number & 1 == 1
    }

    /// Nothing is left out: `*`, or a list that holds every number.
    pub(super) fn is_all(&self, unit: &Unit) -> bool {
        let every = bits(Item::All { step: 1 }, unit);
        self.bits == every
    }

    /// Written with `*`, with a step or without.
    pub(super) fn has_star(&self) -> bool {
        self.items.iter().any(|item| matches!(item, Item::All { .. }))
    }

    pub(super) fn starts_with_star(&self) -> bool {
        matches!(self.items.first(), Some(Item::All { .. }))
    }
}

fn bits(item: Item, unit: &Unit) -> u64 {
    let is_week = unit.special == Special::Weekday;
    let (from, to, step) = match item {
        Item::All { step } => (unit.least, if is_week { 6 } else { unit.most }, step),
        Item::Range { from, to, step } => (from, to, step),
        _ => return 0,
    };
    let bit = |number: u32| 1u64 << if is_week { number % 7 } else { number };
    (from..=to).step_by(step as usize).fold(0, |bits, number| bits | bit(number))
}

/// One item of a list.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    at: usize,
    unit: &'a Unit,
}

impl Part<'_> {
    fn item(self) -> Result<Item, ScheduleError> {
        if let Some(special) = self.special()? {
            return Ok(special);
        }
        let (range, step) = match self.text.split_once('/') {
            Some((range, step)) => (range, Some(self.step(step, range.len() + 1)?)),
            None => (self.text, None),
        };
        if range == "*" {
            return Ok(Item::All { step: step.unwrap_or(1) });
        }
        match range.split_once('-') {
            Some((from, to)) => self.range(from, to, step.unwrap_or(1)),
            None => {
                let from = self.number(range, 0)?;
                let to = if step.is_some() { self.unit.most.min(if self.is_week() { 6 } else { 59 }) } else { from };
                Ok(Item::Range { from, to: to.max(from), step: step.unwrap_or(1) })
            }
        }
    }

    fn range(self, from_text: &str, to_text: &str, step: u32) -> Result<Item, ScheduleError> {
        let from = self.number(from_text, 0)?;
        let to = self.number(to_text, from_text.len() + 1)?;
        // Sunday ends a week as well as it begins one: `fri-sun`.
        let to = if self.is_week() && to == 0 && from > 0 { 7 } else { to };
        if from > to {
            let message = format!("`{}` goes backwards", brief(self.text));
            let hint = format!("Write two ranges, as in `{from_text}-{},{}-{to_text}`.", self.highest(), self.lowest());
            return Err(ScheduleError::new(self.span(0, self.text.len()), message, hint));
        }
        Ok(Item::Range { from, to, step })
    }

    fn step(self, text: &str, offset: usize) -> Result<u32, ScheduleError> {
        let most = self.unit.most;
        match digits(text) {
            Some(step) if (1..=most).contains(&step) => Ok(step),
            _ => {
                let message = format!("`{}` cannot be the step of the {}", brief(text), self.unit.name);
                Err(ScheduleError::new(self.span(offset, text.len()), message, format!("Write a step from 1 to {most}.")))
            }
        }
    }

    /// A number or its word; `offset` is where it stands in the item.
    fn number(self, text: &str, offset: usize) -> Result<u32, ScheduleError> {
        let word = self.unit.words.iter().position(|word| text.eq_ignore_ascii_case(word)).map(|ix| ix as u32 + self.unit.least);
        word.or_else(|| digits(text)).filter(|number| (self.unit.least..=self.unit.most).contains(number)).ok_or_else(|| {
            let span = self.span(offset, text.len());
            if text.is_empty() {
                let message = format!("a part of the {} is empty", self.unit.name);
                return ScheduleError::new(span, message, format!("Write for example {}.", self.unit.examples));
            }
            ScheduleError::new(span, format!("`{}` cannot be the {}", brief(text), self.unit.name), self.hint(text))
        })
    }

    /// Items with `L`, `W` or `#`, where the field knows them.
    fn special(self) -> Result<Option<Item>, ScheduleError> {
        let upper = self.text.to_ascii_uppercase();
        match self.unit.special {
            Special::None => Ok(None),
            Special::MonthDay if upper == "L" => Ok(Some(Item::Last { before: 0 })),
            Special::MonthDay if upper == "LW" => Ok(Some(Item::NearestLast)),
            Special::MonthDay if upper.starts_with("L-") => {
                match digits(&self.text[2..]).filter(|before| (1..=30).contains(before)) {
                    Some(before) => Ok(Some(Item::Last { before })),
                    None => {
                        let message = format!("`{}` is no day before the last", brief(self.text));
                        let hint = "Write a number from 1 to 30: `L-2` is two days before the last of the month.";
                        Err(ScheduleError::new(self.span(2, self.text.len() - 2), message, hint))
                    }
                }
            }
            Special::MonthDay => match upper.strip_suffix('W') {
                Some(day) => Ok(Some(Item::Nearest(self.number(&self.text[..day.len()], 0)?))),
                None => Ok(None),
            },
            Special::Weekday => self.special_weekday(&upper),
        }
    }

    fn special_weekday(self, upper: &str) -> Result<Option<Item>, ScheduleError> {
        if let Some((day, nth)) = self.text.split_once('#') {
            let weekday = self.number(day, 0)? % 7;
            return match digits(nth).filter(|nth| (1..=5).contains(nth)) {
                Some(nth) => Ok(Some(Item::NthWeekday { weekday, nth })),
                None => {
                    let message = format!("no month has a weekday number `{}`", brief(nth));
                    let hint = "Write a number from 1 to 5: `mon#2` is the second Monday.";
                    Err(ScheduleError::new(self.span(day.len() + 1, nth.len()), message, hint))
                }
            };
        }
        match upper.strip_suffix('L') {
            Some("") => {
                let message = "`L` alone is no day of the week";
                Err(ScheduleError::new(self.span(0, 1), message, "Write for example `friL`, the last Friday of the month."))
            }
            Some(day) => Ok(Some(Item::LastWeekday(self.number(&self.text[..day.len()], 0)? % 7))),
            None => Ok(None),
        }
    }

    fn hint(self, text: &str) -> String {
        if text == "?" {
            return "Write `*`.".to_owned();
        }
        let near = loomwork_diagnostic::nearest(text, self.unit.words.iter().copied()).filter(|_| text.len() > 1);
        match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => {
                let Unit { least, most, examples, .. } = self.unit;
                format!("It is from {least} to {most}; write for example {examples}.")
            }
        }
    }

    fn is_week(self) -> bool {
        self.unit.special == Special::Weekday
    }

    fn lowest(self) -> &'static str {
        self.unit.words.first().copied().unwrap_or(if self.unit.least == 0 { "0" } else { "1" })
    }

    fn highest(self) -> String {
        self.unit.words.last().map_or_else(|| self.unit.most.to_string(), |word| (*word).to_owned())
    }

    fn span(self, offset: usize, length: usize) -> Span {
        Span::new(self.at + offset, self.at + offset + length)
    }
}

/// A number of up to four digits, and nothing else.
fn digits(text: &str) -> Option<u32> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
