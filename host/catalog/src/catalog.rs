//! The packages at hand, and which of them a flow means.

use crate::{FlowSignature, Function, Lock, Package};
use loomwork_types::names::suggest;
use semver::Version;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;

/// A set of packages by id, and the flows that can be called. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Sorted by name, then by version, lowest first.
    packages: Vec<Arc<Package>>,
    /// By id; none if nothing is known of other flows.
    flows: Option<Arc<BTreeMap<String, FlowSignature>>>,
}

/// What a flow's node calls.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    pub package: &'a Arc<Package>,
    pub function: &'a Function,
}

/// Why a name leads nowhere. `suggestion` is the right one, if a near one exists.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotFound {
    #[error("there is no package `{id}`")]
    Package { id: String, suggestion: Option<String> },
    #[error("there is no version `{wanted}` of `{name}`; there is {}", there.join(", "))]
    Version { name: String, wanted: String, there: Vec<String> },
    #[error("package `{package}` has no function `{path}`")]
    Function { package: String, path: String, suggestion: Option<String> },
    #[error("function `{path}` cannot be a node: {reason}")]
    Unusable { path: String, reason: String },
}

impl NotFound {
    /// What was probably meant.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            NotFound::Package { suggestion, .. } | NotFound::Function { suggestion, .. } => suggestion.as_deref(),
            NotFound::Version { .. } | NotFound::Unusable { .. } => None,
        }
    }
}

impl Catalog {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a package; one with the same id is replaced and given back.
    pub fn add(&mut self, package: Package) -> Option<Arc<Package>> {
        let package = Arc::new(package);
        let place = self.packages.binary_search_by(|other| order(&other.id).cmp(&order(&package.id)));
        match place {
            Ok(place) => Some(std::mem::replace(&mut self.packages[place], package)),
            Err(place) => {
                self.packages.insert(place, package);
                None
            }
        }
    }

    /// The same packages beside these flows, by id. From then on a flow that is not among them is taken not to exist.
    pub fn with_flows(mut self, flows: impl IntoIterator<Item = (String, FlowSignature)>) -> Self {
        self.flows = Some(Arc::new(flows.into_iter().collect()));
        self
    }

    /// The same packages beside the flows that a lock pins, as a document was compiled with it.
    pub fn with_flows_of(mut self, lock: &Lock) -> Self {
        let pinned: BTreeMap<_, _> = lock.flows().map(|(id, flow)| (id.to_owned(), flow.clone())).collect();
        self.flows = (!pinned.is_empty()).then(|| Arc::new(pinned));
        self
    }

    /// The flow `id`, if it is known.
    pub fn flow(&self, id: &str) -> Option<&FlowSignature> {
        self.flows.as_ref()?.get(id)
    }

    /// The ids of all flows, sorted; none if nothing is known of them.
    pub fn flows(&self) -> Option<impl Iterator<Item = &str>> {
        self.flows.as_ref().map(|flows| flows.keys().map(String::as_str))
    }

    /// By name, then by version.
    pub fn packages(&self) -> impl Iterator<Item = &Arc<Package>> {
        self.packages.iter()
    }

    /// The package that `id` means: `loom:http` and `loom:http@0.1` the highest version that begins so, `loom:http@0.1.2` exactly
    /// this one. Pre-releases are only found by their full version.
    pub fn package(&self, id: &str) -> Result<&Arc<Package>, NotFound> {
        let (name, wanted) = split(id);
        let named: Vec<&Arc<Package>> = self.packages.iter().filter(|package| split(&package.id).0 == name).collect();
        if named.is_empty() {
            let suggestion = suggest(name, self.packages.iter().map(|package| split(&package.id).0)).map(str::to_string);
            return Err(NotFound::Package { id: id.into(), suggestion });
        }
        let found = named.iter().rev().find(|package| is_meant(split(&package.id).1, wanted));
        found.copied().ok_or_else(|| {
            let there = named.iter().map(|package| split(&package.id).1.unwrap_or("one without a version").to_string()).collect();
            NotFound::Version { name: name.into(), wanted: wanted.unwrap_or("a release").into(), there }
        })
    }

    /// The function `path`, such as `text#split`, of the package that `id` means.
    pub fn find(&self, id: &str, path: &str) -> Result<Found<'_>, NotFound> {
        let package = self.package(id)?;
        if let Some(function) = package.function(path) {
            return Ok(Found { package, function });
        }
        if let Some(unusable) = package.unusable.iter().find(|unusable| &*unusable.path == path) {
            return Err(NotFound::Unusable { path: path.into(), reason: unusable.reason.clone() });
        }
        let paths = || package.functions.iter().map(|function| &*function.path);
        // Often the interface was left out, or the function stands in another one.
        let bare = |path: &str| path.rsplit('#').next().unwrap_or_default().to_owned();
        let near_name = || {
            let near = suggest(&bare(path), package.functions.iter().map(|function| &*function.name)).map(str::to_owned)?;
            paths().find(|known| bare(known) == near)
        };
        let suggestion = suggest(path, paths()).or_else(near_name).map(str::to_string);
        Err(NotFound::Function { package: package.id.to_string(), path: path.into(), suggestion })
    }
}

/// `namespace:name@version` in two.
fn split(id: &str) -> (&str, Option<&str>) {
    id.split_once('@').map_or((id, None), |(name, version)| (name, Some(version)))
}

fn order(id: &str) -> (&str, Option<Version>, &str) {
    let (name, version) = split(id);
    (name, version.and_then(|version| Version::parse(version).ok()), id)
}

fn is_meant(version: Option<&str>, wanted: Option<&str>) -> bool {
    let (Some(version), Some(wanted)) = (version, wanted) else {
        let release = version.and_then(|version| Version::parse(version).ok()).is_none_or(|version| version.pre.is_empty());
        return wanted.is_none() && release;
    };
    if version == wanted {
        return true;
    }
    let Ok(version) = Version::parse(version) else { return false };
    let mut parts = wanted.split('.').map(|part| part.parse::<u64>().ok());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Some(major)), None, None) => version.pre.is_empty() && version.major == major,
        (Some(Some(major)), Some(Some(minor)), None) => {
            version.pre.is_empty() && (version.major, version.minor) == (major, minor)
        }
        _ => false,
    }
}
