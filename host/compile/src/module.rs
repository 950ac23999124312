//! A core module under construction: functions are asked for by name and may be defined later, imports by use.
//!
//! Imports come first in a module's numbering, so everything is generated twice: the first pass learns what is imported.

use crate::imports::{Signature, signature};
use loomwork_expr::generate::{Generated, Pool, Target};
use loomwork_value::Value;
use std::collections::BTreeMap;
use wasm_encoder::{Function, ValType};

/// The type of a node's entry: what has happened, the frame, the frame that has ended.
pub(crate) const ENTRY: Signature = (&[ValType::I32; 3], &[]);
/// The type of what works on a frame.
pub(crate) const ON_FRAME: Signature = (&[ValType::I32], &[]);
/// The type of what works on a frame and another value: an inner frame, or whether a wire is live.
pub(crate) const ON_FRAME_AND: Signature = (&[ValType::I32; 2], &[]);
/// The type of what makes something of a frame: a handle, or 0.
pub(crate) const OF_FRAME: Signature = (&[ValType::I32], &[ValType::I32]);

#[derive(Default)]
pub(crate) struct Module {
    /// By name, with their indices. Fixed in the second pass.
    pub imports: BTreeMap<String, u32>,
    /// By name, with their places in `functions`.
    places: BTreeMap<String, u32>,
    pub functions: Vec<Defined>,
    pub pool: Pool,
}

pub(crate) struct Defined {
    pub name: String,
    pub signature: Signature,
    pub body: Option<Body>,
}

pub(crate) struct Body {
    pub function: Function,
    /// For the name section.
    pub locals: Vec<(u32, String)>,
    pub labels: Vec<(u32, &'static str)>,
}

impl Module {
    /// An empty module that has the imports which another of the same plan turned out to need.
    pub fn again(learned: &Module) -> Self {
        Self { imports: learned.imports.clone(), ..Self::default() }
    }

    /// The index of a runtime function.
    pub fn import(&mut self, name: &str) -> u32 {
        if let Some(index) = self.imports.get(name) {
            return *index;
        }
        let next = self.imports.len() as u32;
        self.imports.insert(name.to_owned(), next);
        next
    }

    /// The index of a generated function, which may be defined later.
    pub fn function(&mut self, name: &str, signature: Signature) -> u32 {
        let place = self.place(name, signature);
        self.imports.len() as u32 + place
    }

    fn place(&mut self, name: &str, signature: Signature) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.functions.len() as u32;
        self.places.insert(name.to_owned(), place);
        self.functions.push(Defined { name: name.to_owned(), signature, body: None });
        place
    }

    pub fn is_declared(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    pub fn define(&mut self, name: &str, signature: Signature, body: Body) {
        let place = self.place(name, signature);
        self.functions[place as usize].body = Some(body);
    }

    pub fn define_generated(&mut self, name: &str, generated: Generated) {
        let Generated { function, locals, labels, .. } = generated;
        self.define(name, OF_FRAME, Body { function, locals, labels });
    }

    /// The handle of a constant text.
    pub fn text(&mut self, text: &str) -> i32 {
        self.pool.text(text) as i32
    }

    /// Imported functions by index, with their types.
    pub fn imported(&self) -> Vec<(&str, Signature)> {
        let mut imported: Vec<_> = self.imports.iter().map(|(name, index)| (*index, name.as_str())).collect();
        imported.sort_unstable();
        imported.into_iter().map(|(_, name)| (name, signature(name).unwrap_or((&[], &[])))).collect()
    }
}

/// Expressions are generated into the module with their roots read by the functions of [`crate::root`].
pub(crate) struct Expressions<'a> {
    pub module: &'a mut Module,
    /// The name of the reader of each root.
    pub readers: &'a [String],
}

impl Target for Expressions<'_> {
    fn runtime(&mut self, name: &str) -> u32 {
        self.module.import(name)
    }

    fn root(&mut self, root: u32) -> u32 {
        let name = self.readers.get(root as usize).map_or("read.nothing", String::as_str);
        self.module.function(name, OF_FRAME)
    }

    fn constant(&mut self, value: &Value) -> u32 {
        self.module.pool.constant(value)
    }
}
