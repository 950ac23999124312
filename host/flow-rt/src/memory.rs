//! A small allocator: blocks of powers of two, freed blocks kept in a list per size.
//!
//! Machines are short-lived and their blocks small and alike, so that reuse by exact size is quick and wastes little. The first blocks
//! lie in the memory that the instance begins with: a run that stays within it never asks the host for more.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr::null_mut;

#[global_allocator]
static BLOCKS: Blocks = Blocks { free: UnsafeCell::new([null_mut(); 32]), fresh: UnsafeCell::new((0, 0)) };

/// All zero, so that it takes no place in the module.
static ROOM: Room = Room(UnsafeCell::new([0; ROOM_SIZE]));

const ROOM_SIZE: usize = 192 << 10;
const PAGE: usize = 65_536;
/// The smallest block is 16 bytes, which is also the alignment of every block.
const SMALLEST: u32 = 4;

#[repr(C, align(16))]
struct Room(UnsafeCell<[u8; ROOM_SIZE]>);

struct Blocks {
    /// The first free block of each power of two; a free block begins with the address of the next.
    free: UnsafeCell<[*mut u8; 32]>,
    /// From where to where memory was never used.
    fresh: UnsafeCell<(usize, usize)>,
}

// SAFETY: the module has one thread.
unsafe impl Sync for Room {}

// SAFETY: as above.
unsafe impl Sync for Blocks {}

// SAFETY: a block is handed out once until it is freed, is at least as large as asked and aligned to its size or to 16.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class(layout) else { return null_mut() };
        // SAFETY: one thread, and no reference outlives this call.
        let free = unsafe { &mut *self.free.get() };
        let first = free[class as usize];
        if first.is_null() {
            return self.take_fresh(class);
        }
        // SAFETY: a free block begins with the address of the next.
        free[class as usize] = unsafe { *first.cast::<*mut u8>() };
        first
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(class) = class(layout) else { return };
        // SAFETY: as above; the block is ours again.
        unsafe {
            let free = &mut *self.free.get();
            *block.cast::<*mut u8>() = free[class as usize];
            free[class as usize] = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        let (Some(before), Some(after)) = (class(layout), class(wanted)) else { return null_mut() };
        if before == after || self.resize_last(block as usize, before, after) {
            return block;
        }
        // SAFETY: both blocks hold at least the smaller of both sizes.
        unsafe {
            let new = self.alloc(wanted);
            if !new.is_null() {
                new.copy_from_nonoverlapping(block, layout.size().min(size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

impl Blocks {
    fn take_fresh(&self, class: u32) -> *mut u8 {
        // SAFETY: one thread, and no reference outlives this call.
        let (start, end) = unsafe { &mut *self.fresh.get() };
        let size = 1usize << class;
        if *end == 0 {
            *start = ROOM.0.get() as usize;
            *end = *start + ROOM_SIZE;
        }
        if *end - *start < size && !grow(start, end, size) {
            return null_mut();
        }
        let block = *start;
        *start += size;
        block as *mut u8
    }

    /// Whether a block could take another size where it is, because it is the one that was made last.
    fn resize_last(&self, block: usize, before: u32, after: u32) -> bool {
        // SAFETY: one thread, and no reference outlives this call.
        let (start, end) = unsafe { &mut *self.fresh.get() };
        let fits = block + (1 << before) == *start && *end - block >= 1 << after;
        if fits {
            *start = block + (1 << after);
        }
        fits
    }
}

/// Makes room for `size` more bytes; what is left of the room before is given up if others own the memory after it.
fn grow(start: &mut usize, end: &mut usize, size: usize) -> bool {
    let pages = size.div_ceil(PAGE).max(4);
    let before = core::arch::wasm32::memory_grow(0, pages);
    if before == usize::MAX {
        return false;
    }
    let base = before * PAGE;
    if base != *end {
        *start = base;
    }
    *end = base + pages * PAGE;
    true
}

/// The power of two that holds the layout; None above 1 GiB.
fn class(layout: Layout) -> Option<u32> {
    let size = layout.size().max(layout.align());
    let class = usize::BITS - size.saturating_sub(1).leading_zeros();
    (class <= 30).then_some(class.max(SMALLEST))
}
