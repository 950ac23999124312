//! The second back end: a checked expression becomes one WebAssembly function `(frame: i32) -> i32`.
//!
//! The answer is a handle to a value in the runtime's arena (`loomwork-flow-rt`), or 0: then the runtime holds the error.
//! Statically typed numbers and bools live unboxed in WebAssembly locals; all else is handles and calls of the runtime by
//! name. Control flow (`&&`, `||`, `?:`, macros, guards, absorbed errors) is generated code; nothing is interpreted.

mod binary;
mod boxing;
mod code;
mod container;
mod expression;
mod logic;
mod loops;
mod optional;
mod pool;
pub mod runtime;
pub mod single;

use crate::Ty;
use crate::ir::Checked;
use boxing::Repr;
use code::{Code, Label};
use loomwork_value::Value;
use std::collections::BTreeSet;
use wasm_encoder::{Function, ValType};

pub use pool::Pool;

/// The module that generated functions go into.
///
/// Generating is repeatable: an embedder that must import what is used before it defines anything generates twice, first
/// with a target that only takes notes.
pub trait Target {
    /// The index of a function of the runtime; its type is [`runtime::signature`].
    fn runtime(&mut self, name: &str) -> u32;
    /// The index of the function `(frame: i32) -> i32` that reads a root: a handle, 0 if it is absent.
    fn root(&mut self, root: u32) -> u32;
    /// The handle of a constant; see [`Pool`].
    fn constant(&mut self, value: &Value) -> u32;
}

/// A generated function, of type `(frame: i32) -> i32`.
pub struct Generated {
    pub function: Function,
    /// For the name section: locals by index.
    pub locals: Vec<(u32, String)>,
    /// For the name section: blocks and loops by index.
    pub labels: Vec<(u32, &'static str)>,
    /// The roots it reads.
    pub roots: BTreeSet<u32>,
}

/// Generates the function that evaluates an expression.
pub fn generate(checked: &Checked, target: &mut dyn Target) -> Generated {
    let mut generator = Generator::new(target, checked.locals);
    let body = generator.body(checked);
    let mut roots = BTreeSet::new();
    body.roots(&mut roots);
    let mut function = Function::new_with_locals_types(generator.temporaries.iter().map(|(ty, _)| *ty));
    let locals = generator.local_names();
    let labels = body.encode(generator.target, &mut function);
    function.instruction(&wasm_encoder::Instruction::End);
    Generated { function, locals, labels, roots }
}

/// The parameter of every generated function.
const FRAME: u32 = 0;

/// What is known while one function is made.
struct Generator<'a> {
    target: &'a mut dyn Target,
    /// Where the expression's locals live, once bound.
    variables: Vec<Option<Variable>>,
    /// WebAssembly locals after the parameter, with a name for each.
    temporaries: Vec<(ValType, &'static str)>,
    /// Temporaries that are free to be used again.
    free: Vec<u32>,
    labels: u32,
    /// How many errors may be held at this place at the same time; each has its slot in the runtime.
    held: i32,
}

/// A bound local of the expression.
#[derive(Clone)]
struct Variable {
    local: u32,
    ty: Ty,
}

impl<'a> Generator<'a> {
    fn new(target: &'a mut dyn Target, locals: u32) -> Self {
        Self { target, variables: vec![None; locals as usize], temporaries: Vec::new(), free: Vec::new(), labels: 0, held: 0 }
    }

    /// Begins (which charges), evaluates, boxes; any failure ends in 0.
    fn body(&mut self, checked: &Checked) -> Code {
        let fail = self.label("failed");
        let mut inner = Code::new();
        inner.i32(checked.cost as i32).runtime("begin").plain(wasm_encoder::Instruction::I32Eqz).branch_if(fail);
        inner.append(self.handle(&checked.root, fail));
        if !inner.leaves() {
            inner.plain(wasm_encoder::Instruction::Return);
        }
        let mut code = Code::new();
        code.block(fail, None, inner).i32(0);
        code
    }

    fn label(&mut self, name: &'static str) -> Label {
        self.labels += 1;
        Label { id: self.labels, name }
    }

    /// A WebAssembly local, free or new. Give it back with [`Self::release`].
    fn temporary(&mut self, ty: ValType, name: &'static str) -> u32 {
        let wanted = |local: &u32| self.temporaries[*local as usize - 1] == (ty, name);
        if let Some(place) = self.free.iter().position(wanted) {
            return self.free.swap_remove(place);
        }
        self.temporaries.push((ty, name));
        self.temporaries.len() as u32
    }

    fn release(&mut self, local: u32) {
        self.free.push(local);
    }

    /// Binds a local of the expression to a new WebAssembly local of the representation of its type.
    fn bind(&mut self, variable: u32, ty: &Ty, name: &'static str) -> u32 {
        let local = self.temporary(Repr::of(ty).val_type(), name);
        let place = variable as usize;
        if self.variables.len() <= place {
            self.variables.resize(place + 1, None);
        }
        self.variables[place] = Some(Variable { local, ty: ty.clone() });
        local
    }

    fn unbind(&mut self, variable: u32) {
        if let Some(variable) = self.variables[variable as usize].take() {
            self.release(variable.local);
        }
    }

    fn constant(&mut self, value: &Value) -> i32 {
        self.target.constant(value) as i32
    }

    fn text(&mut self, text: &std::sync::Arc<str>) -> i32 {
        self.constant(&Value::String(text.clone()))
    }

    fn local_names(&self) -> Vec<(u32, String)> {
        let mut names = vec![(FRAME, "frame".to_owned())];
        let mut seen = std::collections::BTreeMap::new();
        for (place, (_, name)) in self.temporaries.iter().enumerate() {
            let count: &mut u32 = seen.entry(*name).or_default();
            *count += 1;
            let suffix = if *count == 1 { String::new() } else { count.to_string() };
            names.push((place as u32 + 1, format!("{name}{suffix}")));
        }
        names
    }
}
