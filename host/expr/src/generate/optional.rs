//! Optionals: roots that may be absent, and bodies that run only where there is a value.

use super::Generator;
use super::code::{Code, Label};
use crate::Ty;
use crate::ir::Node;
use loomwork_value::Value;
use wasm_encoder::{Instruction as I, ValType};

impl Generator<'_> {
    /// An absent root is none, any other is wrapped.
    pub(super) fn optional_root(&mut self, root: u32) -> Code {
        let handle = self.temporary(ValType::I32, "handle");
        let (mut some, mut none) = (Code::new(), Code::new());
        some.get(handle).runtime("some");
        none.i32(self.constant(&Value::Optional(None)));
        let mut code = Code::new();
        code.get(super::FRAME).root(root).tee(handle).if_else(Some(ValType::I32), some, none);
        self.release(handle);
        code
    }

    /// None stays none; else the body with its local bound, wrapped again if asked.
    pub(super) fn optional_binding(&mut self, local: u32, parts: [&Node; 2], wrap: bool, fail: Label) -> Code {
        let [operand, body] = parts;
        let inner = match &operand.ty {
            Ty::Optional(inner) => (**inner).clone(),
            _ => Ty::Dyn,
        };
        let handle = self.temporary(ValType::I32, "optional");
        let mut code = self.handle(operand, fail);
        code.tee(handle).runtime("is_some");
        let kind = self.temporary(ValType::I32, "presence");
        code.tee(kind).i32(0).plain(I::I32LtS).branch_if(fail).get(kind);
        self.release(kind);

        let mut some = Code::new();
        some.get(handle).runtime("unwrap");
        self.unbox(&mut some, &inner);
        let place = self.bind(local, &inner, "bound");
        some.set(place).append(self.handle(body, fail));
        self.unbind(local);
        if wrap {
            some.runtime("some");
        } else {
            some.runtime("expect_optional");
            self.received_handle(&mut some, fail);
        }
        let mut none = Code::new();
        none.i32(self.constant(&Value::Optional(None)));
        code.if_else(Some(ValType::I32), some, none);
        self.release(handle);
        code
    }
}
