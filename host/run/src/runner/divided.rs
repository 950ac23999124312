//! What a run has to write is cut into parts that a store takes; written in one batch, they are one write.

use loomwork_journal::{Entry, Next, Progress, limits};

/// The last has what is left, and everything that is there only once.
pub(super) fn divided(mut last: Progress) -> Vec<Progress> {
    let (entries, listens) = (std::mem::take(&mut last.entries), std::mem::take(&mut last.listens));
    let (mut entries, mut listens) = (by_size(entries), by_count(listens));
    (last.entries, last.listens) = (entries.pop().unwrap_or_default(), listens.pop().unwrap_or_default());
    let mut parts = Vec::new();
    let part = |entries, listens| Progress { entries, listens, next: Next::Running, ..Progress::default() };
    parts.extend(entries.into_iter().map(|entries| part(entries, Vec::new())));
    parts.extend(listens.into_iter().map(|listens| part(Vec::new(), listens)));
    parts.push(last);
    parts
}

fn by_count<T>(mut all: Vec<T>) -> Vec<Vec<T>> {
    let mut parts = Vec::new();
    while all.len() > limits::WRITES {
        let rest = all.split_off(limits::WRITES);
        parts.push(std::mem::replace(&mut all, rest));
    }
    parts.push(all);
    parts
}

fn by_size(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let (mut parts, mut part, mut size) = (Vec::new(), Vec::new(), 0);
    for entry in entries {
        let more = entry.size();
        if !part.is_empty() && (part.len() == limits::WRITES || size + more > limits::ENTRIES) {
            parts.push(std::mem::take(&mut part));
            size = 0;
        }
        size += more;
        part.push(entry);
    }
    parts.push(part);
    parts
}
