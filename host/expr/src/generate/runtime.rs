//! What generated code may call: the functions that `loomwork-flow-rt` exports, by name, with their types.
//!
//! A handle names a value of the runtime's arena; 0 says that the call failed and the runtime holds the error. Some
//! handles are fixed. Counts of elements are negative after a failure; other `i32` answers are 0 after one.

use loomwork_value::library::{ANY, FUNCTIONS as LIBRARY, Row, Slice};
use wasm_encoder::ValType::{self, F64, I32, I64};

/// The module name that runtime functions are imported from.
pub const MODULE: &str = "rt";

pub const NULL: i32 = 1;
pub const FALSE: i32 = 2;
pub const TRUE: i32 = 3;
/// Constants follow, in the order of the [`super::Pool`].
pub const FIRST_CONSTANT: i32 = 4;

/// What `expect` can ask for.
pub mod kind {
    pub const BOOL: i32 = 0;
    pub const INT: i32 = 1;
    pub const UINT: i32 = 2;
    pub const DOUBLE: i32 = 3;
}

/// Parameters and results of a runtime function, or of a library function (handles in, handle out).
pub fn signature(name: &str) -> Option<(&'static [ValType], &'static [ValType])> {
    let listed = FUNCTIONS.iter().find(|(own, ..)| *own == name).map(|(_, params, results)| (*params, *results));
    listed.or_else(|| {
        let (_, arity) = name.strip_prefix(LIBRARY_PREFIX)?.rsplit_once('/')?;
        let arity = if arity == "*" { 1 } else { arity.parse().ok()? };
        Some((HANDLES.get(..arity)?, &[I32]))
    })
}

/// The name under which the runtime exports a library function, and whether it takes its arguments as one list.
pub(super) fn library(function: u32, arguments: usize) -> (String, bool) {
    let row = &LIBRARY[function as usize];
    if row.max == ANY {
        return (format!("{LIBRARY_PREFIX}{}/*", row.name), true);
    }
    (format!("{LIBRARY_PREFIX}{}/{arguments}", row.name), false)
}

/// The part of the runtime that has a function: the core, unless it is a library function of another slice.
pub fn slice(name: &str) -> Slice {
    let exported = |(number, row): (usize, &Row)| match name.strip_prefix(LIBRARY_PREFIX)?.rsplit_once('/')? {
        (own, "*") => (own == row.name && row.max == ANY).then_some(row.slice),
        (_, arity) => {
            let arity = arity.parse().ok().filter(|arity| (row.min..=row.max).contains(arity))?;
            (library(number as u32, arity).0 == name).then_some(row.slice)
        }
    };
    LIBRARY.iter().enumerate().find_map(exported).unwrap_or(Slice::Core)
}

const LIBRARY_PREFIX: &str = "fn:";

/// Name, parameters, results.
#[rustfmt::skip]
const FUNCTIONS: &[(&str, &[ValType], &[ValType])] = &[
    // Starting: constants and types (address, length); an evaluation (what it costs at once).
    ("cabi_realloc", &[I32, I32, I32, I32], &[I32]),
    ("load", &[I32, I32], &[I32]),
    ("begin", &[I32], &[I32]),
    ("charge", &[I32], &[I32]),
    ("set_limit", &[I64], &[]),
    ("reset", &[], &[]),
    // Errors: made (code, message), held in a slot while another side has its say, thrown again.
    ("fail", &[I32, I32], &[]),
    ("fail_absent", &[], &[]),
    ("hold", &[I32], &[I32]),
    ("rethrow", &[I32], &[]),
    ("expect", &[I32, I32], &[I32]),
    // Scalars.
    ("box_int", &[I64], &[I32]),
    ("box_uint", &[I64], &[I32]),
    ("box_double", &[F64], &[I32]),
    ("unbox_int", &[I32], &[I64]),
    ("unbox_uint", &[I32], &[I64]),
    ("unbox_double", &[I32], &[F64]),
    // Operators on values whose types are known only when they run.
    ("add", &[I32, I32], &[I32]),
    ("subtract", &[I32, I32], &[I32]),
    ("multiply", &[I32, I32], &[I32]),
    ("divide", &[I32, I32], &[I32]),
    ("modulo", &[I32, I32], &[I32]),
    ("equal", &[I32, I32], &[I32]),
    ("not_equal", &[I32, I32], &[I32]),
    ("less", &[I32, I32], &[I32]),
    ("less_or_equal", &[I32, I32], &[I32]),
    ("greater", &[I32, I32], &[I32]),
    ("greater_or_equal", &[I32, I32], &[I32]),
    ("contains", &[I32, I32], &[I32]),
    ("negate", &[I32], &[I32]),
    ("not", &[I32], &[I32]),
    // Looking into values.
    ("select", &[I32, I32], &[I32]),
    ("has", &[I32, I32], &[I32]),
    ("index", &[I32, I32], &[I32]),
    ("optional_select", &[I32, I32], &[I32]),
    ("optional_index", &[I32, I32], &[I32]),
    ("entry", &[I32, I32], &[I32]),
    // Optionals: 1 some, 0 none, -1 no optional.
    ("some", &[I32], &[I32]),
    ("is_some", &[I32], &[I32]),
    ("unwrap", &[I32], &[I32]),
    ("expect_optional", &[I32], &[I32]),
    // Lists and maps under construction.
    ("list_new", &[I32], &[I32]),
    ("list_push", &[I32, I32], &[]),
    ("list_push_optional", &[I32, I32], &[I32]),
    ("list_done", &[I32], &[I32]),
    ("map_new", &[I32], &[I32]),
    ("map_put", &[I32, I32, I32], &[I32]),
    ("map_put_optional", &[I32, I32, I32], &[I32]),
    ("map_merge", &[I32, I32], &[I32]),
    ("map_done", &[I32], &[I32]),
    // Loops: how many, the element or key, both parts of an entry; the arena's fill, and back to it.
    ("range", &[I32], &[I32]),
    ("element", &[I32, I32], &[I32]),
    ("entry_key", &[I32, I32], &[I32]),
    ("entry_value", &[I32, I32], &[I32]),
    ("mark", &[], &[I32]),
    ("release", &[I32], &[]),
    // JSON text under construction: literal text, a value by the number of its type, a value as part of a text.
    ("json_begin", &[], &[]),
    ("json_raw", &[I32], &[]),
    ("json_value", &[I32, I32], &[I32]),
    ("json_text", &[I32], &[I32]),
    ("json_done", &[], &[I32]),
    // Values from JSON text (type, address, length), and both ways as bytes (address of length and bytes).
    ("decode", &[I32, I32, I32], &[I32]),
    ("read", &[I32, I32], &[I32]),
    ("answer", &[I32], &[I32]),
];

const HANDLES: [ValType; 8] = [I32; 8];
