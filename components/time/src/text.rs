//! Times as people and other programs write them.

use crate::{Error, zone};
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

const MAX_TEXT: usize = 1024;

pub fn parse(text: &str, format: Option<&str>, zone: TimeZone) -> Result<String, Error> {
    let text = text.trim();
    if text.len() > MAX_TEXT {
        return Err(Error::BadTime(format!("the text has {} bytes; a time has at most {MAX_TEXT}", text.len())));
    }
    let instant = match format {
        Some(format) => with_format(text, format, zone)?,
        None => known(text, zone)
            .ok_or_else(|| Error::BadTime(format!("`{}` is not a time of a known form; give its `format`", shown(text))))?,
    };
    zone::write(instant)
}

/// The forms that are known without being told.
fn known(text: &str, zone: TimeZone) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Some(zoned.timestamp());
    }
    if let Ok(mail) = rfc2822::parse(text) {
        return Some(mail.timestamp());
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from)).ok()?;
    zone.to_timestamp(local).ok()
}

fn with_format(text: &str, format: &str, zone: TimeZone) -> Result<Timestamp, Error> {
    checked(format)?;
    let wrong = |error: jiff::Error| Error::BadFormat(format!("`{}` does not read as `{}`: {error}", shown(text), shown(format)));
    let read = strtime::parse(format, text).map_err(wrong)?;
    if let Some(instant) = read.timestamp() {
        return Ok(instant);
    }
    if read.offset().is_some() || read.iana_time_zone().is_some() {
        return read.to_zoned().map(|zoned| zoned.timestamp()).map_err(wrong);
    }
    let date = read.to_date().map_err(wrong)?;
    let clock = if read.hour().is_some() { read.to_time().map_err(wrong)? } else { jiff::civil::Time::midnight() };
    zone.to_timestamp(date.to_datetime(clock)).map_err(wrong)
}

pub fn format(time: &Zoned, format: &str) -> Result<String, Error> {
    checked(format)?;
    let wrong = |error: jiff::Error| Error::BadFormat(format!("`{}` is not a format: {error}", shown(format)));
    BrokenDownTime::from(time).to_string(format).map_err(wrong)
}

fn checked(format: &str) -> Result<(), Error> {
    if format.len() > MAX_TEXT {
        return Err(Error::BadFormat(format!("the format has {} bytes; at most {MAX_TEXT} are allowed", format.len())));
    }
    Ok(())
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}
