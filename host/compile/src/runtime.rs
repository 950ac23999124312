//! The built runtime modules that flows carry, by what their expressions use.

use crate::module::Module;
use crate::trim::Layout;
use loomwork_expr::generate::runtime::slice;
use loomwork_value::library::Slice;
use std::collections::BTreeSet;
use std::sync::OnceLock;

static CORE: &[u8] = include_bytes!("../runtime/core.wasm");
static REGEX: &[u8] = include_bytes!("../runtime/regex.wasm");
static ZONES: &[u8] = include_bytes!("../runtime/zones.wasm");
static FULL: &[u8] = include_bytes!("../runtime/full.wasm");

/// The runtime as a flow carries it: everything the module imports and what that needs, and nothing else.
pub(crate) fn for_module(module: &Module) -> Vec<u8> {
    layout(&slices(module)).keep(&|name| module.imports.contains_key(name))
}

/// Each runtime is looked through once.
fn layout(slices: &BTreeSet<Slice>) -> &'static Layout {
    static LAYOUTS: [OnceLock<Layout>; 4] = [const { OnceLock::new() }; 4];
    let place = usize::from(slices.contains(&Slice::Regex)) + 2 * usize::from(slices.contains(&Slice::Zones));
    LAYOUTS[place].get_or_init(|| Layout::of(runtime(slices)).expect("the built modules are valid"))
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

/// All built runtime modules: a host that is given them compiles each once, and not with every flow.
pub fn runtimes() -> [&'static [u8]; 4] {
    [CORE, REGEX, ZONES, FULL]
}

fn slices(module: &Module) -> BTreeSet<Slice> {
    module.imports.keys().map(|name| slice(name)).collect()
}
