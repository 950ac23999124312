//! A schedule in plain words: `at 07:00 on Monday to Friday`.

use super::field::{Field, Item, UNITS};
use super::schedule::Schedule;
use std::ops::RangeInclusive;

const WEEKDAYS: [&str; 8] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 13] = [
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const NTH: [&str; 6] = ["", "first", "second", "third", "fourth", "fifth"];

/// So many times of a day are named one by one.
const NAMED_TIMES: u32 = 6;

impl Schedule {
    /// One phrase in English, without a full stop.
    pub fn describe(&self) -> String {
        let parts = [Some(self.times()), self.days(), self.months()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn times(&self) -> String {
        let count = self.minute.bits.count_ones() * self.hour.bits.count_ones();
        if count <= NAMED_TIMES && !self.hour.has_star() {
            return format!("at {}", self.named_times());
        }
        let minutes = match self.minute.items[..] {
            [Item::All { step: 1 }] => "every minute".to_owned(),
            [Item::All { step }] => format!("every {step} minutes"),
            _ if self.minute.bits.is_power_of_two() => format!("at minute {}", numbers(&self.minute)),
            _ => format!("at minutes {}", numbers(&self.minute)),
        };
        let each_hour = if minutes.starts_with("at") { " of every hour" } else { "" };
        match self.hour.items[..] {
            _ if self.hour.is_all(&UNITS[1]) => format!("{minutes}{each_hour}"),
            [Item::All { step }] => format!("{minutes} of every {} hour", ordinal(step)),
            _ if self.hour.bits.is_power_of_two() => format!("{minutes} of hour {}", numbers(&self.hour)),
            _ => format!("{minutes} of hours {}", numbers(&self.hour)),
        }
    }

    fn named_times(&self) -> String {
        let hours = (0..24).filter(|hour| self.hour.has(*hour));
        let times = hours.flat_map(|hour| {
            let minutes = (0..60).filter(|minute| self.minute.has(*minute));
            minutes.map(move |minute| format!("{hour:02}:{minute:02}"))
        });
        listed(times.collect())
    }

    fn days(&self) -> Option<String> {
        let day = (!self.day.is_all(&UNITS[2])).then(|| listed(self.day.items.iter().map(month_day).collect()));
        let weekday = (!self.weekday.is_all(&UNITS[4])).then(|| listed(weekdays(&self.weekday)));
        match (day, weekday) {
            (None, None) => None,
            // Where one of two may fit, an open one lets every day fit.
            (Some(_), None) | (None, Some(_)) if !self.needs_both() => None,
            (Some(day), None) => Some(format!("on {day} of the month")),
            (None, Some(weekday)) => Some(format!("on {weekday}")),
            (Some(day), Some(weekday)) if self.needs_both() => Some(format!("on {day} of the month if it is {weekday}")),
            (Some(day), Some(weekday)) => Some(format!("on {day} of the month or on {weekday}")),
        }
    }

    fn months(&self) -> Option<String> {
        if self.month.is_all(&UNITS[3]) {
            return None;
        }
        let month = |item: &Item| match *item {
            Item::Range { from, to, step: 1 } => vec![range(MONTHS[from as usize], MONTHS[to as usize])],
            _ => numbers_of(item, 1..=12).map(|month| MONTHS[month as usize].to_owned()).collect(),
        };
        Some(format!("in {}", listed(self.month.items.iter().flat_map(month).collect())))
    }
}

fn month_day(item: &Item) -> String {
    match *item {
        Item::All { step: 1 } => "every day".to_owned(),
        Item::All { step } => format!("every {} day", ordinal(step)),
        Item::Range { from, to, step: 1 } => format!("the {}", range(&ordinal(from), &ordinal(to))),
        Item::Range { from, to, step } => {
            format!("every {} day from the {} to the {}", ordinal(step), ordinal(from), ordinal(to))
        }
        Item::Last { before: 0 } => "the last day".to_owned(),
        Item::Last { before: 1 } => "the day before the last".to_owned(),
        Item::Last { before } => format!("{before} days before the last"),
        Item::Nearest(day) => format!("the workday nearest to the {}", ordinal(day)),
        Item::NearestLast => "the last workday".to_owned(),
        // Weekdays' items: their field describes them.
        Item::LastWeekday(_) | Item::NthWeekday { .. } => String::new(),
    }
}

fn weekdays(field: &Field) -> Vec<String> {
    let weekday = |item: &Item| match *item {
        Item::Range { from, to, step: 1 } => vec![range(WEEKDAYS[from as usize], WEEKDAYS[to as usize])],
        Item::LastWeekday(weekday) => vec![format!("the last {}", WEEKDAYS[weekday as usize])],
        Item::NthWeekday { weekday, nth } => vec![format!("the {} {}", NTH[nth as usize], WEEKDAYS[weekday as usize])],
        _ => numbers_of(item, 0..=6).map(|weekday| WEEKDAYS[weekday as usize].to_owned()).collect(),
    };
    field.items.iter().flat_map(weekday).collect()
}

/// The numbers of a field of minutes or hours: `0, 20 and 40`, `9 to 17`.
fn numbers(field: &Field) -> String {
    let item = |item: &Item| match *item {
        Item::Range { from, to, step: 1 } => vec![range(&from.to_string(), &to.to_string())],
        _ => numbers_of(item, 0..=59).map(|number| number.to_string()).collect(),
    };
    listed(field.items.iter().flat_map(item).collect())
}

/// `all` is what `*` stands for.
fn numbers_of(item: &Item, all: RangeInclusive<u32>) -> impl Iterator<Item = u32> {
    let (from, to, step) = match *item {
        Item::All { step } => (*all.start(), *all.end(), step),
        Item::Range { from, to, step } => (from, to, step),
        _ => (1, 0, 1),
    };
    (from..=to).step_by(step as usize)
}

fn range(from: &str, to: &str) -> String {
    if from == to { from.to_owned() } else { format!("{from} to {to}") }
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn listed(mut words: Vec<String>) -> String {
    match words.pop() {
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
        None => String::new(),
    }
}
