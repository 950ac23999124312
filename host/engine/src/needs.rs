//! What a component imports, and whether a call may have it. Asked before anything of the component runs.

use crate::{Capability, Grants};
use loomwork_types::Fault;
use semver::Version;
use std::sync::Arc;
use wasmtime::component::types::ComponentItem;

/// One imported interface of a component, the WASI baseline and mere types left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// As imported: `loom:host/http@0.1.0`.
    interface: Arc<str>,
    /// Where the version begins in `interface`.
    name_length: usize,
}

impl Need {
    /// `loom:host/http@0.1.0`.
    pub fn interface(&self) -> &str {
        &self.interface
    }

    /// `loom:host/http`: what a grant names.
    pub fn name(&self) -> &str {
        &self.interface[..self.name_length]
    }

    fn version(&self) -> Option<Version> {
        self.interface.get(self.name_length + 1..).and_then(|version| Version::parse(version).ok())
    }
}

/// The packages of WASI that are always linked, inert.
const BASELINE: [&str; 6] = ["wasi:cli/", "wasi:io/", "wasi:clocks/", "wasi:random/", "wasi:filesystem/", "wasi:sockets/"];

/// Reads a component's imports.
pub(crate) fn of(component: &wasmtime::component::Component) -> Vec<Need> {
    let engine = component.engine();
    let ty = component.component_type();
    let imports = ty.imports(engine);
    let needed = imports.filter(|(_, import)| !harmless(engine, &import.ty)).map(|(name, _)| need(name));
    needed.filter(|need| !in_baseline(need)).collect()
}

/// An import of types alone gives a guest nothing to call.
fn harmless(engine: &wasmtime::Engine, item: &ComponentItem) -> bool {
    match item {
        ComponentItem::Type(_) => true,
        ComponentItem::ComponentInstance(instance) => {
            instance.exports(engine).all(|(_, export)| matches!(export.ty, ComponentItem::Type(_)))
        }
        _ => false,
    }
}

fn need(interface: &str) -> Need {
    Need { interface: interface.into(), name_length: interface.find('@').unwrap_or(interface.len()) }
}

fn in_baseline(need: &Need) -> bool {
    BASELINE.iter().any(|package| need.name().starts_with(package))
        && need.version().is_some_and(|version| version.major == 0 && version.minor == 2)
}

/// Refuses a component that needs what there is not, or what was not granted, by name.
pub(crate) fn check(needs: &[Need], offered: &[Arc<dyn Capability>], grants: &Grants, package: &str) -> Result<(), Fault> {
    for need in needs {
        if !offered.iter().any(|capability| serves(&**capability, need)) {
            let message = format!("{package} imports `{}`, which this host does not offer", need.interface());
            return Err(refusal("capability.unknown", message, need, package));
        }
        if !grants.has(need.name()) {
            let message = format!("{package} imports `{}`, which it was not granted", need.interface());
            return Err(refusal("capability.not_granted", message, need, package));
        }
    }
    Ok(())
}

fn refusal(code: &'static str, message: String, need: &Need, package: &str) -> Fault {
    let mut data = String::from("{\"capability\":");
    loomwork_types::writer::string(need.interface(), &mut data);
    data.push_str(",\"component\":");
    loomwork_types::writer::string(package, &mut data);
    data.push('}');
    Fault::new(code, message).data(data)
}

fn serves(capability: &dyn Capability, need: &Need) -> bool {
    if capability.name() != need.name() {
        return false;
    }
    let Some(wanted) = need.version() else {
        // An import without a version is served by a capability without one.
        return need.interface().len() == need.name().len() && capability.versions().is_empty();
    };
    capability.versions().iter().filter_map(|version| Version::parse(version).ok()).any(|version| compatible(&version, &wanted))
}

/// As wasmtime links: the same first number that is not zero.
fn compatible(offered: &Version, wanted: &Version) -> bool {
    let track = |version: &Version| match (version.major, version.minor) {
        (0, 0) => (0, 0, version.patch),
        (0, minor) => (0, minor, 0),
        (major, _) => (major, 0, 0),
    };
    offered.pre.is_empty() && wanted.pre.is_empty() && track(offered) == track(wanted)
}
