//! Writing the body of one function: instructions by short names, runtime functions and generated functions by name.

use crate::imports::Signature;
use crate::module::{Body, Module};
use wasm_encoder::{BlockType, Function, Ieee64, Instruction, MemArg, ValType};

/// The first parameter of all but entries.
pub(crate) const FRAME: u32 = 0;
/// The second parameter of what works on two frames.
pub(crate) const INNER: u32 = 1;

/// One function being written.
pub(crate) struct Code<'a> {
    pub module: &'a mut Module,
    function: Function,
    signature: Signature,
    names: Vec<(u32, String)>,
}

impl<'a> Code<'a> {
    /// A function with these parameters and further `i32` locals, by name.
    pub fn new(module: &'a mut Module, signature: Signature, names: &[&str]) -> Self {
        let locals = names.len().saturating_sub(signature.0.len()) as u32;
        let function = Function::new((locals > 0).then_some((locals, ValType::I32)));
        let names = names.iter().enumerate().map(|(local, name)| (local as u32, (*name).to_owned())).collect();
        Self { module, function, signature, names }
    }

    pub fn define(mut self, name: &str) {
        self.function.instruction(&Instruction::End);
        let body = Body { function: self.function, locals: self.names, labels: Vec::new() };
        self.module.define(name, self.signature, body);
    }

    /// A local by its name.
    pub fn local(&self, name: &str) -> u32 {
        self.names.iter().find(|(_, own)| own == name).map_or(0, |(local, _)| *local)
    }

    pub fn op(&mut self, instruction: Instruction<'_>) -> &mut Self {
        self.function.instruction(&instruction);
        self
    }

    pub fn get(&mut self, local: u32) -> &mut Self {
        self.op(Instruction::LocalGet(local))
    }

    pub fn set(&mut self, local: u32) -> &mut Self {
        self.op(Instruction::LocalSet(local))
    }

    pub fn tee(&mut self, local: u32) -> &mut Self {
        self.op(Instruction::LocalTee(local))
    }

    pub fn number(&mut self, number: u32) -> &mut Self {
        self.op(Instruction::I32Const(number as i32))
    }

    pub fn long(&mut self, number: i64) -> &mut Self {
        self.op(Instruction::I64Const(number))
    }

    pub fn double(&mut self, number: f64) -> &mut Self {
        self.op(Instruction::F64Const(Ieee64::from(number)))
    }

    /// A time limit; -1 is none.
    pub fn limit(&mut self, ms: Option<u64>) -> &mut Self {
        self.long(ms.map_or(-1, |ms| i64::try_from(ms).unwrap_or(i64::MAX)))
    }

    /// The handle of a constant text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        let handle = self.module.text(text);
        self.op(Instruction::I32Const(handle))
    }

    pub fn runtime(&mut self, name: &str) -> &mut Self {
        let index = self.module.import(name);
        self.op(Instruction::Call(index))
    }

    pub fn call(&mut self, name: &str, signature: Signature) -> &mut Self {
        let index = self.module.function(name, signature);
        self.op(Instruction::Call(index))
    }

    pub fn load(&mut self, offset: u32) -> &mut Self {
        self.op(Instruction::I32Load(word(offset)))
    }

    pub fn store(&mut self, offset: u32) -> &mut Self {
        self.op(Instruction::I32Store(word(offset)))
    }

    pub fn when(&mut self) -> &mut Self {
        self.op(Instruction::If(BlockType::Empty))
    }

    pub fn otherwise(&mut self) -> &mut Self {
        self.op(Instruction::Else)
    }

    pub fn end(&mut self) -> &mut Self {
        self.op(Instruction::End)
    }

    pub fn leave(&mut self) -> &mut Self {
        self.op(Instruction::Return)
    }

    pub fn is(&mut self, number: u32) -> &mut Self {
        self.number(number).op(Instruction::I32Eq)
    }

    pub fn not(&mut self) -> &mut Self {
        self.op(Instruction::I32Eqz)
    }

    /// Goes by a number: 0 to the first case and so on; past the last to the last.
    pub fn switch(&mut self, number: &dyn Fn(&mut Self), cases: &[&dyn Fn(&mut Self)]) -> &mut Self {
        let last = cases.len() as u32 - 1;
        // The end of all, then the place of each case, the first innermost.
        for _ in 0..=cases.len() {
            self.op(Instruction::Block(BlockType::Empty));
        }
        number(self);
        self.op(Instruction::BrTable((0..last).collect::<Vec<_>>().into(), last));
        for (place, case) in cases.iter().enumerate() {
            self.end();
            case(self);
            if place as u32 != last {
                self.op(Instruction::Br(last - place as u32));
            }
        }
        self.end()
    }
}

fn word(offset: u32) -> MemArg {
    MemArg { offset: offset.into(), align: 2, memory_index: 0 }
}
