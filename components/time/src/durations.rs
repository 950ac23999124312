//! Durations: as nanoseconds, as `loom:types` writes them, and as people do.

use crate::{Error, Length};
use jiff::SignedDuration;
use jiff::fmt::friendly::{Designator, Direction, Spacing, SpanParser, SpanPrinter};

const MAX_TEXT: usize = 200;

/// Reads a parameter of type `duration` as nanoseconds.
pub fn read(text: &str) -> Result<i64, Error> {
    loomwork_duration::parse(text).map_err(Error::BadTime)
}

pub fn write(duration: SignedDuration) -> Result<String, Error> {
    let nanos =
        i64::try_from(duration.as_nanos()).map_err(|_| Error::OutOfRange("the duration is longer than 292 years".into()))?;
    Ok(loomwork_duration::format(nanos))
}

pub fn parse(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let wrong = || {
        Error::BadTime(format!(
            "`{}` is not a duration such as `1 hour 30 minutes`, `90 min` or `PT1H30M`",
            text.chars().take(60).collect::<String>()
        ))
    };
    if text.is_empty() || text.len() > MAX_TEXT {
        return Err(wrong());
    }
    if let Ok(nanos) = loomwork_duration::parse(text) {
        return Ok(loomwork_duration::format(nanos));
    }
    let exact = text.parse::<SignedDuration>().or_else(|_| SpanParser::new().parse_duration(text));
    match exact {
        Ok(duration) => write(duration),
        Err(_) => write(of_days(text).ok_or_else(wrong)?),
    }
}

/// Days and weeks of 24 hours, which only spans know.
fn of_days(text: &str) -> Option<SignedDuration> {
    let span: jiff::Span = text.parse().ok()?;
    span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()
}

pub fn format(text: &str, length: Length) -> Result<String, Error> {
    let nanos = read(text)?;
    let span = balanced(nanos)?;
    Ok(match length {
        Length::Iso => span.to_string(),
        Length::Short => SpanPrinter::new()
            .direction(Direction::Sign)
            .designator(Designator::Compact)
            .spacing(Spacing::BetweenUnits)
            .span_to_string(&span),
        Length::Long => {
            let printer = SpanPrinter::new()
                .direction(Direction::Sign)
                .designator(Designator::Verbose)
                .spacing(Spacing::BetweenUnitsAndDesignators)
                .comma_after_designator(true);
            printer.span_to_string(&span)
        }
    })
}

/// Days down to nanoseconds.
fn balanced(nanos: i64) -> Result<jiff::Span, Error> {
    let (day, second) = (86_400_000_000_000, 1_000_000_000);
    let clock = nanos % day;
    let span = jiff::Span::new()
        .try_days(nanos / day)
        .and_then(|span| span.try_hours(clock / (3600 * second)))
        .and_then(|span| span.try_minutes(clock / (60 * second) % 60))
        .and_then(|span| span.try_seconds(clock / second % 60))
        .and_then(|span| span.try_milliseconds(clock / 1_000_000 % 1000))
        .and_then(|span| span.try_microseconds(clock / 1000 % 1000))
        .and_then(|span| span.try_nanoseconds(clock % 1000));
    span.map_err(|error| Error::OutOfRange(error.to_string()))
}

/// In the largest unit that fits, rounded down.
pub fn relative(distance: SignedDuration) -> Result<String, Error> {
    let seconds = distance.as_secs().unsigned_abs();
    let (count, unit) = match seconds {
        0 => return Ok("now".to_owned()),
        1..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..2_592_000 => (seconds / 86_400, "day"),
        2_592_000..31_536_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    Ok(if distance.is_negative() { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") })
}
