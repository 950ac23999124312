//! The macros: calls whose arguments are not all evaluated, and become loops and bindings.

use super::{Checker, library};
use crate::Ty;
use crate::ast::{Call, Expr, ExprKind};
use crate::ir::{Kind, Loop, LoopKind, Node};
use loomwork_diagnostic::{Diagnostic, Span};
use std::sync::Arc;

/// What looks like a function and is none of the library's.
pub(super) const NAMES: [&str; 16] = [
    "has",
    "all",
    "exists",
    "exists_one",
    "existsOne",
    "map",
    "filter",
    "transformList",
    "transformMap",
    "transformMapEntry",
    "sortBy",
    "optMap",
    "optFlatMap",
    "or",
    "orValue",
    "cel.bind",
];

/// What a macro's arguments are.
struct Form<'c> {
    what: LoopKind,
    first: &'c Expr,
    second: Option<&'c Expr>,
    filter: Option<&'c Expr>,
    body: &'c Expr,
}

impl Checker<'_> {
    /// The call as a macro, if it is one.
    pub(super) fn macro_call(&mut self, call: &Call, span: Span) -> Option<Node> {
        let Some(receiver) = &call.receiver else {
            return match (&*call.function, &call.args[..]) {
                ("has", [field]) => Some(self.has(field, span)),
                _ => None,
            };
        };
        match (&*call.function, &call.args[..]) {
            ("orValue", [other]) => Some(self.or_value(receiver, other, span)),
            ("or", [other]) => Some(self.or_optional(receiver, other, span)),
            ("optMap", [name, body]) => Some(self.opt_bind(receiver, name, body, Wrap::Yes, span)),
            ("optFlatMap", [name, body]) => Some(self.opt_bind(receiver, name, body, Wrap::No, span)),
            ("sortBy", [name, key]) => Some(self.sort_by(receiver, name, key, span)),
            ("bind", [name, value, body]) if is_cel(receiver) => Some(self.bind(name, value, body, span)),
            (name, args) => form(name, args).map(|form| self.repeat(receiver, &form, span)),
        }
    }

    /// The name that a macro binds.
    fn bound(&mut self, expr: &Expr) -> Result<Arc<str>, Node> {
        match &expr.kind {
            ExprKind::Name { name, rooted: false } => Ok(name.clone()),
            _ => {
                let error = Diagnostic::error("expr.macro", expr.span, "here must be a name for each element");
                Err(self.mistake(error.hint("Write for example list.all(x, x > 0).")))
            }
        }
    }

    fn repeat(&mut self, range: &Expr, form: &Form<'_>, span: Span) -> Node {
        let range = self.expr(range);
        let Some((key, value)) = self.range_types(&range.ty) else {
            if matches!(range.ty, Ty::Nullable(_)) {
                return self.maybe_null(&range);
            }
            let error = Diagnostic::error("expr.no_overload", range.span, format!("there is nothing to go over in {}", range.ty));
            return self.problem(error.hint("It must be a list or a map."));
        };
        let single = if matches!(range.ty, Ty::List(_)) { value.clone() } else { key.clone() };
        let first = match self.bound(form.first) {
            Ok(name) => self.enter(&name, if form.second.is_some() { key.clone() } else { single.clone() }),
            Err(node) => return node,
        };
        let second = match form.second.map(|second| self.bound(second)).transpose() {
            Ok(name) => name.map(|name| self.enter(&name, value)),
            Err(node) => {
                self.leave();
                return node;
            }
        };
        let filter = form.filter.map(|filter| self.condition(filter));
        let body = self.body(form, filter.as_ref());
        second.iter().for_each(|_| self.leave());
        self.leave();
        let ty = result_ty(form.what, &body.ty, key, single);
        let each = Loop { what: form.what, range, first, second, filter, body, cost: 0 };
        Node { kind: Kind::Loop(Box::new(each)), ty, span }
    }

    /// A predicate or what each element becomes; the filter is known to hold.
    fn body(&mut self, form: &Form<'_>, filter: Option<&Node>) -> Node {
        let facts = filter.map(|filter| super::facts::facts_of(filter, true)).unwrap_or_default();
        let predicate = matches!(form.what, LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne | LoopKind::Filter);
        self.knowing(facts, |own| if predicate { own.condition(form.body) } else { own.expr(form.body) })
    }

    /// The types of index and element, or of key and value; none of what cannot be gone over.
    fn range_types(&self, ty: &Ty) -> Option<(Ty, Ty)> {
        match ty {
            Ty::List(element) => Some((Ty::Int, (**element).clone())),
            Ty::Map(key, value) => Some(((**key).clone(), (**value).clone())),
            Ty::Record(_) => Some((Ty::String, Ty::Dyn)),
            Ty::Dyn => Some((Ty::Dyn, Ty::Dyn)),
            Ty::Nullable(_) if self.strict() => Some((Ty::Dyn, Ty::Dyn)),
            _ => None,
        }
    }

    fn bind(&mut self, name: &Expr, value: &Expr, body: &Expr, span: Span) -> Node {
        let name = match self.bound(name) {
            Ok(name) => name,
            Err(node) => return node,
        };
        let value = self.expr(value);
        let local = self.enter(&name, value.ty.clone());
        let body = self.expr(body);
        self.leave();
        let ty = body.ty.clone();
        Node { kind: Kind::Bind { local, value: Box::new(value), body: Box::new(body) }, ty, span }
    }

    fn opt_bind(&mut self, operand: &Expr, name: &Expr, body: &Expr, wrap: Wrap, span: Span) -> Node {
        let operand = self.expr(operand);
        let inner = match &operand.ty {
            Ty::Optional(inner) => (**inner).clone(),
            Ty::Dyn => Ty::Dyn,
            ty => {
                let error = Diagnostic::error("expr.no_overload", operand.span, format!("this is not an optional: it is {ty}"));
                return self.problem(error.hint("Read it with `.?`, or wrap it with optional.of(…)."));
            }
        };
        let name = match self.bound(name) {
            Ok(name) => name,
            Err(node) => return node,
        };
        let local = self.enter(&name, inner);
        let body = self.expr(body);
        self.leave();
        let ty = match (wrap, &body.ty) {
            (Wrap::Yes, ty) => Ty::optional(ty.clone()),
            (Wrap::No, ty @ (Ty::Optional(_) | Ty::Dyn)) => ty.clone(),
            (Wrap::No, ty) => return self.no_overload("optFlatMap", &[&ty.clone()], span),
        };
        let kind = Kind::OptBind { local, operand: Box::new(operand), body: Box::new(body), wrap: wrap == Wrap::Yes };
        Node { kind, ty, span }
    }

    /// `list.sortBy(x, key)`: the list in the order of the list of its keys.
    fn sort_by(&mut self, list: &Expr, name: &Expr, key: &Expr, span: Span) -> Node {
        let list = self.expr(list);
        let element = match &list.ty {
            Ty::List(element) => (**element).clone(),
            Ty::Dyn => Ty::Dyn,
            Ty::Nullable(_) if !self.strict() => return self.maybe_null(&list),
            ty => return self.no_overload("sortBy", &[&ty.clone()], span),
        };
        let name = match self.bound(name) {
            Ok(name) => name,
            Err(node) => return node,
        };
        let whole = self.local();
        let held = Node { kind: Kind::Local(whole), ty: list.ty.clone(), span };
        let first = self.enter(&name, element.clone());
        let body = self.expr(key);
        self.leave();
        let keys_ty = Ty::list(body.ty.clone());
        let each = Loop { what: LoopKind::Map, range: held.clone(), first, second: None, filter: None, body, cost: 0 };
        let keys = Node { kind: Kind::Loop(Box::new(each)), ty: keys_ty, span };
        let sorted = library("@sortByKeys", false, vec![held, keys], Ty::list(element), span);
        let ty = sorted.ty.clone();
        Node { kind: Kind::Bind { local: whole, value: Box::new(list), body: Box::new(sorted) }, ty, span }
    }
}

/// Whether a body's value becomes an optional.
#[derive(Clone, Copy, PartialEq)]
enum Wrap {
    Yes,
    No,
}

fn is_cel(receiver: &Expr) -> bool {
    matches!(&receiver.kind, ExprKind::Name { name, .. } if &**name == "cel")
}

/// The comprehension that a call is, by its name and how many arguments it has.
fn form<'c>(name: &str, args: &'c [Expr]) -> Option<Form<'c>> {
    let one = |what| match args {
        [first, body] => Some(Form { what, first, second: None, filter: None, body }),
        [first, second, body] => Some(Form { what, first, second: Some(second), filter: None, body }),
        _ => None,
    };
    let two = |what| match args {
        [first, second, body] => Some(Form { what, first, second: Some(second), filter: None, body }),
        [first, second, filter, body] => Some(Form { what, first, second: Some(second), filter: Some(filter), body }),
        _ => None,
    };
    match name {
        "all" => one(LoopKind::All),
        "exists" => one(LoopKind::Exists),
        "exists_one" | "existsOne" => one(LoopKind::ExistsOne),
        "filter" => one(LoopKind::Filter).filter(|form| form.second.is_none()),
        "map" => match args {
            [first, body] => Some(Form { what: LoopKind::Map, first, second: None, filter: None, body }),
            [first, filter, body] => Some(Form { what: LoopKind::Map, first, second: None, filter: Some(filter), body }),
            _ => None,
        },
        "transformList" => two(LoopKind::Map),
        "transformMap" => two(LoopKind::TransformMap),
        "transformMapEntry" => two(LoopKind::TransformMapEntry),
        _ => None,
    }
}

fn result_ty(what: LoopKind, body: &Ty, key: Ty, element: Ty) -> Ty {
    match what {
        LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Ty::Bool,
        LoopKind::Map => Ty::list(body.clone()),
        LoopKind::Filter => Ty::list(element),
        LoopKind::TransformMap => Ty::map(key, body.clone()),
        LoopKind::TransformMapEntry => match body {
            Ty::Map(..) => body.clone(),
            Ty::Record(_) => Ty::map(Ty::String, Ty::Dyn),
            _ => Ty::map(Ty::Dyn, Ty::Dyn),
        },
    }
}
