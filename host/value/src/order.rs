//! Sorting in little code: the standard library's sorts are quicker on long lists, but each use is kilobytes in every flow.

use std::cmp::Ordering;

/// Sorts in place (a heap sort: quick for all inputs, equal elements in no particular but always the same order).
pub fn sort<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    for root in (0..items.len() / 2).rev() {
        sift(items, root, &compare);
    }
    for end in (1..items.len()).rev() {
        items.swap(0, end);
        sift(&mut items[..end], 0, &compare);
    }
}

/// Lets the element at `root` sink to its place in the heap below.
fn sift<T>(heap: &mut [T], mut root: usize, compare: &impl Fn(&T, &T) -> Ordering) {
    loop {
        let left = 2 * root + 1;
        let mut largest = root;
        for child in [left, left + 1] {
            if child < heap.len() && compare(&heap[largest], &heap[child]).is_lt() {
                largest = child;
            }
        }
        if largest == root {
            return;
        }
        heap.swap(root, largest);
        root = largest;
    }
}
