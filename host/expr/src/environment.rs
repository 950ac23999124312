//! What an expression can see: names with their types when it is checked, values when it runs.

use crate::Ty;
use loomwork_value::Value;

/// How strict the checker is, and about what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// CEL as specified: nothing is converted, and what is wrong with names and types fails when it runs.
    Strict,
    /// What parameters of nodes are written in: types and names are checked before anything runs, literal numbers adapt to
    /// their neighbours, and numbers known only at run time (from JSON) to each other.
    Template,
}

/// What names mean. Asked once for each name in an expression.
pub trait Environment {
    /// The longest prefix of a dotted path that is something, if any is.
    fn resolve(&self, path: &[&str]) -> Option<Resolved>;

    /// What could have been meant: dotted paths that [`Environment::resolve`] knows, for suggestions.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Something that a path names.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The number by which [`Roots`] gives its value.
    pub root: u32,
    /// How many segments of the path name it.
    pub consumed: usize,
    /// The type of its value; never a `Nullable` that stands for absence: that is `certain`.
    pub ty: Ty,
    /// False if it may be absent, so that reading it must be guarded.
    pub certain: bool,
}

/// What the names of an environment hold when an expression is evaluated.
pub trait Roots {
    /// `None` if it is absent. May be asked several times, and must give the same.
    fn get(&self, root: u32) -> Option<Value>;
}

/// An environment of names whose types are known only at run time, numbered in their order.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<String>);

impl Names {
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

impl Environment for Names {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        (1..=path.len()).rev().find_map(|consumed| {
            let dotted = path[..consumed].join(".");
            let root = self.0.iter().position(|name| *name == dotted)? as u32;
            Some(Resolved { root, consumed, ty: Ty::Dyn, certain: true })
        })
    }

    fn names(&self) -> Vec<String> {
        self.0.clone()
    }
}

/// Values by root number.
impl Roots for Vec<Value> {
    fn get(&self, root: u32) -> Option<Value> {
        self.as_slice().get(root as usize).cloned()
    }
}

/// The same, where some may be absent.
impl Roots for Vec<Option<Value>> {
    fn get(&self, root: u32) -> Option<Value> {
        self.as_slice().get(root as usize).cloned().flatten()
    }
}
