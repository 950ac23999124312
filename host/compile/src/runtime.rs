//! The built runtime modules that flows carry, by what their expressions use.

use crate::component::beginning;
use crate::module::Module;
use crate::trim::Layout;
use loomwork_expr::generate::runtime::slice;
use loomwork_value::library::Slice;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

static CORE: &[u8] = include_bytes!("../runtime/core.wasm");
static REGEX: &[u8] = include_bytes!("../runtime/regex.wasm");
static ZONES: &[u8] = include_bytes!("../runtime/zones.wasm");
static FULL: &[u8] = include_bytes!("../runtime/full.wasm");

/// The runtime as a flow carries it: everything the module imports and what that needs, and nothing else.
pub(crate) struct Carried {
    pub module: Vec<u8>,
    /// What a component begins with that carries it, hashed: most of what there is to hash of a flow.
    begun: Sha256,
    beginning: usize,
}

/// What was carried lately, by what is imported: flows that do alike carry the same.
static LATELY: Mutex<Vec<(BTreeSet<String>, Arc<Carried>)>> = Mutex::new(Vec::new());
const LATELY_KEPT: usize = 8;

pub(crate) fn for_module(module: &Module) -> Arc<Carried> {
    let imports: BTreeSet<String> = module.imports.keys().cloned().collect();
    let mut lately = LATELY.lock().unwrap_or_else(PoisonError::into_inner);
    let place = lately.iter().position(|(known, _)| *known == imports);
    let used = match place {
        Some(place) => lately.remove(place),
        None => {
            let carried = Carried::new(layout(&slices(module)).keep(&|name| imports.contains(name)));
            (imports, Arc::new(carried))
        }
    };
    lately.truncate(LATELY_KEPT - 1);
    lately.insert(0, used);
    lately[0].1.clone()
}

impl Carried {
    fn new(module: Vec<u8>) -> Self {
        let beginning = beginning(&module).finish();
        Self { module, begun: Sha256::new_with_prefix(&beginning), beginning: beginning.len() }
    }

    /// The digest of a component that carries it.
    pub fn digest(&self, component: &[u8]) -> [u8; 32] {
        self.begun.clone().chain_update(&component[self.beginning..]).finalize().into()
    }
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
