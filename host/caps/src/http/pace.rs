//! Keeps requests apart that go to hosts with a granted rate: each takes the next free moment and waits for it.
//!
//! One pace for a project and host in this process. Redirects count like first requests.

use crate::grants::{Rate, Target};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Paces kept; those that are over give way.
const MOST: usize = 10_000;

#[derive(Default)]
pub(super) struct Paces {
    /// By project and host with its port: when the next request may go.
    free: Mutex<HashMap<(Arc<str>, String), Instant>>,
}

impl Paces {
    /// When a request that is ready now may go.
    pub fn reserve(&self, project: &Arc<str>, target: &Target, rate: Rate, now: Instant) -> Instant {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() >= MOST {
            free.retain(|_, at| *at > now);
        }
        let next = free.entry((project.clone(), target.to_string())).or_insert(now);
        let at = (*next).max(now);
        *next = at + rate.gap();
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_request_takes_the_next_free_moment() {
        let (paces, now) = (Paces::default(), Instant::now());
        let target = |url: &str| Target::of(&url.parse().expect("an address")).expect("a target");
        let (here, there) = (target("https://a.example/x"), target("https://b.example"));
        let rate: Rate = "10/s".parse().expect("a rate");
        let after = |at: Instant| at.duration_since(now).as_millis();
        let project: Arc<str> = "shop".into();
        let taken: Vec<u128> = (0..3).map(|_| after(paces.reserve(&project, &here, rate, now))).collect();
        assert_eq!(taken, [0, 100, 200]);
        assert_eq!(after(paces.reserve(&project, &there, rate, now)), 0, "another host");
        assert_eq!(after(paces.reserve(&"other".into(), &here, rate, now)), 0, "another project");
        let later = now + Duration::from_secs(5);
        assert_eq!(paces.reserve(&project, &here, rate, later), later, "what was not used is not saved up");
    }
}
