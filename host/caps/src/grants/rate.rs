//! How fast requests may follow one another.

use super::GrantError;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// So many requests in a second, minute or hour, evenly spaced: `10/s`, `100/m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    count: u32,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
}

impl Rate {
    /// From one request to the next.
    pub fn gap(self) -> Duration {
        let unit = match self.unit {
            Unit::Second => 1,
            Unit::Minute => 60,
            Unit::Hour => 3_600,
        };
        Duration::from_secs(unit) / self.count
    }
}

impl FromStr for Rate {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Self, GrantError> {
        let wrong = || {
            let error = GrantError::new(format!("`{}` is not a rate", text.escape_debug()));
            error.hint("write for example 10/s, 100/m or 5000/h")
        };
        let (count, unit) = text.split_once('/').ok_or_else(wrong)?;
        let unit = match unit.trim() {
            "s" => Unit::Second,
            "m" => Unit::Minute,
            "h" => Unit::Hour,
            _ => return Err(wrong()),
        };
        let count = count.trim().parse().ok().filter(|count| (1..=1_000_000).contains(count)).ok_or_else(wrong)?;
        Ok(Self { count, unit })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Second => 's',
            Unit::Minute => 'm',
            Unit::Hour => 'h',
        };
        write!(f, "{}/{unit}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        let gap = |text: &str| text.parse::<Rate>().map(Rate::gap);
        assert_eq!(gap("10/s"), Ok(Duration::from_millis(100)));
        assert_eq!(gap("120 / m"), Ok(Duration::from_millis(500)));
        assert_eq!(gap("3600/h"), Ok(Duration::from_secs(1)));
        for wrong in ["", "10", "0/s", "1.5/s", "10/d", "-1/s", "9999999/s"] {
            assert!(gap(wrong).is_err(), "{wrong}");
        }
        assert_eq!("7/m".parse::<Rate>().expect("a rate").to_string(), "7/m");
    }
}
