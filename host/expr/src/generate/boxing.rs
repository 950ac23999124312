//! How a value of a static type is held, and the way from one representation to another.

use super::code::{Code, Label};
use super::{Generator, runtime};
use crate::Ty;
use wasm_encoder::{Instruction, ValType};

/// How generated code holds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repr {
    /// An `i32` that is 0 or 1.
    Bool,
    Int,
    Uint,
    Double,
    /// An `i32` naming a value in the runtime's arena.
    Handle,
}

impl Repr {
    pub fn of(ty: &Ty) -> Self {
        match ty {
            Ty::Bool => Repr::Bool,
            Ty::Int => Repr::Int,
            Ty::Uint => Repr::Uint,
            Ty::Double => Repr::Double,
            _ => Repr::Handle,
        }
    }

    pub fn val_type(self) -> ValType {
        match self {
            Repr::Bool | Repr::Handle => ValType::I32,
            Repr::Int | Repr::Uint => ValType::I64,
            Repr::Double => ValType::F64,
        }
    }

    /// The kind of value a handle must name to be unboxed to this.
    fn kind(self) -> i32 {
        match self {
            Repr::Bool => runtime::kind::BOOL,
            Repr::Int => runtime::kind::INT,
            Repr::Uint => runtime::kind::UINT,
            Repr::Double => runtime::kind::DOUBLE,
            Repr::Handle => unreachable!("a handle is not unboxed to a handle"),
        }
    }
}

impl Generator<'_> {
    /// Appends what turns the value on the stack from one type's representation into another's.
    pub(super) fn convert(&mut self, code: &mut Code, from: &Ty, to: &Ty, fail: Label) {
        match (Repr::of(from), Repr::of(to)) {
            (from, to) if from == to => {}
            (from, Repr::Handle) => box_value(code, from),
            (Repr::Handle, to) => self.unbox_checked(code, to, fail),
            // Two different scalar types never meet: the checker puts a conversion between them.
            (from, to) => {
                box_value(code, from);
                self.unbox_checked(code, to, fail);
            }
        }
    }

    /// Appends what unboxes a handle whose value is known to have the type.
    pub(super) fn unbox(&mut self, code: &mut Code, ty: &Ty) {
        unbox_value(code, Repr::of(ty));
    }

    /// Takes the handle on the stack, which is 0 after a failure, to the representation of `ty`.
    pub(super) fn received(&mut self, code: &mut Code, ty: &Ty, fail: Label) {
        let handle = self.temporary(ValType::I32, "handle");
        code.tee(handle).plain(Instruction::I32Eqz).branch_if(fail).get(handle);
        self.release(handle);
        self.unbox(code, ty);
    }

    /// As [`Self::received`], where a handle is all that is wanted.
    pub(super) fn received_handle(&mut self, code: &mut Code, fail: Label) {
        self.received(code, &Ty::Dyn, fail);
    }

    fn unbox_checked(&mut self, code: &mut Code, to: Repr, fail: Label) {
        let handle = self.temporary(ValType::I32, "handle");
        code.tee(handle).i32(to.kind()).runtime("expect").plain(Instruction::I32Eqz).branch_if(fail).get(handle);
        self.release(handle);
        unbox_value(code, to);
    }
}

/// A value that was unboxed just before needs no new handle.
fn box_value(code: &mut Code, from: Repr) {
    let unboxed = match from {
        Repr::Bool => code.take_back(&[Instruction::I32Const(runtime::TRUE), Instruction::I32Eq]),
        Repr::Int => code.take_back_call("unbox_int"),
        Repr::Uint => code.take_back_call("unbox_uint"),
        Repr::Double => code.take_back_call("unbox_double"),
        Repr::Handle => true,
    };
    if unboxed {
        return;
    }
    match from {
        // `false` and `true` have handles of their own.
        Repr::Bool => code.i32(runtime::FALSE).plain(Instruction::I32Add),
        Repr::Int => code.runtime("box_int"),
        Repr::Uint => code.runtime("box_uint"),
        Repr::Double => code.runtime("box_double"),
        Repr::Handle => code,
    };
}

fn unbox_value(code: &mut Code, to: Repr) {
    match to {
        Repr::Bool => code.i32(runtime::TRUE).plain(Instruction::I32Eq),
        Repr::Int => code.runtime("unbox_int"),
        Repr::Uint => code.runtime("unbox_uint"),
        Repr::Double => code.runtime("unbox_double"),
        Repr::Handle => code,
    };
}
