//! Names: WIT's kebab-case, JSON's snake_case, and the nearest right one for a misspelt one.

use std::sync::Arc;

/// The JSON name of a WIT name: `media-type` is `media_type`.
pub fn snake(kebab: &str) -> Arc<str> {
    if kebab.contains('-') { kebab.replace('-', "_").into() } else { kebab.into() }
}

/// The candidate that was probably meant: at most a third of its letters differ.
pub fn suggest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A hostile name or list of names must not make an error expensive.
    if wrong.len() > 64 {
        return None;
    }
    let near = candidates.into_iter().take(256).filter(|candidate| candidate.len() <= 64);
    let (distance, best) = near.map(|candidate| (distance(wrong, candidate), candidate)).min_by_key(|(d, _)| *d)?;
    (distance <= wrong.len().max(best.len()).div_ceil(3)).then_some(best)
}

/// How many letters have to be added, removed or changed; `-`, `_` and case do not count.
fn distance(a: &str, b: &str) -> usize {
    let fold = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(fold(x) != fold(y));
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_name_and_nothing_far() {
        let names = ["quantity", "sku", "unit_price"];
        assert_eq!(suggest("quantty", names), Some("quantity"));
        assert_eq!(suggest("unit-price", names), Some("unit_price"));
        assert_eq!(suggest("Sku", names), Some("sku"));
        assert_eq!(suggest("colour", names), None);
        assert_eq!(suggest(&"x".repeat(100), names), None);
    }
}
