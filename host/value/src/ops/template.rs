//! What templates add to CEL's operators: numbers of JSON adapt to each other, and every value but null has a text.

use super::{Result, arithmetic, convert};
use crate::{EvalError, Meter, Value, json, text};
use Value::{Double, Int, Uint};

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// Arithmetic on operands known only at run time: JSON has one kind of number, so an integer beside a double becomes
/// a double, and an int beside a uint becomes a uint (if it is not negative).
pub fn adapt(meter: &mut Meter, op: Arithmetic, a: &Value, b: &Value) -> Result {
    let (a, b) = match (a, b) {
        (Double(_), Int(_) | Uint(_)) => (a.clone(), double_from(b)),
        (Int(_) | Uint(_), Double(_)) => (double_from(a), b.clone()),
        (Uint(_), Int(_)) => (a.clone(), convert::to_uint(b)?),
        (Int(_), Uint(_)) => (convert::to_uint(a)?, b.clone()),
        _ => (a.clone(), b.clone()),
    };
    match op {
        Arithmetic::Add => arithmetic::add(meter, &a, &b),
        Arithmetic::Subtract => arithmetic::subtract(meter, &a, &b),
        Arithmetic::Multiply => arithmetic::multiply(meter, &a, &b),
        Arithmetic::Divide => arithmetic::divide(meter, &a, &b),
        Arithmetic::Modulo => arithmetic::modulo(meter, &a, &b),
    }
}

/// The double nearest to an integer; other values as they are.
pub fn double_from(value: &Value) -> Value {
    match value {
        Int(int) => Double(*int as f64),
        Uint(uint) => Double(*uint as f64),
        other => other.clone(),
    }
}

/// Writes what a value is inside text: scalars plainly, lists and maps as JSON. Null has no text.
pub fn display(meter: &mut Meter, value: &Value, out: &mut String) -> std::result::Result<(), EvalError> {
    let before = out.len();
    match value {
        Value::Null => return Err(EvalError::new("expr.null_text", "null has no text")),
        Value::String(text) => {
            meter.text(text.len())?;
            out.push_str(text);
            return Ok(());
        }
        Value::Optional(Some(inner)) => return display_inner(meter, inner, out),
        Value::Optional(None) => return Err(EvalError::new("expr.no_value", "optional.none() has no text")),
        Value::List(_) | Value::Map(_) => return json::write(meter, value, out),
        Value::Double(double) => out.push_str(&text::double(*double)),
        Value::Bytes(_) => return Err(EvalError::no_overload("text", &[value])),
        Value::Type(name) => out.push_str(name),
        other => match convert::to_string(meter, other)? {
            Value::String(made) => out.push_str(&made),
            _ => return Err(EvalError::no_overload("text", &[value])),
        },
    }
    meter.text(out.len() - before)
}

/// An optional in an optional has no text.
fn display_inner(meter: &mut Meter, value: &Value, out: &mut String) -> std::result::Result<(), EvalError> {
    match value {
        Value::Optional(_) => Err(EvalError::no_overload("text", &[value])),
        other => display(meter, other, out),
    }
}
