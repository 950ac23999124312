//! A guest's allocator: what a call needs at first lies in the memory that its instance begins with.
//!
//! A fresh instance that asks for more memory makes the host change the protection of pages, and change it back for the next one.
//! So a typical call gets its blocks from an arena in the initial memory, packed closely, which touches few pages; what does not
//! fit there comes from the system's allocator. Freed blocks are used again, because an instance may serve many calls.
//!
//! A component uses it by naming the crate: `use loomwork_memory as _;`.

#[cfg_attr(not(target_family = "wasm"), expect(dead_code, reason = "guests alone use it; its tests run on the host"))]
mod arena;

#[cfg(target_family = "wasm")]
mod global {
    use crate::arena::{Arena, SIZE};
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::UnsafeCell;

    #[repr(C, align(16))]
    struct Room(UnsafeCell<[u8; SIZE]>);

    // SAFETY: a guest has one thread.
    unsafe impl Sync for Room {}

    /// All zero, so that it takes no place in the component.
    static ROOM: Room = Room(UnsafeCell::new([0; SIZE]));

    struct Guest(UnsafeCell<Arena>);

    // SAFETY: as above.
    unsafe impl Sync for Guest {}

    #[global_allocator]
    static GUEST: Guest = Guest(UnsafeCell::new(Arena::new(ROOM.0.get().cast())));

    impl Guest {
        #[expect(clippy::mut_from_ref, reason = "one thread, and no function of the arena calls the allocator")]
        fn arena(&self) -> &mut Arena {
            // SAFETY: see the reason above.
            unsafe { &mut *self.0.get() }
        }
    }

    // SAFETY: the arena's blocks do not overlap and are as large and aligned as asked; all others are the system's.
    unsafe impl GlobalAlloc for Guest {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: as the caller promises.
            self.arena().take(layout).unwrap_or_else(|| unsafe { System.alloc(layout) })
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            if self.arena().holds(block) {
                self.arena().give(block, layout);
            } else {
                // SAFETY: what does not lie in the arena is the system's.
                unsafe { System.dealloc(block, layout) }
            }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            if !self.arena().holds(block) {
                // SAFETY: as above.
                return unsafe { System.realloc(block, layout, size) };
            }
            let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return std::ptr::null_mut() };
            if self.arena().resize(block, layout, wanted) {
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
}
