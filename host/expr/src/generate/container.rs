//! Lists and maps: built, and looked into.

use super::Generator;
use super::code::{Code, Label};
use crate::Ty;
use crate::ir::{Element, Entry, Node};
use std::sync::Arc;
use wasm_encoder::{Instruction as I, ValType};

impl Generator<'_> {
    /// Calls a runtime function on a value and the name of a field.
    pub(super) fn select(&mut self, function: &'static str, operand: &Node, field: &Arc<str>, ty: &Ty, fail: Label) -> Code {
        let mut code = self.handle(operand, fail);
        code.i32(self.text(field)).runtime(function);
        self.received(&mut code, ty, fail);
        code
    }

    /// Arguments as one list, which costs nothing.
    pub(super) fn gathered(&mut self, args: &[Node], fail: Label) -> Code {
        let list = self.temporary(ValType::I32, "list");
        let mut code = Code::new();
        code.i32(args.len() as i32).runtime("list_new").set(list);
        for arg in args {
            code.get(list).append(self.handle(arg, fail)).runtime("list_push");
        }
        code.get(list).runtime("list_done");
        self.release(list);
        code
    }

    pub(super) fn list(&mut self, elements: &[Element], fail: Label) -> Code {
        let list = self.temporary(ValType::I32, "list");
        let mut code = Code::new();
        code.i32(elements.len() as i32).runtime("list_new").set(list);
        for element in elements {
            code.get(list).append(self.handle(&element.value, fail));
            if element.optional {
                code.runtime("list_push_optional").plain(I::I32Eqz).branch_if(fail);
            } else {
                code.runtime("list_push");
            }
        }
        code.get(list).runtime("list_done");
        self.received_handle(&mut code, fail);
        self.release(list);
        code
    }

    pub(super) fn map(&mut self, entries: &[Entry], fail: Label) -> Code {
        let map = self.temporary(ValType::I32, "map");
        let mut code = Code::new();
        code.i32(entries.len() as i32).runtime("map_new").set(map);
        for entry in entries {
            code.get(map).append(self.handle(&entry.key, fail)).append(self.handle(&entry.value, fail));
            code.runtime(if entry.optional { "map_put_optional" } else { "map_put" }).plain(I::I32Eqz).branch_if(fail);
        }
        code.get(map).runtime("map_done");
        self.received_handle(&mut code, fail);
        self.release(map);
        code
    }
}
