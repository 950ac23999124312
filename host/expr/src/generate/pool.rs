//! The constants and types of a generated module: one table of bytes that the runtime reads when it starts.
//!
//! The handle of a constant is known before the runtime runs: constants follow the handles of null, false and true.

use super::runtime;
use loomwork_types::Type;
use loomwork_value::{Value, binary};
use std::collections::BTreeMap;

/// Constants and types, each once, in order of first use.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    constants: Table,
    types: Table,
}

#[derive(Clone, Debug, Default)]
struct Table {
    places: BTreeMap<Vec<u8>, u32>,
    entries: Vec<Vec<u8>>,
}

impl Pool {
    pub fn new() -> Self {
        Self::default()
    }

    /// The handle of a constant.
    pub fn constant(&mut self, value: &Value) -> u32 {
        match value {
            Value::Null => runtime::NULL as u32,
            Value::Bool(false) => runtime::FALSE as u32,
            Value::Bool(true) => runtime::TRUE as u32,
            other => {
                let mut bytes = Vec::new();
                binary::write(other, &mut bytes);
                runtime::FIRST_CONSTANT as u32 + self.constants.place(bytes)
            }
        }
    }

    /// The handle of a text.
    pub fn text(&mut self, text: &str) -> u32 {
        self.constant(&Value::String(text.into()))
    }

    /// The number of a type, as the runtime's JSON functions want it.
    pub fn ty(&mut self, ty: &Type) -> u32 {
        let mut bytes = Vec::new();
        loomwork_types::wire::write(ty, &mut bytes);
        self.types.place(bytes)
    }

    /// What the runtime's `load` reads: the number of constants, the constants, the number of types, the types.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for table in [&self.constants, &self.types] {
            binary::number(table.entries.len() as u128, &mut out);
            table.entries.iter().for_each(|entry| out.extend_from_slice(entry));
        }
        out
    }
}

impl Table {
    fn place(&mut self, bytes: Vec<u8>) -> u32 {
        let next = self.entries.len() as u32;
        *self.places.entry(bytes).or_insert_with_key(|bytes| {
            self.entries.push(bytes.clone());
            next
        })
    }
}
