//! Results that may be used again: of nodes with `cache`, which call functions that change nothing.
//!
//! One store for a platform, bounded in number and in bytes; the oldest give way. It is a convenience: nothing is wrong if it is empty.

use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

const MOST: usize = 10_000;
const MOST_BYTES: usize = 32 << 20;
/// A result that would push out too many others is not kept.
const LARGEST: usize = MOST_BYTES / 32;

/// Says what was called with what: package digest, function, input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

#[derive(Default)]
pub(crate) struct Results {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_key: HashMap<Key, Entry>,
    /// In the order in which they were made. A key that was renewed stands here more than once, until its old places come up.
    order: VecDeque<(Key, u64)>,
    bytes: usize,
    made: u64,
}

struct Entry {
    output: String,
    /// Milliseconds since 1970.
    at: u64,
    number: u64,
}

impl Key {
    pub fn new(digest: &str, function: &str, input: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [digest, function, input] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl Results {
    /// The result, if one was made in the `ttl_ms` before `now_ms`.
    pub fn get(&self, key: &Key, ttl_ms: u64, now_ms: u64) -> Option<String> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = kept.by_key.get(key)?;
        (now_ms >= entry.at && now_ms - entry.at < ttl_ms).then(|| entry.output.clone())
    }

    pub fn put(&self, key: Key, output: &str, now_ms: u64) {
        if output.len() > LARGEST {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.made += 1;
        let number = kept.made;
        kept.bytes += output.len();
        kept.order.push_back((key, number));
        if let Some(old) = kept.by_key.insert(key, Entry { output: output.to_owned(), at: now_ms, number }) {
            kept.bytes -= old.output.len();
        }
        while kept.bytes > MOST_BYTES || kept.order.len() > MOST {
            kept.forget_oldest();
        }
    }
}

impl Kept {
    fn forget_oldest(&mut self) {
        let Some((key, number)) = self.order.pop_front() else { return };
        if self.by_key.get(&key).is_some_and(|entry| entry.number == number)
            && let Some(old) = self.by_key.remove(&key)
        {
            self.bytes -= old.output.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(input: u64) -> Key {
        Key::new("sha256:a", "text#trim", &input.to_string())
    }

    #[test]
    fn a_result_lasts_as_long_as_the_reader_allows() {
        let results = Results::default();
        results.put(key(1), "one", 1_000);
        assert_eq!(results.get(&key(1), 500, 1_499).as_deref(), Some("one"));
        assert_eq!(results.get(&key(1), 500, 1_500), None);
        assert_eq!(results.get(&key(1), 500, 999), None, "a clock that was set back");
        assert_eq!(results.get(&key(2), 500, 1_000), None);
        results.put(key(1), "two", 1_400);
        assert_eq!(results.get(&key(1), 500, 1_600).as_deref(), Some("two"));
    }

    #[test]
    fn the_parts_of_a_key_do_not_run_together() {
        assert_ne!(Key::new("a", "bc", ""), Key::new("ab", "c", ""));
    }

    #[test]
    fn the_oldest_give_way() {
        let results = Results::default();
        let large = "x".repeat(LARGEST);
        for number in 0..200 {
            results.put(key(number % 100), &large, number);
        }
        let held = |number: u64| results.get(&key(number), 1_000, 200).is_some();
        assert_eq!((0..100).filter(|number| held(*number)).collect::<Vec<_>>(), (68..100).collect::<Vec<_>>());
        results.put(key(7), &"x".repeat(LARGEST + 1), 200);
        assert!(!held(7));
        for number in 0..3 * MOST as u64 {
            results.put(key(number), "", 300);
        }
        let kept = results.kept.lock().expect("no panics");
        assert!(kept.by_key.len() <= MOST && kept.order.len() <= MOST && kept.bytes == 0);
    }
}
