//! The time node: the functions of `loom:time/time`, each in the module of its subject. All times go through `jiff`, with its own zone data.

mod arithmetic;
mod borders;
mod business;
mod clock;
mod durations;
mod text;
mod zone;

use loomwork_memory as _;

wit_bindgen::generate!({ path: ["../../wit/types", "wit"], world: "loom:time/node", generate_all });

use exports::loom::time::time::{Calendar, Distance, Error, Guest, Length, Precision, Reading, Span, Unit, Weekday};

type Zone = Option<String>;

struct Node;
export!(Node);

impl Guest for Node {
    fn parse(text: String, format: Option<String>, zone: Zone) -> Result<String, Error> {
        text::parse(&text, format.as_deref(), zone::find(zone)?)
    }
    fn format(time: String, format: String, zone: Zone) -> Result<String, Error> {
        text::format(&zone::at(&time, zone)?, &format)
    }
    fn read(time: String, zone: Zone) -> Result<Reading, Error> {
        Ok(clock::read(&zone::at(&time, zone)?))
    }
    fn build(
        year: i16,
        month: u8,
        day: u8,
        hour: Option<u8>,
        minute: Option<u8>,
        second: Option<u8>,
        zone: Zone,
    ) -> Result<String, Error> {
        let clock = [hour, minute, second].map(Option::unwrap_or_default);
        clock::build(year, month, day, clock, zone::find(zone)?)
    }
    fn add(time: String, span: Span, zone: Zone) -> Result<String, Error> {
        arithmetic::add(&zone::at(&time, zone)?, &span)
    }
    fn shift(time: String, by: String) -> Result<String, Error> {
        arithmetic::shift(zone::instant(&time)?, durations::read(&by)?)
    }
    fn difference(start: String, end: String, largest: Option<Unit>, zone: Zone) -> Result<Distance, Error> {
        let (start, end) = zone::both(&start, &end, zone)?;
        arithmetic::difference(&start, &end, largest.unwrap_or(Unit::Year))
    }
    fn measure(start: String, end: String, unit: Unit, zone: Zone) -> Result<f64, Error> {
        let (start, end) = zone::both(&start, &end, zone)?;
        arithmetic::measure(&start, &end, unit)
    }
    fn elapsed(start: String, end: String) -> Result<String, Error> {
        let passed = zone::instant(&end)?.duration_since(zone::instant(&start)?);
        durations::write(passed)
    }
    fn start_of(time: String, unit: Unit, zone: Zone) -> Result<String, Error> {
        zone::write(borders::start(&zone::at(&time, zone)?, unit)?.timestamp())
    }
    fn end_of(time: String, unit: Unit, zone: Zone) -> Result<String, Error> {
        zone::write(borders::end(&zone::at(&time, zone)?, unit)?)
    }
    fn is_business_day(time: String, calendar: Option<Calendar>) -> Result<bool, Error> {
        let (days, zone) = business::Days::new(calendar)?;
        Ok(days.open(zone::in_zone(&time, zone)?.date()))
    }
    fn add_business_days(time: String, days: i32, calendar: Option<Calendar>) -> Result<String, Error> {
        let (calendar, zone) = business::Days::new(calendar)?;
        business::add(&zone::in_zone(&time, zone)?, days, &calendar)
    }
    fn business_days_between(start: String, end: String, calendar: Option<Calendar>) -> Result<i32, Error> {
        let (days, zone) = business::Days::new(calendar)?;
        let date = |time: &str| Ok::<_, Error>(zone::in_zone(time, zone.clone())?.date());
        Ok(days.between(date(&start)?, date(&end)?))
    }
    fn from_unix(count: i64, precision: Option<Precision>) -> Result<String, Error> {
        clock::from_unix(count, precision.unwrap_or(Precision::Seconds))
    }
    fn to_unix(time: String, precision: Option<Precision>) -> Result<i64, Error> {
        let instant = zone::instant(&time)?;
        Ok(match precision.unwrap_or(Precision::Seconds) {
            Precision::Seconds => instant.as_second(),
            Precision::Milliseconds => instant.as_millisecond(),
        })
    }
    fn parse_duration(text: String) -> Result<String, Error> {
        durations::parse(&text)
    }
    fn format_duration(duration: String, length: Option<Length>) -> Result<String, Error> {
        durations::format(&duration, length.unwrap_or(Length::Short))
    }
    fn relative(time: String, from: String) -> Result<String, Error> {
        durations::relative(zone::instant(&time)?.duration_since(zone::instant(&from)?))
    }
    fn zones(containing: Option<String>) -> Vec<String> {
        zone::names(&containing.unwrap_or_default())
    }
}
