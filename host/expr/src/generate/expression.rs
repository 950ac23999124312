//! One node of an expression: which code it becomes.

use super::boxing::Repr;
use super::code::{Code, Label};
use super::{Generator, runtime};
use crate::Ty;
use crate::ir::{Kind, Node};
use loomwork_value::Value;
use wasm_encoder::{Ieee64, Instruction};

impl Generator<'_> {
    /// Code that leaves the node's value on the stack, as its static type is held; it goes to `fail` if there is none.
    pub(super) fn value(&mut self, node: &Node, fail: Label) -> Code {
        match &node.kind {
            Kind::Const(value) => self.literal(value, &node.ty, fail),
            Kind::Local(variable) => self.local(*variable, &node.ty, fail),
            Kind::Root(root) => self.root(*root, &node.ty, fail),
            Kind::Fail { code, message } => self.failure(code, message, fail),
            Kind::Select { operand, field } => self.select("select", operand, field, &node.ty, fail),
            Kind::Has { operand, field } => self.select("has", operand, field, &node.ty, fail),
            Kind::HasRoot(root) => self.has_root(*root, &node.ty, fail),
            Kind::OptSelect { operand, field } => self.select("optional_select", operand, field, &node.ty, fail),
            Kind::OptRoot(root) => self.optional_root(*root),
            Kind::Index { operand, index } => self.call("index", &[operand, index], &node.ty, fail),
            Kind::OptIndex { operand, index } => self.call("optional_index", &[operand, index], &node.ty, fail),
            Kind::Not(operand) => self.not(operand, &node.ty, fail),
            Kind::Negate(operand) => self.negate(operand, &node.ty, fail),
            Kind::Binary { op, left, right } => self.binary(*op, left, right, &node.ty, fail),
            Kind::And(left, right) => self.junction(super::logic::Junction::And, [left, right], &node.ty, fail),
            Kind::Or(left, right) => self.junction(super::logic::Junction::Or, [left, right], &node.ty, fail),
            Kind::If { condition, then, otherwise } => self.choice(condition, [then, otherwise], &node.ty, fail),
            Kind::List(elements) => self.list(elements, fail),
            Kind::Map(entries) => self.map(entries, fail),
            Kind::Loop(each) => self.each(each, &node.ty, fail),
            Kind::Bind { local, value, body } => self.binding(*local, value, body, &node.ty, fail),
            Kind::OptBind { local, operand, body, wrap } => self.optional_binding(*local, [operand, body], *wrap, fail),
            Kind::Call { function, args } => self.library(*function, args, &node.ty, fail),
            Kind::Coerce(operand) => self.coerce(operand, &node.ty, fail),
        }
    }

    /// As [`Self::value`], but as a handle.
    pub(super) fn handle(&mut self, node: &Node, fail: Label) -> Code {
        self.value_as(node, &Ty::Dyn, fail)
    }

    /// As [`Self::value`], but as another type is held.
    pub(super) fn value_as(&mut self, node: &Node, ty: &Ty, fail: Label) -> Code {
        let mut code = self.value(node, fail);
        self.convert(&mut code, &node.ty, ty, fail);
        code
    }

    /// Calls a runtime function that takes handles and gives a handle or 0.
    pub(super) fn call(&mut self, function: &'static str, args: &[&Node], ty: &Ty, fail: Label) -> Code {
        let mut code = Code::new();
        for arg in args {
            code.append(self.handle(arg, fail));
        }
        code.runtime(function);
        self.received(&mut code, ty, fail);
        code
    }

    fn literal(&mut self, value: &Value, ty: &Ty, fail: Label) -> Code {
        let mut code = Code::new();
        let own = match value {
            Value::Bool(b) => {
                code.i32((*b).into());
                Ty::Bool
            }
            Value::Int(i) => {
                code.i64(*i);
                Ty::Int
            }
            Value::Uint(u) => {
                code.i64(*u as i64);
                Ty::Uint
            }
            Value::Double(d) => {
                code.plain(Instruction::F64Const(Ieee64::from(*d)));
                Ty::Double
            }
            other => {
                code.i32(self.constant(other));
                Ty::Dyn
            }
        };
        if Repr::of(&own) != Repr::of(ty) && own != Ty::Dyn {
            // A number that is wanted as a handle is a constant like any other.
            code = Code::new();
            code.i32(self.constant(value));
            self.convert(&mut code, &Ty::Dyn, ty, fail);
        }
        code
    }

    fn local(&mut self, variable: u32, ty: &Ty, fail: Label) -> Code {
        let bound = self.variables[variable as usize].clone().expect("the checker binds a local before it is used");
        let mut code = Code::new();
        code.get(bound.local);
        self.convert(&mut code, &bound.ty, ty, fail);
        code
    }

    fn root(&mut self, root: u32, ty: &Ty, fail: Label) -> Code {
        let mut code = Code::new();
        let handle = self.temporary(wasm_encoder::ValType::I32, "handle");
        let mut absent = Code::new();
        absent.runtime("fail_absent").branch(fail);
        code.get(super::FRAME).root(root).tee(handle);
        code.plain(Instruction::I32Eqz).if_else(None, absent, Code::new()).get(handle);
        self.release(handle);
        self.convert(&mut code, &Ty::Dyn, ty, fail);
        code
    }

    fn has_root(&mut self, root: u32, ty: &Ty, fail: Label) -> Code {
        let mut code = Code::new();
        code.get(super::FRAME).root(root).i32(0).plain(Instruction::I32Ne);
        self.convert(&mut code, &Ty::Bool, ty, fail);
        code
    }

    fn failure(&mut self, reason: &'static str, message: &str, fail: Label) -> Code {
        let mut code = Code::new();
        code.i32(self.text(&reason.into())).i32(self.text(&message.into())).runtime("fail").branch(fail);
        code
    }

    fn negate(&mut self, operand: &Node, ty: &Ty, fail: Label) -> Code {
        match (&operand.kind, Repr::of(&operand.ty)) {
            (_, Repr::Double) => {
                let mut code = self.value(operand, fail);
                code.plain(Instruction::F64Neg);
                self.convert(&mut code, &Ty::Double, ty, fail);
                code
            }
            (_, Repr::Int) => self.negate_int(operand, ty, fail),
            _ => self.call("negate", &[operand], ty, fail),
        }
    }

    fn binding(&mut self, local: u32, value: &Node, body: &Node, ty: &Ty, fail: Label) -> Code {
        let mut code = self.value(value, fail);
        let place = self.bind(local, &value.ty, "bound");
        code.set(place).append(self.value_as(body, ty, fail));
        self.unbind(local);
        code
    }

    fn library(&mut self, function: u32, args: &[Node], ty: &Ty, fail: Label) -> Code {
        let (name, as_list) = runtime::library(function, args.len());
        let mut code = if as_list { self.gathered(args, fail) } else { Code::new() };
        if !as_list {
            for arg in args {
                code.append(self.handle(arg, fail));
            }
        }
        code.runtime(name);
        self.received(&mut code, ty, fail);
        code
    }

    fn coerce(&mut self, operand: &Node, ty: &Ty, fail: Label) -> Code {
        let mut code = self.value(operand, fail);
        match (Repr::of(&operand.ty), Repr::of(ty)) {
            (Repr::Int, Repr::Double) => {
                code.plain(Instruction::F64ConvertI64S);
            }
            (Repr::Uint, Repr::Double) => {
                code.plain(Instruction::F64ConvertI64U);
            }
            _ => self.convert(&mut code, &operand.ty, ty, fail),
        }
        code
    }
}
