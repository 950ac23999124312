//! What capabilities have in common on their way into the engine: an interface that is linked, and data made for each call.

use crate::grants::Rights;
use crate::scope::Scope;
use loomwork_engine::{Capability, Context, Grant, State};
use std::any::Any;
use wasmtime::component::Linker;

/// An interface of `wit/host`.
pub(crate) struct Interface {
    /// `loom:host/http`
    pub name: &'static str,
    pub link: fn(&mut Linker<State>) -> wasmtime::Result<()>,
}

impl Capability for Interface {
    fn name(&self) -> &str {
        self.name
    }

    fn versions(&self) -> &[&str] {
        &["0.1.0"]
    }

    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()> {
        (self.link)(linker)
    }
}

/// What a project's calls may do with a part of the host.
pub(crate) struct Granted<T> {
    pub part: T,
    pub rights: Rights,
}

/// The data of one call.
pub(crate) struct Held<T> {
    pub part: T,
    pub scope: Scope,
}

impl<T: Clone + Send + Sync + 'static> Grant for Granted<T> {
    fn begin(&self, call: &Context) -> Box<dyn Any + Send> {
        Box::new(Held { part: self.part.clone(), scope: Scope::of(call, self.rights.clone()) })
    }
}
