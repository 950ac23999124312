//! WebAssembly as a tree with named labels, so that code can be moved, asked about and pruned before it is encoded.
//!
//! Knows nothing of expressions. Branch depths and function indices are worked out only in [`Code::encode`].

use super::Target;
use std::borrow::Cow;
use std::collections::BTreeSet;
use wasm_encoder::{BlockType, Function, Instruction, ValType};

/// Where a branch goes: the end of a block or the start of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub id: u32,
    /// For the name section.
    pub name: &'static str,
}

/// A sequence of operations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Code(Vec<Op>);

#[derive(Clone, Debug)]
enum Op {
    Plain(Instruction<'static>),
    /// A function of the runtime, by name.
    Runtime(Cow<'static, str>),
    /// The reader of a root.
    Root(u32),
    Block {
        label: Label,
        result: Option<ValType>,
        body: Code,
    },
    Loop {
        label: Label,
        body: Code,
    },
    If {
        result: Option<ValType>,
        then: Code,
        otherwise: Code,
    },
    Branch(Label),
    BranchIf(Label),
}

impl Code {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn plain(&mut self, instruction: Instruction<'static>) -> &mut Self {
        self.push(Op::Plain(instruction))
    }

    pub fn get(&mut self, local: u32) -> &mut Self {
        self.plain(Instruction::LocalGet(local))
    }

    pub fn set(&mut self, local: u32) -> &mut Self {
        self.plain(Instruction::LocalSet(local))
    }

    pub fn tee(&mut self, local: u32) -> &mut Self {
        self.plain(Instruction::LocalTee(local))
    }

    pub fn i32(&mut self, value: i32) -> &mut Self {
        self.plain(Instruction::I32Const(value))
    }

    pub fn i64(&mut self, value: i64) -> &mut Self {
        self.plain(Instruction::I64Const(value))
    }

    pub fn runtime(&mut self, function: impl Into<Cow<'static, str>>) -> &mut Self {
        self.push(Op::Runtime(function.into()))
    }

    pub fn root(&mut self, root: u32) -> &mut Self {
        self.push(Op::Root(root))
    }

    pub fn block(&mut self, label: Label, result: Option<ValType>, body: Code) -> &mut Self {
        self.push(Op::Block { label, result, body })
    }

    pub fn repeat(&mut self, label: Label, body: Code) -> &mut Self {
        self.push(Op::Loop { label, body })
    }

    pub fn if_else(&mut self, result: Option<ValType>, then: Code, otherwise: Code) -> &mut Self {
        self.push(Op::If { result, then, otherwise })
    }

    pub fn branch(&mut self, label: Label) -> &mut Self {
        self.push(Op::Branch(label))
    }

    pub fn branch_if(&mut self, label: Label) -> &mut Self {
        self.push(Op::BranchIf(label))
    }

    pub fn append(&mut self, other: Code) -> &mut Self {
        other.0.into_iter().for_each(|op| {
            self.push(op);
        });
        self
    }

    /// Takes operations from the end, if it ends in these.
    pub fn take_back(&mut self, ending: &[Instruction<'static>]) -> bool {
        let Some(rest) = self.0.len().checked_sub(ending.len()) else { return false };
        let same = self.0[rest..].iter().zip(ending).all(|(op, wanted)| matches!(op, Op::Plain(own) if equal(own, wanted)));
        if same {
            self.0.truncate(rest);
        }
        same
    }

    /// As [`Self::take_back`], for one call of the runtime.
    pub fn take_back_call(&mut self, function: &str) -> bool {
        let same = matches!(self.0.last(), Some(Op::Runtime(name)) if name == function);
        if same {
            self.0.pop();
        }
        same
    }

    /// True if it never comes to its end.
    pub fn leaves(&self) -> bool {
        matches!(self.0.last(), Some(Op::Branch(_)))
    }

    /// Appends one operation, in fewer words if what stands before allows it.
    fn push(&mut self, op: Op) -> &mut Self {
        use Instruction::{I32Eqz, LocalGet, LocalSet, LocalTee};
        match (self.0.last_mut(), &op) {
            (Some(Op::Plain(LocalGet(before))), Op::Plain(LocalTee(now))) if before == now => return self,
            (Some(Op::Plain(last)), Op::Plain(LocalGet(now))) if equal(last, &LocalSet(*now)) => {
                *last = LocalTee(*now);
                return self;
            }
            // A test cares only whether it is 0.
            (_, Op::BranchIf(_) | Op::If { .. }) => {
                self.take_back(&[I32Eqz, I32Eqz]);
            }
            _ => {}
        }
        self.0.push(op);
        self
    }

    /// True if some branch in it goes to the label.
    pub fn reaches(&self, label: Label) -> bool {
        self.0.iter().any(|op| match op {
            Op::Branch(to) | Op::BranchIf(to) => *to == label,
            Op::Block { body, .. } | Op::Loop { body, .. } => body.reaches(label),
            Op::If { then, otherwise, .. } => then.reaches(label) || otherwise.reaches(label),
            Op::Plain(_) | Op::Runtime(_) | Op::Root(_) => false,
        })
    }

    /// The roots it reads.
    pub fn roots(&self, into: &mut BTreeSet<u32>) {
        for op in &self.0 {
            match op {
                Op::Root(root) => {
                    into.insert(*root);
                }
                Op::Block { body, .. } | Op::Loop { body, .. } => body.roots(into),
                Op::If { then, otherwise, .. } => {
                    then.roots(into);
                    otherwise.roots(into);
                }
                _ => {}
            }
        }
    }

    /// Writes it out; gives the names of labels by their index in the function.
    pub fn encode(&self, target: &mut dyn Target, function: &mut Function) -> Vec<(u32, &'static str)> {
        let mut encoder = Encoder { target, function, open: Vec::new(), count: 0, names: Vec::new() };
        encoder.code(self);
        encoder.names
    }
}

/// Equality of the few instructions that [`Code::push`] and its callers look for.
fn equal(a: &Instruction<'_>, b: &Instruction<'_>) -> bool {
    use Instruction::{I32Const, I32Eq, I32Eqz, LocalSet};
    match (a, b) {
        (LocalSet(a), LocalSet(b)) => a == b,
        (I32Const(a), I32Const(b)) => a == b,
        (I32Eq, I32Eq) | (I32Eqz, I32Eqz) => true,
        _ => false,
    }
}

struct Encoder<'a> {
    target: &'a mut dyn Target,
    function: &'a mut Function,
    /// The labels around the current place, outermost first; None for an `if`.
    open: Vec<Option<Label>>,
    /// How many labels there are so far.
    count: u32,
    names: Vec<(u32, &'static str)>,
}

impl Encoder<'_> {
    fn code(&mut self, code: &Code) {
        for op in &code.0 {
            self.op(op);
        }
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Plain(instruction) => self.emit(instruction),
            Op::Runtime(name) => {
                let index = self.target.runtime(name);
                self.emit(&Instruction::Call(index));
            }
            Op::Root(root) => {
                let index = self.target.root(*root);
                self.emit(&Instruction::Call(index));
            }
            // A block that nobody leaves early is only its body.
            Op::Block { label, body, .. } if !body.reaches(*label) => self.code(body),
            Op::Block { label, result, body } => self.nest(&Instruction::Block(block_type(*result)), Some(*label), body),
            Op::Loop { label, body } => self.nest(&Instruction::Loop(BlockType::Empty), Some(*label), body),
            Op::If { result, then, otherwise } => self.choice(*result, then, otherwise),
            Op::Branch(label) => {
                let depth = self.depth(*label);
                self.emit(&Instruction::Br(depth));
            }
            Op::BranchIf(label) => {
                let depth = self.depth(*label);
                self.emit(&Instruction::BrIf(depth));
            }
        }
    }

    fn nest(&mut self, start: &Instruction<'_>, label: Option<Label>, body: &Code) {
        self.open(start, label);
        self.code(body);
        self.close();
    }

    fn choice(&mut self, result: Option<ValType>, then: &Code, otherwise: &Code) {
        self.open(&Instruction::If(block_type(result)), None);
        self.code(then);
        if !otherwise.0.is_empty() {
            self.emit(&Instruction::Else);
            self.code(otherwise);
        }
        self.close();
    }

    fn open(&mut self, start: &Instruction<'_>, label: Option<Label>) {
        if let Some(label) = label {
            self.names.push((self.count, label.name));
        }
        self.count += 1;
        self.open.push(label);
        self.emit(start);
    }

    fn close(&mut self) {
        self.open.pop();
        self.emit(&Instruction::End);
    }

    fn depth(&self, label: Label) -> u32 {
        let place = self.open.iter().rposition(|open| *open == Some(label)).expect("a branch stays inside the block it leaves");
        (self.open.len() - 1 - place) as u32
    }

    fn emit(&mut self, instruction: &Instruction<'_>) {
        self.function.instruction(instruction);
    }
}

fn block_type(result: Option<ValType>) -> BlockType {
    result.map_or(BlockType::Empty, BlockType::Result)
}
