//! Whatever a document says, it is answered, and soon.

use crate::{cases, check};
use proptest::prelude::*;
use std::fmt::Write;

/// The documents that are changed at random: all cases, and those that are right.
fn documents() -> Vec<String> {
    let cases = crate::cases::all().into_iter().map(|(_, text, _)| text).filter(|text| text.len() < 10_000);
    cases.chain(crate::plans::GOOD.iter().map(|text| (*text).to_owned())).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn changed_documents_are_answered(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0usize..4), 1..4),
    ) {
        let documents = documents();
        let mut text = documents[which.index(documents.len())].clone();
        for (at, other, kind) in changes {
            text = changed(&text, at.index(text.len().max(1)), other.index(text.len().max(1)), kind);
        }
        let (checked, diagnostics) = check(&text);
        prop_assert_eq!(checked.is_none(), diagnostics.iter().any(|diagnostic| diagnostic.is_error()));
        for diagnostic in diagnostics {
            let span = diagnostic.span;
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{:?}", diagnostic);
        }
    }
}

/// Words that matter, to be put in the place of others.
const WORDS: [&str; 24] = [
    "set",
    "each",
    "try",
    "repeat",
    "branch",
    "return",
    "any",
    "all",
    "error",
    "ok",
    "else",
    "a",
    "b",
    "lines",
    "one",
    "{{ nodes.a }}",
    "{{ input }}",
    "{{ each.item }}",
    "5s",
    "lines.body",
    "guard.catch",
    "text#length",
    "json",
    "list<u8>",
];

/// The text with one string replaced by a word, by another string of it, or with a part cut out or doubled.
fn changed(text: &str, at: usize, other: usize, kind: usize) -> String {
    let strings = strings(text);
    if strings.is_empty() {
        return text.to_owned();
    }
    let (start, end) = strings[at % strings.len()];
    let (from, to) = strings[other % strings.len()];
    let new = match kind {
        0 => format!("\"{}\"", WORDS[other % WORDS.len()]),
        1 => text[from..to].to_owned(),
        2 => String::from("null"),
        _ => text[start..end].repeat(2),
    };
    format!("{}{new}{}", &text[..start], &text[end..])
}

/// Where texts stand, quotes included.
fn strings(text: &str) -> Vec<(usize, usize)> {
    let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    quotes.chunks_exact(2).map(|pair| (pair[0], pair[1] + 1)).collect()
}

/// The wires of a flow with so many nodes.
type Shape = fn(usize) -> Vec<(usize, usize)>;

/// The largest flows that are read, wired in the ways that cost most.
#[test]
fn the_largest_flows_are_answered() {
    let shapes: [(&str, Shape); 4] = [
        ("a chain", |n| (1..n).map(|i| (i - 1, i)).collect()),
        ("a ladder", |n| (1..n).flat_map(|i| (1..=5).filter(move |back| *back <= i).map(move |back| (i - back, i))).collect()),
        ("a knot", |n| (0..n).flat_map(|i| (1..=4).map(move |step| (i, (i * step + 7 * step) % n))).collect()),
        ("a star", |n| (1..n).flat_map(|i| [(0, i), (i, 0)]).collect()),
    ];
    for (name, wires) in shapes {
        for join in ["all", "any"] {
            let text = large(2_000, &wires(2_000), join);
            let start = std::time::Instant::now();
            let (_, diagnostics) = check(&text);
            let words = diagnostics.iter().map(|diagnostic| diagnostic.message.len()).sum::<usize>();
            assert!(diagnostics.len() <= 1_000 && words < 1_000_000, "{name}: {} diagnostics", diagnostics.len());
            assert!(start.elapsed().as_secs() < 60, "{name} with join {join} hangs");
        }
    }
}

fn large(nodes: usize, wires: &[(usize, usize)], join: &str) -> String {
    let mut text = String::from("{\"loomwork\":1,\"id\":\"large\",\"nodes\":[");
    for node in 0..nodes {
        let comma = if node > 0 { "," } else { "" };
        let read = if node > 0 { format!("{{{{ nodes.?n{}.x.orValue(1) }}}}", node - 1) } else { "1".to_owned() };
        write!(text, "{comma}{{\"id\":\"n{node}\",\"use\":\"set\",\"join\":\"{join}\",\"with\":{{\"x\":\"{read}\"}}}}").unwrap();
    }
    text.push_str("],\"wires\":[");
    for (i, (from, to)) in wires.iter().take(10_000).enumerate() {
        let comma = if i > 0 { "," } else { "" };
        write!(text, "{comma}{{\"from\":\"n{from}\",\"to\":\"n{to}\"}}").unwrap();
    }
    text.push_str("]}");
    text
}
