//! What to do about firings for which nobody was there.

use super::schedule::Schedule;
use super::zone::Zone;

/// How many missed firings are caught up with at most; of more, the newest.
pub const MAX_CATCH_UP: usize = 100;

/// A firing is on time if it is noticed within this many milliseconds; later it was missed.
pub const ON_TIME: i64 = 60_000;

/// What happens with firings that were missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missed {
    /// They do not happen.
    Skip,
    /// The last of them happens, once.
    #[default]
    Once,
    /// All happen, in order, [`MAX_CATCH_UP`] at most.
    All,
}

/// What is due, and when to look again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The scheduled times that fire now, in order; each is the key that keeps a firing from happening twice.
    pub fire: Vec<i64>,
    /// There were more that do not happen.
    pub left_out: bool,
    /// The first firing after now; none at the calendar's end.
    pub next: Option<i64>,
}

impl Schedule {
    /// What fires at `now`, if all up to `last` (the last scheduled time dealt with, or when the trigger was made) are settled. The next
    /// call's `last` is this call's `now`, or if `now` went back, still the old one.
    pub fn due(&self, last: i64, now: i64, missed: Missed, zone: &Zone) -> Due {
        let newest = self.newest(last, now, MAX_CATCH_UP + 1, zone);
        let keep = match missed {
            Missed::Skip => newest.iter().take(1).filter(|at| now - **at <= ON_TIME).count(),
            Missed::Once => newest.len().min(1),
            Missed::All => newest.len().min(MAX_CATCH_UP),
        };
        let left_out = newest.len() > keep;
        let mut fire: Vec<i64> = newest.into_iter().take(keep).collect();
        fire.reverse();
        Due { fire, left_out, next: self.next_after(now.max(last), zone) }
    }

    /// The firings after `last` and up to `now`, from the newest on.
    fn newest(&self, last: i64, now: i64, limit: usize, zone: &Zone) -> Vec<i64> {
        let before = |until: i64| self.last_between(last, until, zone);
        std::iter::successors(before(now), |at| before(at - 1)).take(limit).collect()
    }

    /// The last firing after `after` and up to `until`, found by halving: for every moment before it there is a firing up to `until`.
    fn last_between(&self, after: i64, until: i64, zone: &Zone) -> Option<i64> {
        let fires = |from: i64| self.next_after(from, zone).filter(|at| *at <= until);
        let mut found = fires(after)?;
        let mut none_after = until;
        while found < none_after {
            let middle = found + (none_after - found) / 2;
            match fires(middle) {
                Some(later) => found = later,
                None => none_after = middle,
            }
        }
        Some(found)
    }
}
