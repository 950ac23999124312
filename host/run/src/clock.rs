//! Time as runs see it. An embedder may bring a clock of their own: a test's, or one that is journaled.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where a run's time comes from. Milliseconds since 1970-01-01T00:00:00Z.
pub trait Clock: Send + Sync + 'static {
    fn now_ms(&self) -> u64;

    /// Completes when `now_ms` is at least `at_ms`; at once if it already is.
    fn sleep_until(&self, at_ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The machine's own clock, on the caller's tokio runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }

    fn sleep_until(&self, at_ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = *self;
        Box::pin(until(at_ms, move || clock.now_ms()))
    }
}

/// The wall clock can be set while somebody sleeps: it is looked at again after this, however far away the time seemed.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

async fn until(at_ms: u64, now: impl Fn() -> u64) {
    loop {
        let left = Duration::from_millis(at_ms.saturating_sub(now()));
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_SLEEP, until};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_while_somebody_sleeps_is_noticed() {
        const HOUR: u64 = 3_600_000;
        let (wall, began) = (AtomicU64::new(0), tokio::time::Instant::now());
        let set = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            wall.store(HOUR, Ordering::Relaxed);
        };
        tokio::join!(set, until(HOUR, || wall.load(Ordering::Relaxed)));
        assert!(began.elapsed() <= LONGEST_SLEEP, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_wakes_before_the_time() {
        let (wall, began) = (AtomicU64::new(1_000), tokio::time::Instant::now());
        // Each look finds it one second later, whatever the machine's other clock says.
        until(4_000, || wall.fetch_add(1_000, Ordering::Relaxed)).await;
        assert!(began.elapsed() >= Duration::from_secs(6), "{:?}", began.elapsed());
    }
}
