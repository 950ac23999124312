//! What a host offers to guests, and what of it a call is granted.
//!
//! A capability is a value with two moments: it is linked once when the engine starts, and its grant makes fresh data for each
//! call. Host functions find that data in the call's [`State`].

use crate::{Context, State};
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use wasmtime::component::Linker;

/// An interface that the host implements for guests.
///
/// ```
/// # use loomwork_engine::{Capability, State, wasmtime};
/// struct Dice;
/// impl Capability for Dice {
///     fn name(&self) -> &str { "acme:games/dice" }
///     fn versions(&self) -> &[&str] { &["0.1.0"] }
///     fn link(&self, linker: &mut wasmtime::component::Linker<State>) -> wasmtime::Result<()> {
///         let mut dice = linker.instance("acme:games/dice@0.1.0")?;
///         dice.func_wrap("sides", |_store, ()| Ok((6u32,)))
///     }
/// }
/// ```
pub trait Capability: Send + Sync + 'static {
    /// The interface without its version: `loom:host/http`.
    fn name(&self) -> &str;

    /// The versions that are linked, newest last. A guest's import is served by a version that semver calls compatible.
    fn versions(&self) -> &[&str];

    /// Adds the interface's functions. Called once for each profile of an engine. Functions that wait are added with
    /// `func_wrap_async`; one that returns a [`Fault`](loomwork_types::Fault) as its error ends the call with this fault.
    fn link(&self, linker: &mut Linker<State>) -> wasmtime::Result<()>;
}

/// One capability as granted to a component: which hosts, which stores, which secrets.
pub trait Grant: Send + Sync + 'static {
    /// Makes the data that the host functions of one call work on; they get it by [`State::data`].
    fn begin(&self, call: &Context) -> Box<dyn Any + Send>;
}

/// A capability that needs no data: being granted is all.
impl Grant for () {
    fn begin(&self, _call: &Context) -> Box<dyn Any + Send> {
        Box::new(())
    }
}

/// What a call is granted, by the capability's name. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Grants {
    by_name: Arc<BTreeMap<Arc<str>, Arc<dyn Grant>>>,
}

impl Grants {
    pub fn none() -> Self {
        Self::default()
    }

    /// The same grants and one more. `name` is the interface without its version.
    pub fn with(mut self, name: &str, grant: impl Grant) -> Self {
        Arc::make_mut(&mut self.by_name).insert(name.into(), Arc::new(grant));
        self
    }

    /// The same grants and one more, shared.
    pub fn with_shared(mut self, name: &str, grant: Arc<dyn Grant>) -> Self {
        Arc::make_mut(&mut self.by_name).insert(name.into(), grant);
        self
    }

    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(|name| &**name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&dyn Grant> {
        self.by_name.get(name).map(|grant| &**grant)
    }
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
