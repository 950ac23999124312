//! The built runtime modules that flows carry, by what their expressions use.

use crate::module::Module;
use loomwork_expr::generate::runtime::slice;
use loomwork_value::library::Slice;
use std::collections::BTreeSet;

static CORE: &[u8] = include_bytes!("../runtime/core.wasm");
static REGEX: &[u8] = include_bytes!("../runtime/regex.wasm");
static ZONES: &[u8] = include_bytes!("../runtime/zones.wasm");
static FULL: &[u8] = include_bytes!("../runtime/full.wasm");

/// The smallest runtime that has everything the module imports.
pub(crate) fn for_module(module: &Module) -> &'static [u8] {
    runtime(&slices(module))
}

/// The smallest built runtime module that has these slices besides the core.
pub fn runtime(slices: &BTreeSet<Slice>) -> &'static [u8] {
    match (slices.contains(&Slice::Regex), slices.contains(&Slice::Zones)) {
        (false, false) => CORE,
        (true, false) => REGEX,
        (false, true) => ZONES,
        (true, true) => FULL,
    }
}

fn slices(module: &Module) -> BTreeSet<Slice> {
    module.imports.keys().map(|name| slice(name)).collect()
}
