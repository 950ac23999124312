//! Calls: macros first, then functions of the library, with a dotted name, as a method, or plain.

use super::operator::adapt;
use super::report::with_hint;
use super::{Checker, Start, chain};
use crate::Ty;
use crate::ast::{Call, Expr};
use crate::ir::{Kind, Node};
use crate::library::{self, Found};
use loomwork_diagnostic::{Diagnostic, Span, nearest};
use loomwork_value::library::{ANY, FUNCTIONS, Row};

/// A function as it is written.
pub(super) struct Callee<'c> {
    pub name: &'c str,
    pub method: bool,
    /// Where its name stands.
    pub span: Span,
}

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Node {
        if let Some(node) = self.macro_call(call, span) {
            return node;
        }
        let dotted = call.receiver.as_ref().and_then(|receiver| self.dotted(receiver, &call.function));
        if let Some(name) = dotted {
            let args = call.args.iter().map(|arg| self.expr(arg)).collect();
            return self.function(&Callee { name: &name, method: false, span: call.function_span }, args, span);
        }
        let args = call.receiver.iter().chain(&call.args).map(|arg| self.expr(arg)).collect();
        let callee = Callee { name: &call.function, method: call.receiver.is_some(), span: call.function_span };
        self.function(&callee, args, span)
    }

    /// `math.abs` as the name of a function, if it is one and `math` is no variable.
    pub(super) fn dotted(&self, receiver: &Expr, function: &str) -> Option<String> {
        let (Start::Name { name, .. }, _, segments) = chain(receiver) else { return None };
        if self.variable(name).is_some() || segments.iter().any(|segment| segment.optional) {
            return None;
        }
        let mut path = name.to_string();
        for segment in segments {
            path = path + "." + segment.field;
        }
        let known = |row: &Row| row.name.strip_prefix(&*path).is_some_and(|rest| rest.starts_with('.'));
        FUNCTIONS.iter().any(known).then(|| path + "." + function)
    }

    /// A function of the library, the receiver among its arguments.
    pub(super) fn function(&mut self, callee: &Callee<'_>, mut args: Vec<Node>, span: Span) -> Node {
        let Some(function) =
            loomwork_value::library::find(callee.name, callee.method, args.len()).filter(|_| visible(callee.name))
        else {
            return self.no_such_function(callee, args.len());
        };
        let name = FUNCTIONS[function as usize].name;
        match self.taken(name, &mut args) {
            Found::Takes(ty) => Node { kind: Kind::Call { function, args }, ty, span },
            Found::Refused => {
                let plain: Vec<Ty> = args.iter().map(|arg| arg.ty.inner().clone()).collect();
                let null = args.iter().find(|arg| matches!(arg.ty, Ty::Nullable(_)));
                if let Some(arg) = null.filter(|_| library::find(name, &plain) != Found::Refused) {
                    return self.maybe_null(&arg.clone());
                }
                let types: Vec<Ty> = args.into_iter().map(|arg| arg.ty).collect();
                self.no_overload(name, &types.iter().collect::<Vec<_>>(), span)
            }
        }
    }

    /// What the function gives for the arguments; literal ints become doubles where only that helps.
    fn taken(&self, name: &str, args: &mut [Node]) -> Found {
        let types = |args: &[Node]| -> Vec<Ty> {
            let known = |ty: &Ty| if self.strict() && matches!(ty, Ty::Nullable(_)) { Ty::Dyn } else { ty.clone() };
            args.iter().map(|arg| known(&arg.ty)).collect()
        };
        let found = library::find(name, &types(args));
        if found != Found::Refused || self.strict() {
            return found;
        }
        let mut adapted = args.to_vec();
        adapted.iter_mut().for_each(|arg| adapt(self.mode, arg, &Ty::Double));
        let found = library::find(name, &types(&adapted));
        if found != Found::Refused {
            args.clone_from_slice(&adapted);
        }
        found
    }

    fn no_such_function(&mut self, callee: &Callee<'_>, count: usize) -> Node {
        let named: Vec<&Row> = FUNCTIONS.iter().filter(|row| row.name == callee.name && visible(row.name)).collect();
        let Some(row) = named.first() else { return self.unknown_function(callee) };
        let name = callee.name;
        if named.iter().all(|row| !row.written(callee.method)) {
            let written = if callee.method { format!("{name}(x)") } else { format!("x.{name}()") };
            let error = Diagnostic::error("expr.unknown_function", callee.span, format!("`{name}` is not called this way"));
            return self.problem(error.hint(format!("Write {written}.")));
        }
        let receiver = usize::from(callee.method);
        let min = named.iter().map(|row| row.min).min().unwrap_or(row.min) - receiver;
        let max = named.iter().map(|row| row.max).max().unwrap_or(row.max);
        let wanted = match max {
            ANY => format!("at least {min}"),
            max if max - receiver == min => min.to_string(),
            max => format!("{min} to {}", max - receiver),
        };
        let message = format!("`{name}` takes {wanted} arguments, and here are {}", count - receiver);
        self.problem(Diagnostic::error("expr.argument_count", callee.span, message))
    }

    fn unknown_function(&mut self, callee: &Callee<'_>) -> Node {
        let own = FUNCTIONS.iter().map(|row| row.name).filter(|name| visible(name));
        let meant = nearest(callee.name, own.chain(super::macros::NAMES));
        let error = Diagnostic::error("expr.unknown_function", callee.span, format!("unknown function `{}`", callee.name));
        self.problem(with_hint(error, meant.map(|meant| format!("Did you mean `{meant}`?"))))
    }
}

/// Names that begin with `@` are the checker's own.
fn visible(name: &str) -> bool {
    !name.starts_with('@')
}
