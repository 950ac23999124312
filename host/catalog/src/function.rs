//! What a palette, a form, the checker and the engine know of a function: its signature, effect, needs and words.

use loomwork_types::{Field, Type};
use std::sync::Arc;

/// A component that flows can use, under its package's name.
#[derive(Clone, Debug)]
pub struct Package {
    /// `namespace:name@version`; the version is absent for a component that states none.
    pub id: Arc<str>,
    /// `sha256:…` of the component's bytes. What a lock pins.
    pub digest: Arc<str>,
    pub functions: Vec<Function>,
    /// Functions that cannot be nodes, and why.
    pub unusable: Vec<Unusable>,
    /// Names of imported interfaces with their versions, WASI baseline left out: `loom:host/http@0.1.0`.
    pub capabilities: Vec<Arc<str>>,
    pub docs: Option<Arc<str>>,
}

/// One function that a node can call.
#[derive(Clone, Debug)]
pub struct Function {
    /// Where the component exports it: interface `loom:text/text@0.1.0`, or none for a function of the world itself.
    pub interface: Option<Arc<str>>,
    /// WIT name, kebab-case.
    pub name: Arc<str>,
    /// How a flow names it after the package alias: `text#split`, or `#split` for a function of the world itself.
    pub path: Arc<str>,
    pub params: Vec<Field>,
    /// What the `ok` port carries; none is null.
    pub output: Option<Type>,
    /// What the `error` port's `data` carries, if the function returns a `result`.
    pub error: Option<Type>,
    /// True if it returns a `result`.
    pub fallible: bool,
    pub effect: Effect,
    /// A write that must never be repeated after a crash.
    pub once: bool,
    pub title: Arc<str>,
    pub summary: Arc<str>,
    pub icon: Option<Arc<str>>,
    pub category: Arc<str>,
    pub docs: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    Pure,
    Read,
    Write,
}

#[derive(Clone, Debug)]
pub struct Unusable {
    pub path: Arc<str>,
    /// "parameter `file` is a resource; a value would have to outlive the call".
    pub reason: String,
}
