//! Blocks of powers of two out of one piece of memory, and a list of free blocks for each size.

use std::alloc::Layout;
use std::ptr::null_mut;

/// Bytes of the whole piece.
pub(crate) const SIZE: usize = 128 << 10;
/// The smallest block is 16 bytes, which is also the alignment of every block.
const SMALLEST: u32 = 4;
const CLASSES: usize = SIZE.ilog2() as usize + 1;

pub(crate) struct Arena {
    base: *mut u8,
    /// From here on nothing is handed out.
    used: usize,
    /// The first free block of each power of two; a free block begins with the address of the next.
    free: [*mut u8; CLASSES],
}

impl Arena {
    /// `base` is aligned to 16 and the first of [`SIZE`] bytes that nobody else uses.
    pub const fn new(base: *mut u8) -> Self {
        Self { base, used: 0, free: [null_mut(); CLASSES] }
    }

    /// A block for the layout; none if there is no room.
    pub fn take(&mut self, layout: Layout) -> Option<*mut u8> {
        let class = class(layout)?;
        let first = self.free[class];
        if !first.is_null() {
            // SAFETY: a free block begins with the address of the next.
            self.free[class] = unsafe { *first.cast::<*mut u8>() };
            return Some(first);
        }
        let end = self.used + (1 << class);
        if end > SIZE {
            return None;
        }
        let block = self.base.wrapping_add(self.used);
        self.used = end;
        Some(block)
    }

    /// Takes back a block that came from here.
    pub fn give(&mut self, block: *mut u8, layout: Layout) {
        let Some(class) = class(layout) else { return };
        if self.is_last(block, class) {
            self.used -= 1 << class;
            return;
        }
        // SAFETY: the block is ours again, and large enough for an address.
        unsafe { *block.cast::<*mut u8>() = self.free[class] };
        self.free[class] = block;
    }

    /// Whether a block that came from here could be made to hold another layout where it is.
    pub fn resize(&mut self, block: *mut u8, layout: Layout, wanted: Layout) -> bool {
        let (Some(before), Some(after)) = (class(layout), class(wanted)) else { return false };
        if before == after {
            return true;
        }
        let end = self.used - (1 << before) + (1 << after);
        let fits = self.is_last(block, before) && end <= SIZE;
        if fits {
            self.used = end;
        }
        fits
    }

    pub fn holds(&self, block: *mut u8) -> bool {
        block.addr().wrapping_sub(self.base.addr()) < SIZE
    }

    fn is_last(&self, block: *mut u8, class: usize) -> bool {
        block.addr() - self.base.addr() + (1 << class) == self.used
    }
}

/// The power of two that holds the layout; none if no block of an arena does.
fn class(layout: Layout) -> Option<usize> {
    let size = layout.size().max(1 << SMALLEST).checked_next_power_of_two()?;
    (size <= SIZE && layout.align() <= 1 << SMALLEST).then_some(size.ilog2() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C, align(16))]
    struct Room([u8; SIZE]);

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).expect("a layout")
    }

    /// Takes, resizes and gives back by a fixed sequence, and looks whether every block keeps what was written into it.
    #[test]
    fn blocks_do_not_overlap() {
        let mut room = Box::new(Room([0; SIZE]));
        let mut arena = Arena::new(room.0.as_mut_ptr());
        let mut live: Vec<(*mut u8, Layout, u8)> = Vec::new();
        let mut seed = 7u64;
        for turn in 0..20_000u32 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let random = (seed >> 33) as usize;
            let mark = turn as u8;
            let of = layout(1 + random % 900);
            match random % 5 {
                0 | 1 => {
                    if let Some(block) = arena.take(of) {
                        // SAFETY: the block has the layout's size.
                        unsafe { block.write_bytes(mark, of.size()) };
                        live.push((block, of, mark));
                    }
                }
                2 if !live.is_empty() => {
                    let place = random / 5 % live.len();
                    let (block, before, _) = live[place];
                    if arena.resize(block, before, of) {
                        // SAFETY: it now has that layout's size.
                        unsafe { block.write_bytes(mark, of.size()) };
                        live[place] = (block, of, mark);
                    }
                }
                _ if !live.is_empty() => {
                    let (block, of, mark) = live.swap_remove(random / 5 % live.len());
                    // SAFETY: nobody else was given the block.
                    let kept = unsafe { std::slice::from_raw_parts(block, of.size()) }.iter().all(|byte| *byte == mark);
                    assert!(kept && arena.holds(block), "turn {turn}");
                    arena.give(block, of);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn what_is_given_back_is_used_again() {
        let mut room = Box::new(Room([0; SIZE]));
        let mut arena = Arena::new(room.0.as_mut_ptr());
        for _ in 0..100_000 {
            let (first, second) = (arena.take(layout(100)).expect("room"), arena.take(layout(3_000)).expect("room"));
            arena.give(first, layout(100));
            arena.give(second, layout(3_000));
        }
        assert!(arena.used <= 2 * (128 + 4_096));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut room = Box::new(Room([0; SIZE]));
        let mut arena = Arena::new(room.0.as_mut_ptr());
        assert!(arena.take(layout(SIZE + 1)).is_none());
        assert!(arena.take(Layout::from_size_align(64, 64).expect("a layout")).is_none());
        assert!(arena.take(layout(SIZE)).is_some());
        assert!(arena.take(layout(1)).is_none());
    }
}
