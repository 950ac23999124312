//! Values from JSON text, and JSON text under construction: what calls, results and templates are built of.
//!
//! Generated code writes one text at a time, from front to back, and takes it as a value when it is done.

#![expect(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "called from WebAssembly, with addresses in the memory that both modules share"
)]

use super::export::export;
use super::{Runtime, fault};
use loomwork_types::{decode as decode_as, encode, writer};
use loomwork_value::{Value, ops};

export! {
    /// The value of a JSON text of a type, by the type's number.
    fn decode(runtime, ty: u32, address: *const u8, length: usize) -> i32 {
        // SAFETY: the caller says where its bytes are.
        let bytes = unsafe { std::slice::from_raw_parts(address, length) };
        match std::str::from_utf8(bytes) {
            Ok(text) => runtime.decode(ty, text),
            Err(_) => runtime.fail(loomwork_types::Fault::new("json.utf8", "the text is not UTF-8")),
        }
    }

    /// Begins a text.
    fn json_begin(runtime) { runtime.json.clear() }
    /// Appends a constant text as it is.
    fn json_raw(runtime, text: i32) {
        if let Value::String(text) = runtime.arena.get(text) { runtime.json.push_str(text); }
    }
    /// Appends a value as JSON of a type; 0 if it is not of that type.
    fn json_value(runtime, value: i32, ty: u32) -> i32 { runtime.write_json(value, ty) }
    /// Appends a value as part of a JSON text: lists and maps as JSON within the text. 0 if it has no text.
    fn json_text(runtime, value: i32) -> i32 { runtime.write_text(value) }
    /// The text that was built, as a value.
    fn json_done(runtime) -> i32 { let text = std::mem::take(&mut runtime.json); runtime.put(Value::from(text)) }
}

impl Runtime {
    /// The value of a JSON text of a type, by the type's number.
    pub fn decode(&mut self, ty: u32, text: &str) -> i32 {
        match decode_as(self.ty(ty), text) {
            Ok(value) => self.put(value),
            Err(mismatch) => self.fail(mismatch.into()),
        }
    }

    /// The JSON text of a value as a type, by the type's number; fails with why it is not of the type.
    pub fn encode(&mut self, value: i32, ty: u32) -> Option<String> {
        let mut out = String::new();
        match encode(self.get(value), self.ty(ty), &mut out) {
            Ok(()) => Some(out),
            Err(mismatch) => {
                self.fail(mismatch.into());
                None
            }
        }
    }

    fn write_json(&mut self, value: i32, ty: u32) -> i32 {
        let mut out = std::mem::take(&mut self.json);
        let written = encode(self.get(value), self.ty(ty), &mut out);
        self.json = out;
        match written {
            Ok(()) => 1,
            Err(mismatch) => self.fail(mismatch.into()),
        }
    }

    fn write_text(&mut self, value: i32) -> i32 {
        let mut text = String::new();
        let written = ops::display(&mut self.meter, self.arena.get(value), &mut text);
        if let Err(error) = written {
            return self.fail(fault(error));
        }
        let mut quoted = String::with_capacity(text.len() + 2);
        writer::string(&text, &mut quoted);
        self.json.push_str(&quoted[1..quoted.len() - 1]);
        1
    }
}
