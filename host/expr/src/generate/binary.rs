//! Operators on two operands: instructions where both static types are numbers of one kind, runtime calls elsewhere.
//!
//! Overflow is checked inline. The rare failing case boxes the operands and calls the runtime's operator, so that code and
//! message of the error have one home.

use super::boxing::Repr;
use super::code::{Code, Label};
use super::Generator;
use crate::Ty;
use crate::ir::{BinaryOp, Node};
use wasm_encoder::{Instruction as I, ValType};

impl Generator<'_> {
    pub(super) fn binary(&mut self, op: BinaryOp, left: &Node, right: &Node, ty: &Ty, fail: Label) -> Code {
        let both = (Repr::of(&left.ty), Repr::of(&right.ty));
        let inline = match both {
            (Repr::Int, Repr::Int) => integer(op, true).is_some(),
            (Repr::Uint, Repr::Uint) => integer(op, false).is_some(),
            (Repr::Double, Repr::Double) => double(op).is_some(),
            (Repr::Bool, Repr::Bool) => boolean(op).is_some(),
            _ => false,
        };
        if !inline {
            return self.dynamic(op, left, right, ty, fail);
        }
        let mut code = self.value(left, fail);
        code.append(self.value(right, fail));
        let result = match both.0 {
            Repr::Int => self.apply_integer(&mut code, op, true, fail),
            Repr::Uint => self.apply_integer(&mut code, op, false, fail),
            Repr::Double => apply_double(&mut code, op),
            _ => apply_bool(&mut code, op),
        };
        self.convert(&mut code, &result, ty, fail);
        code
    }

    /// `-n`: the one int without a negative is told apart by the runtime's operator.
    pub(super) fn negate_int(&mut self, operand: &Node, ty: &Ty, fail: Label) -> Code {
        let number = self.temporary(ValType::I64, "number");
        let mut code = self.value(operand, fail);
        let mut overflow = Code::new();
        overflow.get(number).runtime("box_int").runtime("negate").plain(I::Drop).branch(fail);
        code.tee(number).i64(i64::MIN).plain(I::I64Eq).if_else(None, overflow, Code::new());
        code.i64(0).get(number).plain(I::I64Sub);
        self.release(number);
        self.convert(&mut code, &Ty::Int, ty, fail);
        code
    }

    fn dynamic(&mut self, op: BinaryOp, left: &Node, right: &Node, ty: &Ty, fail: Label) -> Code {
        let function = match op {
            BinaryOp::Add => "add",
            BinaryOp::Subtract => "subtract",
            BinaryOp::Multiply => "multiply",
            BinaryOp::Divide => "divide",
            BinaryOp::Modulo => "modulo",
            BinaryOp::Equal => "equal",
            BinaryOp::NotEqual => "not_equal",
            BinaryOp::Less => "less",
            BinaryOp::LessOrEqual => "less_or_equal",
            BinaryOp::Greater => "greater",
            BinaryOp::GreaterOrEqual => "greater_or_equal",
            BinaryOp::In => "contains",
        };
        self.call(function, &[left, right], ty, fail)
    }

    fn apply_integer(&mut self, code: &mut Code, op: BinaryOp, signed: bool, fail: Label) -> Ty {
        let (instruction, arithmetic) = integer(op, signed).expect("asked before");
        if !arithmetic {
            code.plain(instruction);
            return Ty::Bool;
        }
        let pair = Pair {
            left: self.temporary(ValType::I64, "left"),
            right: self.temporary(ValType::I64, "right"),
            result: self.temporary(ValType::I64, "result"),
            signed,
        };
        code.set(pair.right).set(pair.left);
        match op {
            BinaryOp::Divide | BinaryOp::Modulo => pair.divide(code, op, instruction, fail),
            BinaryOp::Multiply => {
                let handle = self.temporary(ValType::I32, "handle");
                pair.multiply(code, handle, fail);
                self.release(handle);
            }
            _ => pair.sum(code, op, instruction, fail),
        }
        for local in [pair.left, pair.right, pair.result] {
            self.release(local);
        }
        if signed { Ty::Int } else { Ty::Uint }
    }
}

/// The operands and result of one integer operation, in WebAssembly locals.
struct Pair {
    left: u32,
    right: u32,
    result: u32,
    signed: bool,
}

impl Pair {
    /// Addition and subtraction: the carry shows in the result.
    fn sum(&self, code: &mut Code, op: BinaryOp, instruction: I<'static>, fail: Label) {
        code.get(self.left).get(self.right).plain(instruction).set(self.result);
        match (self.signed, op) {
            // Both operands' signs differ from the result's.
            (true, BinaryOp::Add) => {
                code.get(self.left).get(self.result).plain(I::I64Xor);
                code.get(self.right).get(self.result).plain(I::I64Xor).plain(I::I64And).i64(0).plain(I::I64LtS);
            }
            // The operands' signs differ, and the result's is not the left one's.
            (true, _) => {
                code.get(self.left).get(self.right).plain(I::I64Xor);
                code.get(self.left).get(self.result).plain(I::I64Xor).plain(I::I64And).i64(0).plain(I::I64LtS);
            }
            (false, BinaryOp::Add) => {
                code.get(self.result).get(self.left).plain(I::I64LtU);
            }
            (false, _) => {
                code.get(self.left).get(self.right).plain(I::I64LtU);
            }
        }
        code.if_else(None, self.slow(op, fail), Code::new()).get(self.result);
    }

    /// Factors of 32 bits cannot overflow; others are left to the runtime, whose answer comes back by its handle.
    fn multiply(&self, code: &mut Code, handle: u32, fail: Label) {
        for (place, factor) in [self.left, self.right].into_iter().enumerate() {
            code.get(factor);
            if self.signed {
                code.i64(1 << 31).plain(I::I64Add);
            }
            if place == 1 {
                code.plain(I::I64Or);
            }
        }
        let mut small = Code::new();
        small.get(self.left).get(self.right).plain(I::I64Mul).set(self.result);
        let mut large = self.boxed(BinaryOp::Multiply);
        let unbox = if self.signed { "unbox_int" } else { "unbox_uint" };
        large.tee(handle).plain(I::I32Eqz).branch_if(fail).get(handle).runtime(unbox).set(self.result);
        code.i64(32).plain(I::I64ShrU).plain(I::I64Eqz).if_else(None, small, large).get(self.result);
    }

    /// Only a divisor of 0 or -1 can fail.
    fn divide(&self, code: &mut Code, op: BinaryOp, instruction: I<'static>, fail: Label) {
        code.get(self.right).plain(I::I64Eqz);
        if self.signed {
            code.get(self.left).i64(i64::MIN).plain(I::I64Eq).get(self.right).i64(-1).plain(I::I64Eq);
            code.plain(I::I32And).plain(I::I32Or);
        }
        code.if_else(None, self.slow(op, fail), Code::new());
        code.get(self.left).get(self.right).plain(instruction);
    }

    /// Where the result does not fit: the runtime's operator says so.
    fn slow(&self, op: BinaryOp, fail: Label) -> Code {
        let mut code = self.boxed(op);
        code.plain(I::Drop).branch(fail);
        code
    }

    fn boxed(&self, op: BinaryOp) -> Code {
        let new = if self.signed { "box_int" } else { "box_uint" };
        let function = match op {
            BinaryOp::Add => "add",
            BinaryOp::Subtract => "subtract",
            BinaryOp::Multiply => "multiply",
            BinaryOp::Divide => "divide",
            _ => "modulo",
        };
        let mut code = Code::new();
        code.get(self.left).runtime(new).get(self.right).runtime(new).runtime(function);
        code
    }
}

/// The instruction, and whether it is arithmetic (a number comes out) or a comparison.
fn integer(op: BinaryOp, signed: bool) -> Option<(I<'static>, bool)> {
    let pick = |s, u| if signed { s } else { u };
    Some(match op {
        BinaryOp::Add => (I::I64Add, true),
        BinaryOp::Subtract => (I::I64Sub, true),
        BinaryOp::Multiply => (I::I64Mul, true),
        BinaryOp::Divide => (pick(I::I64DivS, I::I64DivU), true),
        BinaryOp::Modulo => (pick(I::I64RemS, I::I64RemU), true),
        BinaryOp::Equal => (I::I64Eq, false),
        BinaryOp::NotEqual => (I::I64Ne, false),
        BinaryOp::Less => (pick(I::I64LtS, I::I64LtU), false),
        BinaryOp::LessOrEqual => (pick(I::I64LeS, I::I64LeU), false),
        BinaryOp::Greater => (pick(I::I64GtS, I::I64GtU), false),
        BinaryOp::GreaterOrEqual => (pick(I::I64GeS, I::I64GeU), false),
        BinaryOp::In => return None,
    })
}

fn double(op: BinaryOp) -> Option<(I<'static>, Ty)> {
    Some(match op {
        BinaryOp::Add => (I::F64Add, Ty::Double),
        BinaryOp::Subtract => (I::F64Sub, Ty::Double),
        BinaryOp::Multiply => (I::F64Mul, Ty::Double),
        BinaryOp::Divide => (I::F64Div, Ty::Double),
        BinaryOp::Equal => (I::F64Eq, Ty::Bool),
        BinaryOp::NotEqual => (I::F64Ne, Ty::Bool),
        BinaryOp::Less => (I::F64Lt, Ty::Bool),
        BinaryOp::LessOrEqual => (I::F64Le, Ty::Bool),
        BinaryOp::Greater => (I::F64Gt, Ty::Bool),
        BinaryOp::GreaterOrEqual => (I::F64Ge, Ty::Bool),
        BinaryOp::Modulo | BinaryOp::In => return None,
    })
}

fn boolean(op: BinaryOp) -> Option<I<'static>> {
    Some(match op {
        BinaryOp::Equal => I::I32Eq,
        BinaryOp::NotEqual => I::I32Ne,
        BinaryOp::Less => I::I32LtU,
        BinaryOp::LessOrEqual => I::I32LeU,
        BinaryOp::Greater => I::I32GtU,
        BinaryOp::GreaterOrEqual => I::I32GeU,
        _ => return None,
    })
}

fn apply_double(code: &mut Code, op: BinaryOp) -> Ty {
    let (instruction, ty) = double(op).expect("asked before");
    code.plain(instruction);
    ty
}

fn apply_bool(code: &mut Code, op: BinaryOp) -> Ty {
    code.plain(boolean(op).expect("asked before"));
    Ty::Bool
}
