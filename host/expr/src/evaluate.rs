//! The first back end: walks a checked expression and gives its value.
//!
//! Recursion follows the height of the expression, which the parser bounds; each step's frame is kept small by giving
//! each kind of node a function of its own.

mod build;
mod repeat;

use crate::environment::Roots;
use crate::ir::{BinaryOp, Checked, Kind, Node};
use loomwork_value::{EvalError, Meter, Value, library, ops};

pub(crate) type Outcome = Result<Value, EvalError>;

/// Evaluates an expression. Deterministic; what it may do is bounded by the meter.
pub fn evaluate(checked: &Checked, roots: &dyn Roots, meter: &mut Meter) -> Outcome {
    meter.charge(u64::from(checked.cost))?;
    let mut evaluation = Evaluation { roots, meter, locals: vec![Value::Null; checked.locals as usize] };
    let value = evaluation.value(&checked.root)?;
    // Whoever asked may write it out: a value that shares its parts many times over must not become endless then.
    ops::weigh(&value)?;
    Ok(value)
}

struct Evaluation<'a> {
    roots: &'a dyn Roots,
    meter: &'a mut Meter,
    locals: Vec<Value>,
}

impl Evaluation<'_> {
    fn value(&mut self, node: &Node) -> Outcome {
        match &node.kind {
            Kind::Const(value) => Ok(value.clone()),
            Kind::Local(local) => Ok(self.locals[*local as usize].clone()),
            Kind::Root(root) => self.root(*root),
            Kind::Fail { code, message } => Err(EvalError::new(code, message.clone())),
            Kind::Select { operand, field } => self.applied(operand, |value| ops::select(value, field)),
            Kind::Has { operand, field } => self.applied(operand, |value| ops::has(value, field).map(Value::Bool)),
            Kind::HasRoot(root) => Ok(Value::Bool(self.roots.get(*root).is_some())),
            Kind::OptSelect { operand, field } => self.applied(operand, |value| ops::opt_select(value, field)),
            Kind::OptRoot(root) => Ok(self.roots.get(*root).map_or_else(Value::none, Value::some)),
            Kind::Index { operand, index } => self.index(operand, index),
            Kind::OptIndex { operand, index } => self.opt_index(operand, index),
            Kind::Not(operand) => self.applied(operand, ops::not),
            Kind::Negate(operand) => self.applied(operand, ops::negate),
            Kind::Binary { op, left, right } => self.binary(*op, left, right),
            Kind::And(left, right) => self.junction(left, right, false),
            Kind::Or(left, right) => self.junction(left, right, true),
            Kind::If { condition, then, otherwise } => self.choice(condition, [then, otherwise]),
            Kind::List(elements) => self.list(elements),
            Kind::Map(entries) => self.map(entries),
            Kind::Loop(each) => self.repeat(each),
            Kind::Bind { local, value, body } => self.bind(*local, value, body),
            Kind::OptBind { local, operand, body, wrap } => self.opt_bind(*local, [operand, body], *wrap),
            Kind::Call { function, args } => self.call(*function, args),
            Kind::Coerce(operand) => self.coerce(operand, node),
        }
    }

    fn applied(&mut self, operand: &Node, apply: impl FnOnce(&Value) -> Outcome) -> Outcome {
        let value = self.value(operand)?;
        apply(&value)
    }

    fn root(&self, root: u32) -> Outcome {
        self.roots.get(root).ok_or_else(|| EvalError::new("expr.absent", "this has no value here"))
    }

    fn index(&mut self, operand: &Node, index: &Node) -> Outcome {
        let operand = self.value(operand)?;
        ops::index(&operand, &self.value(index)?)
    }

    fn opt_index(&mut self, operand: &Node, index: &Node) -> Outcome {
        let operand = self.value(operand)?;
        ops::opt_index(&operand, &self.value(index)?)
    }

    fn binary(&mut self, op: BinaryOp, left: &Node, right: &Node) -> Outcome {
        let a = &self.value(left)?;
        let b = &self.value(right)?;
        let meter = &mut *self.meter;
        match op {
            BinaryOp::Add => ops::add(meter, a, b),
            BinaryOp::Subtract => ops::subtract(meter, a, b),
            BinaryOp::Multiply => ops::multiply(meter, a, b),
            BinaryOp::Divide => ops::divide(meter, a, b),
            BinaryOp::Modulo => ops::modulo(meter, a, b),
            BinaryOp::Equal => ops::equal(meter, a, b).map(Value::Bool),
            BinaryOp::NotEqual => ops::not_equal(meter, a, b).map(Value::Bool),
            BinaryOp::Less => ops::less(meter, a, b).map(Value::Bool),
            BinaryOp::LessOrEqual => ops::less_or_equal(meter, a, b).map(Value::Bool),
            BinaryOp::Greater => ops::greater(meter, a, b).map(Value::Bool),
            BinaryOp::GreaterOrEqual => ops::greater_or_equal(meter, a, b).map(Value::Bool),
            BinaryOp::In => ops::contains(meter, a, b).map(Value::Bool),
        }
    }

    /// A bool; anything else is an error.
    fn truth(&mut self, node: &Node) -> Result<bool, EvalError> {
        match self.value(node)? {
            Value::Bool(bool) => Ok(bool),
            other => Err(not_a_bool(&other)),
        }
    }

    /// `&&` and `||`: an answer of either side that decides wins over an error of the other. Limits are not absorbed.
    fn junction(&mut self, left: &Node, right: &Node, decisive: bool) -> Outcome {
        let left = self.truth(left);
        if left == Ok(decisive) || left.as_ref().is_err_and(is_limit) {
            return left.map(Value::Bool);
        }
        let right = self.truth(right);
        match (left, right) {
            (_, Ok(right)) if right == decisive => Ok(Value::Bool(right)),
            (_, Err(error)) if is_limit(&error) => Err(error),
            (Err(error), _) => Err(error),
            (Ok(_), right) => right.map(Value::Bool),
        }
    }

    fn choice(&mut self, condition: &Node, [then, otherwise]: [&Node; 2]) -> Outcome {
        if self.truth(condition)? { self.value(then) } else { self.value(otherwise) }
    }

    fn bind(&mut self, local: u32, value: &Node, body: &Node) -> Outcome {
        self.locals[local as usize] = self.value(value)?;
        self.value(body)
    }

    fn opt_bind(&mut self, local: u32, [operand, body]: [&Node; 2], wrap: bool) -> Outcome {
        let operand = self.value(operand)?;
        let Value::Optional(inner) = operand else {
            return Err(EvalError::no_overload("optMap", &[&operand]));
        };
        let Some(inner) = inner else { return Ok(Value::none()) };
        self.locals[local as usize] = (*inner).clone();
        match self.value(body)? {
            body if wrap => Ok(Value::some(body)),
            body @ Value::Optional(_) => Ok(body),
            other => Err(EvalError::no_overload("optFlatMap", &[&other])),
        }
    }

    fn call(&mut self, function: u32, args: &[Node]) -> Outcome {
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.value(arg)?);
        }
        library::call(self.meter, function, &values)
    }

    fn coerce(&mut self, operand: &Node, node: &Node) -> Outcome {
        let value = self.value(operand)?;
        Ok(if node.ty == crate::Ty::Double { ops::double_from(&value) } else { value })
    }
}

fn not_a_bool(value: &Value) -> EvalError {
    EvalError::new("expr.no_overload", format!("{} is not a bool", value.type_name()))
}

/// Limits end an evaluation: no operator absorbs them.
fn is_limit(error: &EvalError) -> bool {
    error.code.starts_with("limit.")
}
