//! Sizes and times as people write them: `4MiB`, `500ms`.

use super::GrantError;
use std::time::Duration;

/// Bytes: a number with `B`, `KiB`, `MiB`, `GiB`, `kB`, `MB`, `GB` or nothing.
pub(super) fn size(text: &str) -> Result<u64, GrantError> {
    let wrong = || GrantError::new(format!("`{}` is not a size", text.escape_debug())).hint("write it as 65536, 64KiB or 4MiB");
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let factor = match unit {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).ok_or_else(wrong)
}

/// A span of time: a number with `ms`, `s` or `m`; without a unit it is milliseconds.
pub(super) fn time(text: &str) -> Result<Duration, GrantError> {
    let wrong = || GrantError::new(format!("`{}` is not a time", text.escape_debug())).hint("write it as 500ms, 30s or 2m");
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let milliseconds = match unit {
        "" | "ms" => Some(number),
        "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        _ => None,
    };
    let span = milliseconds.map(Duration::from_millis).ok_or_else(wrong)?;
    if span.is_zero() || span > Duration::from_secs(3600) {
        return Err(GrantError::new(format!("`{text}` is not between 1ms and 60m")));
    }
    Ok(span)
}

fn split(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].trim_start()))
}
