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
    pub title: Arc<str>,
    pub summary: Arc<str>,
    pub icon: Option<Arc<str>>,
    pub category: Arc<str>,
    /// How many calls one instance may serve, never across projects; 1 is a fresh one for each.
    pub reuse: u32,
    /// Why it asks for its capabilities, where the manifest says so.
    pub needs: Vec<Need>,
}

/// The reason that a manifest gives for a capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// As in [`Package::capabilities`].
    pub capability: Arc<str>,
    pub reason: Arc<str>,
}

impl Package {
    /// The function with this path, `text#split`.
    pub fn function(&self, path: &str) -> Option<&Function> {
        self.functions.iter().find(|function| &*function.path == path)
    }
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
    /// How forms show parameters that are more than their type says.
    pub fields: Vec<FieldHint>,
    pub examples: Vec<Example>,
}

impl Function {
    /// The parameters as one record: what a node's `with` is, and the JSON that a call is given.
    pub fn input(&self) -> Type {
        Type::record(self.params.clone())
    }

    /// What the manifest says of a parameter, by its JSON name.
    pub fn hint(&self, param: &str) -> Option<&FieldHint> {
        self.fields.iter().find(|hint| &*hint.param == param)
    }
}

/// How a form shows one parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldHint {
    /// The parameter's JSON name.
    pub param: Arc<str>,
    pub multiline: bool,
    /// The value is a secret's name, never shown.
    pub secret: bool,
    pub code: Option<Code>,
    pub choices: Option<Choices>,
}

/// The language in which a parameter is written: `json`, `javascript`, `html` …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(pub Arc<str>);

/// The path of a function of the same package that lists what may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices(pub Arc<str>);

/// A call as an example: canonical JSON, checked against the function's types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    pub title: Arc<str>,
    pub input: Arc<str>,
    pub output: Option<Arc<str>>,
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
