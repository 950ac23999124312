//! Time zones by name, from the table that is built in: the same on every machine and in the browser.

use super::error::{ZoneError, brief};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::fmt;
use std::sync::LazyLock;

/// A zone such as `Europe/Paris`.
#[derive(Clone, PartialEq)]
pub struct Zone {
    name: String,
    pub(super) zone: TimeZone,
}

static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

impl Zone {
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// The zone of this name (`Europe/Paris`, `UTC`); letters' case does not matter.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        if name.eq_ignore_ascii_case("UTC") {
            return Ok(Self::utc());
        }
        match BUNDLED.get(name) {
            Ok(zone) => Ok(Self { name: zone.iana_name().unwrap_or(name).to_owned(), zone }),
            Err(_) => Err(ZoneError { name: brief(name) }),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl ZoneError {
    /// The nearest name, whole or by its last part: who writes `Berlin` means `Europe/Berlin`. Looks at all names there are.
    pub fn hint(&self) -> String {
        let names: Vec<String> = BUNDLED.available().map(|name| name.to_string()).collect();
        let is_city = |known: &&String| known.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&self.name));
        let city = names.iter().find(is_city).map(String::as_str);
        match city.or_else(|| loomwork_diagnostic::nearest(&self.name, names.iter().map(String::as_str))) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Write a name such as `Europe/Paris` or `UTC`.".to_owned(),
        }
    }
}
