//! The beginning of a module, of an event and of an evaluation; and single values in and out as bytes.

#![expect(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "called from WebAssembly, with addresses in the memory that both modules share"
)]

use super::Runtime;
use super::export::export;
use loomwork_types::{Fault, Type, wire};
use loomwork_value::{Meter, Value, binary};
use std::alloc::{Layout, alloc, dealloc, realloc};

export! {
    /// Reads the module's constants and types; 0 if they are not what the generator wrote.
    fn load(runtime, address: *const u8, length: usize) -> i32 {
        // SAFETY: the caller says where its bytes are.
        let bytes = unsafe { std::slice::from_raw_parts(address, length) };
        i32::from(runtime.load(bytes).is_some())
    }
    /// Begins an evaluation with a fresh budget, and charges what it costs at once.
    fn begin(runtime, cost: u32) -> i32 {
        runtime.error = None;
        runtime.held.clear();
        runtime.meter = Meter::new(runtime.limit);
        runtime.charge(cost.into())
    }
    fn charge(runtime, cost: u32) -> i32 { runtime.charge(cost.into()) }
    /// Sets the budget of the evaluations that follow.
    fn set_limit(runtime, limit: u64) { runtime.limit = limit }
    /// Forgets all values but the constants.
    fn reset(runtime) { runtime.reset() }

    /// Reads a value that [`binary`] wrote; 0 without an error if it is none.
    fn read(runtime, address: *const u8, length: usize) -> i32 {
        // SAFETY: the caller says where its bytes are.
        let mut bytes = unsafe { std::slice::from_raw_parts(address, length) };
        binary::read(&mut bytes).map_or(0, |value| runtime.put(value))
    }
    /// Writes a value, or for 0 the error: a length in four bytes, then 1 and the value, or 0 and code and message as texts.
    fn answer(runtime, handle: i32) -> *const u8 {
        runtime.write_answer(handle);
        runtime.answer.as_ptr()
    }
}

/// The canonical ABI's way to ask for memory. What it gives is never smaller than a pointer's alignment.
///
/// # Safety
/// `block` is null or came from here with the same alignment and `before` as its size.
#[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
pub unsafe extern "C" fn cabi_realloc(block: *mut u8, before: usize, align: usize, size: usize) -> *mut u8 {
    let layout = |size| Layout::from_size_align(size, align).ok();
    // SAFETY: as the caller promises.
    unsafe {
        match (before, size) {
            (0, 0) => align as *mut u8,
            (0, _) => layout(size).map_or(std::ptr::null_mut(), |layout| alloc(layout)),
            (_, 0) => {
                if let Some(layout) = layout(before) {
                    dealloc(block, layout);
                }
                align as *mut u8
            }
            _ => layout(before).map_or(std::ptr::null_mut(), |layout| realloc(block, layout, size)),
        }
    }
}

impl Runtime {
    /// Reads the constants and types of a module: see `expr::generate::Pool`.
    pub fn load(&mut self, mut bytes: &[u8]) -> Option<()> {
        let constants = counted(&mut bytes, binary::read)?;
        self.types = counted(&mut bytes, read_type)?;
        self.arena.start(constants.into_iter());
        Some(())
    }

    fn write_answer(&mut self, handle: i32) {
        let mut out = std::mem::take(&mut self.answer);
        out.clear();
        out.extend_from_slice(&[0; 4]);
        if handle == 0 {
            let error = self.take_error().unwrap_or_else(|| Fault::new("expr.failed", "the evaluation failed"));
            out.push(0);
            binary::write(&Value::from(&*error.code), &mut out);
            binary::write(&Value::from(error.message), &mut out);
        } else {
            out.push(1);
            binary::write(self.get(handle), &mut out);
        }
        let length = out.len() as u32 - 4;
        out[..4].copy_from_slice(&length.to_le_bytes());
        self.answer = out;
    }
}

fn counted<T>(bytes: &mut &[u8], read: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    let count = binary::read_number(bytes)?;
    (0..count).map(|_| read(bytes)).collect()
}

fn read_type(bytes: &mut &[u8]) -> Option<Type> {
    let (ty, length) = wire::read(bytes)?;
    *bytes = bytes.get(length..)?;
    Some(ty)
}
