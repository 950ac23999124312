//! Lengths of time and bounded numbers: `flow.bad_duration`, `flow.out_of_range`.

use super::Builder;
use crate::report::brief;
use std::ops::RangeInclusive;

/// The longest time that anything may take or wait: a year.
const LONGEST_MS: i128 = 366 * 24 * 3_600_000;

impl Builder<'_, '_, '_> {
    /// A duration of at least a millisecond; None if there is none or it is wrong, which is reported.
    pub(super) fn time_limit(&mut self, text: Option<&str>, pointer: &str) -> Option<u64> {
        self.duration(text?, pointer, 1)
    }

    /// A duration, which may be 0.
    pub(super) fn delay(&mut self, text: Option<&str>, pointer: &str) -> Option<u64> {
        self.duration(text?, pointer, 0)
    }

    fn duration(&mut self, text: &str, pointer: &str, least: i128) -> Option<u64> {
        let Some(duration) = loomwork_types::duration::parse(text) else {
            let hint = "Write for example `250ms`, `30s`, `1h30m` or `2d`.".to_owned();
            let message = format!("`{}` is not a duration", brief(text));
            self.report.error_hint("flow.bad_duration", pointer, message, hint);
            return None;
        };
        let ms = duration.nanos / 1_000_000;
        if !(least..=LONGEST_MS).contains(&ms) {
            let shortest = if least == 0 { "nothing" } else { "1ms" };
            let message = format!("`{}` is out of range: from {shortest} to 366 days", brief(text));
            self.report.error("flow.out_of_range", pointer, message);
            return None;
        }
        u64::try_from(ms).ok()
    }

    /// Reports a number that is out of its range.
    pub(super) fn in_range(&mut self, number: f64, range: RangeInclusive<f64>, pointer: &str) {
        if !range.contains(&number) {
            let message = format!("{number} is out of range: from {} to {}", range.start(), range.end());
            self.report.error("flow.out_of_range", pointer, message);
        }
    }
}
