//! Label values, bounded: whoever can deploy flows or send requests could else fill the memory with series.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

/// Different values that are kept.
const MOST: usize = 1000;
/// Bytes of a value.
const LONGEST: usize = 128;

#[derive(Default)]
pub(super) struct Names {
    known: RwLock<HashSet<Arc<str>>>,
}

impl Names {
    /// The value itself, or `other` when there are too many already.
    pub(super) fn get(&self, name: &str) -> Arc<str> {
        let name = clip(name);
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return known.clone();
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let kept: Arc<str> = if known.len() < MOST { name.into() } else { "other".into() };
        known.insert(kept.clone());
        kept
    }
}

fn clip(name: &str) -> &str {
    match name.char_indices().find(|(ix, letter)| ix + letter.len_utf8() > LONGEST) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_end_to_names() {
        let names = Names::default();
        for n in 0..MOST + 100 {
            let name = format!("n{n}");
            let expected = if n < MOST { name.as_str() } else { "other" };
            assert_eq!(&*names.get(&name), expected);
        }
        assert_eq!(&*names.get("n7"), "n7");
        assert_eq!(names.get(&"ä".repeat(1000)).len(), "other".len());
        assert_eq!(clip(&"ä".repeat(1000)).len(), LONGEST);
    }
}
