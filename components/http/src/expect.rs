//! Which statuses are a success: `2xx`, `any`, `200, 404, 5xx`.

use crate::Error;

pub struct Statuses(Vec<(u16, u16)>);

impl Statuses {
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.trim() == "any" {
            return Ok(Self(vec![(0, u16::MAX)]));
        }
        text.split([',', ' '])
            .filter(|part| !part.is_empty())
            .map(range)
            .collect::<Option<Vec<_>>>()
            .filter(|ranges| !ranges.is_empty())
            .map(Self)
            .ok_or_else(|| {
                Error::Invalid(format!(
                    "`expect` is `{}`; write `2xx`, `any`, or statuses such as `200, 404`",
                    text.chars().take(40).collect::<String>()
                ))
            })
    }

    pub fn hold(&self, status: u16) -> bool {
        self.0.iter().any(|&(low, high)| (low..=high).contains(&status))
    }
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (low, high) = match text.strip_suffix("xx") {
        Some(hundreds) => {
            let low = hundreds.parse::<u16>().ok()?.checked_mul(100)?;
            (low, low.checked_add(99)?)
        }
        None => text.parse().map(|status| (status, status)).ok()?,
    };
    (100..=999).contains(&low).then_some((low, high))
}
