//! "Did you mean …": the known word nearest to a mistyped one.

/// Returns the candidate that a person probably meant, if one is near enough: at most a third of the letters wrong.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = word.chars().take(LONGEST).collect();
    let allowed = (letters.len() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (distance(&letters, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Longer words are compared by their beginnings.
const LONGEST: usize = 64;

/// Letters added, left out or changed, and neighbours swapped; capitals and `-` for `_` are no difference worth counting.
fn distance(word: &[char], candidate: &str) -> usize {
    let other: Vec<char> = candidate.chars().take(LONGEST).collect();
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in word.iter().enumerate() {
        let mut row = vec![i + 1; other.len() + 1];
        for (j, b) in other.iter().enumerate() {
            row[j + 1] = (last[j] + usize::from(!same(*a, *b))).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && same(*a, other[j - 1]) && same(word[i - 1], *b) {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

fn same(a: char, b: char) -> bool {
    let plain = |c: char| if c == '-' { '_' } else { c.to_ascii_lowercase() };
    plain(a) == plain(b)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_word_that_was_meant() {
        assert_eq!(nearest("nmae", ["id", "name", "node"]), Some("name"));
        assert_eq!(nearest("maxVisits", ["join", "max_visits"]), Some("max_visits"));
        assert_eq!(nearest("Timeout", ["timeout", "retry"]), Some("timeout"));
    }

    #[test]
    fn offers_nothing_far_off() {
        assert_eq!(nearest("colour", ["id", "name", "join"]), None);
        assert_eq!(nearest("x", []), None);
    }
}
