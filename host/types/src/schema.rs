//! JSON Schema in and out: draft 2020-12 is written; of it and draft 7 the part that has a type here is read.

mod export;
mod import;

pub use export::export;
pub use import::{Imported, import};
