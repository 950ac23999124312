//! What a node can call: a component, or an embedder's own functions.

use crate::{Call, Component, Grants, NativePackage};
use loomwork_catalog::Package;
use loomwork_types::Fault;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Callable {
    Component(Component),
    Native(NativePackage),
}

impl Callable {
    pub fn package(&self) -> &Arc<Package> {
        match self {
            Callable::Component(component) => component.package(),
            Callable::Native(native) => native.package(),
        }
    }

    /// Refuses, by name, what these grants do not cover. Native functions are the embedder's and need no grants.
    pub fn check(&self, grants: &Grants) -> Result<(), Fault> {
        match self {
            Callable::Component(component) => component.check(grants),
            Callable::Native(_) => Ok(()),
        }
    }

    /// Calls the function at `path` with a JSON object by parameter name.
    pub async fn call(&self, path: &str, input: &str, call: Call) -> Result<String, Fault> {
        match self {
            Callable::Component(component) => component.call(path, input, call).await,
            Callable::Native(native) => native.call(path, input, call).await,
        }
    }
}

impl From<Component> for Callable {
    fn from(component: Component) -> Self {
        Callable::Component(component)
    }
}

impl From<NativePackage> for Callable {
    fn from(native: NativePackage) -> Self {
        Callable::Native(native)
    }
}
