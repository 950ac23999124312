//! Times as people read them.

use jiff::Timestamp;

/// `2026-03-01 07:30:05Z`
pub fn time(at_ms: u64) -> String {
    let at = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map_or_else(|| "never".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}

/// `12 ms`, `3.4 s`, `5 min 12 s`, `3 d 4 h`.
pub fn between(from_ms: u64, to_ms: u64) -> String {
    let ms = to_ms.saturating_sub(from_ms);
    let (seconds, minutes, hours) = (ms / 1_000, ms / 60_000, ms / 3_600_000);
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", ms as f64 / 1_000.0),
        60_000..3_600_000 => format!("{minutes} min {} s", seconds % 60),
        3_600_000..86_400_000 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{} d {} h", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::{between, time};

    #[test]
    fn times_are_short() {
        let shown = [5, 1_500, 65_000, 3_660_000, 100 * 3_600_000].map(|ms| between(0, ms));
        assert_eq!(shown, ["5 ms", "1.5 s", "1 min 5 s", "1 h 1 min", "4 d 4 h"]);
        assert_eq!(time(1_750_000_000_000), "2025-06-15 15:06:40Z");
    }
}
