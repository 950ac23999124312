//! Operators on two operands: instructions where both static types are numbers of one kind, runtime calls elsewhere.
//!
//! Overflow is checked inline. The rare failing case boxes the operands and calls the runtime's operator, so that code and
//! message of the error have one home.

use super::Generator;
use super::boxing::Repr;
use super::code::{Code, Label};
use crate::Ty;
use crate::ir::{BinaryOp, Kind, Node};
use loomwork_value::Value;
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
            return self.call(function(op), &[left, right], ty, fail);
        }
        let mut code = Code::new();
        let result = match (both.0, integer(op, both.0 == Repr::Int)) {
            (Repr::Int | Repr::Uint, Some((instruction, true))) => {
                self.arithmetic(&mut code, op, [left, right], instruction, fail)
            }
            (repr, comparison) => {
                code.append(self.value(left, fail)).append(self.value(right, fail));
                match (repr, comparison) {
                    (Repr::Double, _) => apply_double(&mut code, op),
                    (_, Some((instruction, _))) if repr != Repr::Bool => {
                        code.plain(instruction);
                        Ty::Bool
                    }
                    _ => apply_bool(&mut code, op),
                }
            }
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

    /// Integer arithmetic, whose operands are looked at more than once.
    fn arithmetic(&mut self, code: &mut Code, op: BinaryOp, operands: [&Node; 2], instruction: I<'static>, fail: Label) -> Ty {
        let signed = Repr::of(&operands[0].ty) == Repr::Int;
        let [left, right] = self.operands(code, operands, fail);
        let pair = Pair { left, right, result: self.temporary(ValType::I64, "result"), signed };
        match op {
            BinaryOp::Divide | BinaryOp::Modulo => pair.divide(code, op, instruction, fail),
            BinaryOp::Multiply => {
                let handle = self.temporary(ValType::I32, "handle");
                pair.multiply(code, handle, fail);
                self.release(handle);
            }
            _ => pair.sum(code, op, instruction, fail),
        }
        self.release(pair.result);
        if signed { Ty::Int } else { Ty::Uint }
    }

    /// Evaluates what must be, into locals that are free again for the result's user.
    fn operands(&mut self, code: &mut Code, nodes: [&Node; 2], fail: Label) -> [Operand; 2] {
        let simple = nodes.map(|node| self.simple(node));
        for (node, simple) in nodes.iter().zip(&simple) {
            if simple.is_none() {
                code.append(self.value(node, fail));
            }
        }
        let [left, right] = simple;
        // The right operand lies on top.
        let right = right.unwrap_or_else(|| self.stored(code, "right"));
        let left = left.unwrap_or_else(|| self.stored(code, "left"));
        [left, right]
    }

    /// Takes a number from the stack into a local that is free again at once: only its user's code follows.
    fn stored(&mut self, code: &mut Code, name: &'static str) -> Operand {
        let place = self.temporary(ValType::I64, name);
        code.set(place);
        self.release(place);
        Operand::Local(place)
    }

    /// An operand that needs no code of its own.
    fn simple(&self, node: &Node) -> Option<Operand> {
        match &node.kind {
            Kind::Const(Value::Int(value)) => Some(Operand::Constant(*value)),
            Kind::Const(Value::Uint(value)) => Some(Operand::Constant(*value as i64)),
            Kind::Local(variable) => {
                let bound = self.variables[*variable as usize].as_ref()?;
                (Repr::of(&bound.ty) == Repr::of(&node.ty)).then_some(Operand::Local(bound.local))
            }
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Operand {
    Constant(i64),
    Local(u32),
}

/// One integer operation.
struct Pair {
    left: Operand,
    right: Operand,
    /// A WebAssembly local.
    result: u32,
    signed: bool,
}

impl Operand {
    fn push(self, code: &mut Code) -> &mut Code {
        match self {
            Operand::Constant(value) => code.i64(value),
            Operand::Local(local) => code.get(local),
        }
    }
}

impl Pair {
    /// Addition and subtraction: the carry shows in the result.
    fn sum(&self, code: &mut Code, op: BinaryOp, instruction: I<'static>, fail: Label) {
        self.both(code).plain(instruction).set(self.result);
        match (self.signed, op) {
            // Both operands' signs differ from the result's.
            (true, BinaryOp::Add) => {
                self.left.push(code).get(self.result).plain(I::I64Xor);
                self.right.push(code).get(self.result).plain(I::I64Xor).plain(I::I64And).i64(0).plain(I::I64LtS);
            }
            // The operands' signs differ, and the result's is not the left one's.
            (true, _) => {
                self.both(code).plain(I::I64Xor);
                self.left.push(code).get(self.result).plain(I::I64Xor).plain(I::I64And).i64(0).plain(I::I64LtS);
            }
            (false, BinaryOp::Add) => {
                self.left.push(code.get(self.result)).plain(I::I64LtU);
            }
            (false, _) => {
                self.both(code).plain(I::I64LtU);
            }
        }
        code.if_else(None, self.slow(op, fail), Code::new()).get(self.result);
    }

    /// Factors of 32 bits cannot overflow; others are left to the runtime, whose answer comes back by its handle.
    fn multiply(&self, code: &mut Code, handle: u32, fail: Label) {
        for factor in [self.left, self.right] {
            factor.push(code);
            if self.signed {
                code.i64(1 << 31).plain(I::I64Add);
            }
        }
        code.plain(I::I64Or);
        let mut small = Code::new();
        self.both(&mut small).plain(I::I64Mul).set(self.result);
        let mut large = self.boxed(BinaryOp::Multiply);
        let unbox = if self.signed { "unbox_int" } else { "unbox_uint" };
        large.tee(handle).plain(I::I32Eqz).branch_if(fail).get(handle).runtime(unbox).set(self.result);
        code.i64(32).plain(I::I64ShrU).plain(I::I64Eqz).if_else(None, small, large).get(self.result);
    }

    /// Only a divisor of 0 or -1 can fail.
    fn divide(&self, code: &mut Code, op: BinaryOp, instruction: I<'static>, fail: Label) {
        let harmless = matches!(self.right, Operand::Constant(divisor) if divisor != 0 && divisor != -1);
        if !harmless {
            self.right.push(code).plain(I::I64Eqz);
            if self.signed {
                self.left.push(code).i64(i64::MIN).plain(I::I64Eq);
                self.right.push(code).i64(-1).plain(I::I64Eq).plain(I::I32And).plain(I::I32Or);
            }
            code.if_else(None, self.slow(op, fail), Code::new());
        }
        self.both(code).plain(instruction);
    }

    /// Where the result does not fit: the runtime's operator says so.
    fn slow(&self, op: BinaryOp, fail: Label) -> Code {
        let mut code = self.boxed(op);
        code.plain(I::Drop).branch(fail);
        code
    }

    fn boxed(&self, op: BinaryOp) -> Code {
        let new = if self.signed { "box_int" } else { "box_uint" };
        let mut code = Code::new();
        self.left.push(&mut code).runtime(new);
        self.right.push(&mut code).runtime(new).runtime(function(op));
        code
    }

    fn both<'a>(&self, code: &'a mut Code) -> &'a mut Code {
        self.right.push(self.left.push(code))
    }
}

/// The runtime's operator.
fn function(op: BinaryOp) -> &'static str {
    match op {
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
