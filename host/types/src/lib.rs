//! The types of a flow, and the one home of their mapping to JSON and to expression values.
//!
//! In reading order: [`Type`] is what there is; [`parse`] and `Display` are its text; [`decode`] and [`encode`] are the mapping,
//! which `docs/values.md` shows as one table; [`scan`] guards the edge; [`assignable`], [`wire`] and [`schema`] are for the
//! checker, the compiled flow and the outside world.
//!
//! Knows nothing of wasmtime, documents or expressions' syntax. It is compiled into every flow, so it stays small.

mod assign;
pub mod datetime;
mod decode;
pub mod duration;
mod encode;
mod fault;
mod mismatch;
pub mod names;
mod parse;
mod print;
pub mod reader;
mod scan;
pub mod schema;
mod ty;
mod well_known;
pub mod wire;
pub mod writer;

pub use assign::{Assignable, assignable};
pub use decode::{decode, decode_dynamic};
pub use encode::{encode, encode_dynamic};
pub use fault::Fault;
pub use mismatch::Mismatch;
pub use parse::{Names, parse, parse_named};
pub use print::short;
pub use scan::{Limits, scan};
pub use ty::{Case, Field, Labels, MAX_DEPTH, Record, ResultType, Type, Variant};
pub use well_known::well_known;

use loomwork_value::Value;

/// The JSON text in the one form that [`encode`] gives it: fields in the type's order, defaults of options written out, times in
/// UTC, numbers in their shortest form, the keys of `json` objects sorted.
pub fn canonical(ty: &Type, json: &str) -> Result<String, Mismatch> {
    let value: Value = decode(ty, json)?;
    let mut out = String::with_capacity(json.len());
    encode(&value, ty, &mut out)?;
    Ok(out)
}
